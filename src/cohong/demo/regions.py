"""Administrative regions of the demo: Guangdong, its 21 cities, some districts, and its two neighbours.

Codes are those of GB/T 2260. Dongguan and Zhongshan have no districts; their towns carry no code there.
"""

from dataclasses import dataclass
from functools import cache
from typing import Literal

from cohong.demo.words import Text

Level = Literal["province", "city", "district"]


@dataclass(frozen=True, slots=True)
class Region:
    """One administrative region; ``parent`` is empty for the provinces and special regions."""

    code: str
    parent: str
    level: Level
    name: Text


_PROVINCES = (
    ("440000", "广东省|廣東省|Guangdong"),
    ("810000", "香港特别行政区|香港特別行政區|Hong Kong"),
    ("820000", "澳门特别行政区|澳門特別行政區|Macao"),
)

_CITIES = (
    ("440100", "广州市|廣州市|Guangzhou"),
    ("440200", "韶关市|韶關市|Shaoguan"),
    ("440300", "深圳市|深圳市|Shenzhen"),
    ("440400", "珠海市|珠海市|Zhuhai"),
    ("440500", "汕头市|汕頭市|Shantou"),
    ("440600", "佛山市|佛山市|Foshan"),
    ("440700", "江门市|江門市|Jiangmen"),
    ("440800", "湛江市|湛江市|Zhanjiang"),
    ("440900", "茂名市|茂名市|Maoming"),
    ("441200", "肇庆市|肇慶市|Zhaoqing"),
    ("441300", "惠州市|惠州市|Huizhou"),
    ("441400", "梅州市|梅州市|Meizhou"),
    ("441500", "汕尾市|汕尾市|Shanwei"),
    ("441600", "河源市|河源市|Heyuan"),
    ("441700", "阳江市|陽江市|Yangjiang"),
    ("441800", "清远市|清遠市|Qingyuan"),
    ("441900", "东莞市|東莞市|Dongguan"),
    ("442000", "中山市|中山市|Zhongshan"),
    ("445100", "潮州市|潮州市|Chaozhou"),
    ("445200", "揭阳市|揭陽市|Jieyang"),
    ("445300", "云浮市|雲浮市|Yunfu"),
)

_DISTRICTS = (
    ("440103", "荔湾区|荔灣區|Liwan"),
    ("440104", "越秀区|越秀區|Yuexiu"),
    ("440105", "海珠区|海珠區|Haizhu"),
    ("440106", "天河区|天河區|Tianhe"),
    ("440111", "白云区|白雲區|Baiyun"),
    ("440112", "黄埔区|黃埔區|Huangpu"),
    ("440113", "番禺区|番禺區|Panyu"),
    ("440114", "花都区|花都區|Huadu"),
    ("440115", "南沙区|南沙區|Nansha"),
    ("440118", "增城区|增城區|Zengcheng"),
    ("440203", "武江区|武江區|Wujiang"),
    ("440205", "曲江区|曲江區|Qujiang"),
    ("440224", "仁化县|仁化縣|Renhua"),
    ("440304", "福田区|福田區|Futian"),
    ("440305", "南山区|南山區|Nanshan"),
    ("440306", "宝安区|寶安區|Bao'an"),
    ("440307", "龙岗区|龍崗區|Longgang"),
    ("440308", "盐田区|鹽田區|Yantian"),
    ("440310", "坪山区|坪山區|Pingshan"),
    ("440402", "香洲区|香洲區|Xiangzhou"),
    ("440403", "斗门区|斗門區|Doumen"),
    ("440507", "龙湖区|龍湖區|Longhu"),
    ("440514", "潮南区|潮南區|Chaonan"),
    ("440515", "澄海区|澄海區|Chenghai"),
    ("440604", "禅城区|禪城區|Chancheng"),
    ("440605", "南海区|南海區|Nanhai"),
    ("440606", "顺德区|順德區|Shunde"),
    ("440607", "三水区|三水區|Sanshui"),
    ("440703", "蓬江区|蓬江區|Pengjiang"),
    ("440705", "新会区|新會區|Xinhui"),
    ("440781", "台山市|台山市|Taishan"),
    ("440802", "赤坎区|赤坎區|Chikan"),
    ("440803", "霞山区|霞山區|Xiashan"),
    ("440902", "茂南区|茂南區|Maonan"),
    ("440981", "高州市|高州市|Gaozhou"),
    ("441202", "端州区|端州區|Duanzhou"),
    ("441203", "鼎湖区|鼎湖區|Dinghu"),
    ("441204", "高要区|高要區|Gaoyao"),
    ("441302", "惠城区|惠城區|Huicheng"),
    ("441303", "惠阳区|惠陽區|Huiyang"),
    ("441322", "博罗县|博羅縣|Boluo"),
    ("441402", "梅江区|梅江區|Meijiang"),
    ("441403", "梅县区|梅縣區|Meixian"),
    ("441502", "城区|城區|Chengqu"),
    ("441521", "海丰县|海豐縣|Haifeng"),
    ("441602", "源城区|源城區|Yuancheng"),
    ("441622", "龙川县|龍川縣|Longchuan"),
    ("441702", "江城区|江城區|Jiangcheng"),
    ("441704", "阳东区|陽東區|Yangdong"),
    ("441802", "清城区|清城區|Qingcheng"),
    ("441881", "英德市|英德市|Yingde"),
    ("445102", "湘桥区|湘橋區|Xiangqiao"),
    ("445103", "潮安区|潮安區|Chao'an"),
    ("445122", "饶平县|饒平縣|Raoping"),
    ("445202", "榕城区|榕城區|Rongcheng"),
    ("445281", "普宁市|普寧市|Puning"),
    ("445302", "云城区|雲城區|Yuncheng"),
    ("445381", "罗定市|羅定市|Luoding"),
)


@cache
def regions() -> tuple[Region, ...]:
    """Every region, parents before children."""
    provinces = [Region(code, "", "province", Text.of(name)) for code, name in _PROVINCES]
    cities = [Region(code, "440000", "city", Text.of(name)) for code, name in _CITIES]
    districts = [Region(code, f"{code[:4]}00", "district", Text.of(name)) for code, name in _DISTRICTS]
    return tuple(provinces + cities + districts)


@cache
def cities() -> tuple[Region, ...]:
    """Guangdong's 21 prefecture-level cities."""
    return tuple(region for region in regions() if region.level == "city")


@cache
def districts_of(city: str) -> tuple[Region, ...]:
    """Give a city's districts, or the city itself where none are listed (Dongguan, Zhongshan)."""
    below = tuple(region for region in regions() if region.parent == city)
    return below or (region(city),)


@cache
def _by_code() -> dict[str, Region]:
    return {region.code: region for region in regions()}


def region(code: str) -> Region:
    """Give the region of a code. Raises ``KeyError`` for one the demo does not have."""
    return _by_code()[code]


def city_of(code: str) -> Region:
    """Give the city that a city's or a district's code lies in."""
    return region(f"{code[:4]}00")


def place_name(code: str) -> str:
    """Give a region as a Chinese address writes it: province, city and district."""
    here, city = region(code), city_of(code)
    province = "" if here.level == "province" else region("440000").name.zh_hans
    below = "" if here is city else here.name.zh_hans
    return f"{province}{city.name.zh_hans}{below}"
