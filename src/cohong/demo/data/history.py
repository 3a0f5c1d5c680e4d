"""Who the generated history is about: cities and industries with their weights, platforms and firms that nobody runs."""

from collections.abc import Iterator
from typing import Final

#: City, its weight in the region's trade.
CITIES: Final[tuple[tuple[str, int], ...]] = (
    *(("440100", 268), ("440300", 292), ("440600", 92), ("441900", 96), ("441300", 38), ("442000", 34)),
    *(("440400", 32), ("440700", 24), ("440500", 26), ("445200", 20), ("440800", 14), ("445100", 12)),
    *(("440900", 12), ("441200", 11), ("441800", 9), ("440200", 7), ("441400", 7), ("441500", 6)),
    *(("441700", 6), ("441600", 5), ("445300", 4)),
)
#: Industry, its weight, how much of it is sold to persons (per cent).
INDUSTRIES: Final[tuple[tuple[str, int, int], ...]] = (
    *(("electronics", 19, 46), ("clothing", 16, 62), ("appliances", 13, 48), ("steel", 9, 0)),
    *(("petrochemicals", 8, 0), ("plastics", 8, 2), ("furniture", 7, 44), ("cars", 6, 21)),
    *(("ceramics", 5, 22), ("farm-produce", 4, 55), ("grain", 4, 18), ("tourism", 3, 88)),
    *(("logistics", 3, 9), ("culture", 2, 70), ("education", 2, 82), ("health", 2, 76)),
)
#: What each city is known for: industries of the sellers there.
HOMES: Final[dict[str, tuple[str, ...]]] = {
    "440100": ("clothing", "cars", "tourism", "culture", "health", "electronics"),
    "440300": ("electronics", "logistics", "education", "culture", "clothing"),
    "440600": ("appliances", "ceramics", "furniture", "steel"),
    "441900": ("electronics", "clothing", "furniture"),
    "441300": ("electronics", "petrochemicals"),
    "442000": ("appliances", "furniture"),
    "440400": ("appliances", "tourism"),
    "440700": ("plastics", "steel"),
    "440500": ("plastics", "clothing"),
    "445200": ("clothing", "plastics"),
    "440800": ("farm-produce", "petrochemicals"),
    "445100": ("ceramics",),
    "440900": ("petrochemicals", "farm-produce"),
    "441200": ("steel",),
    "441800": ("farm-produce",),
    "440200": ("grain",),
    "441400": ("farm-produce",),
    "441500": ("clothing",),
    "441700": ("grain",),
    "441600": ("farm-produce",),
    "445300": ("grain",),
}
#: How places differ from the common weights, in per cent, used in turn.
SPREAD: Final = (0, 14, -9, 22, -16, 5, 31, -21, 9, -4, 17, -12, 3)
#: Platforms, the largest first, and where their operator sits.
PLATFORMS: Final[tuple[tuple[str, str], ...]] = (
    *(("粤采通", "440100"), ("鹏城优品", "440300"), ("南方钢联", "440600"), ("岭南商城", "440100")),
    *(("华强电子汇", "440300"), ("珠江塑料在线", "440100"), ("莞货优选", "441900"), ("顺家电网", "440600")),
    *(("羊城时尚汇", "440100"), ("湾区跨境港", "440300"), ("广化在线", "440100"), ("深智造", "440300")),
    *(("禅城陶瓷网", "440600"), ("虎门衣柜", "441900"), ("前海供应链", "440300"), ("白云美妆城", "440100")),
    *(
        ("乐从家居网", "440600"),
        ("中山灯都汇", "442000"),
        ("香洲生活圈", "440400"),
        ("大亚湾化工网", "441300"),
    ),
    *(("汕头玩具港", "440500"), ("普宁衣市", "445200"), ("粤农集", "440800"), ("粮信通", "440200")),
    *(("侨乡五金网", "440700"), ("茂石化商城", "440900"), ("潮瓷汇", "445100"), ("云石易购", "445300")),
)
SERVICE_FIRMS: Final[dict[str, tuple[tuple[str, str], ...]]] = {
    "carrier": (
        *(("穗达速运（演示）", "440100"), ("鹏飞快递（演示）", "440300"), ("佛山通达货运（演示）", "440600")),
        *(("莞城仓配（演示）", "441900"), ("粤东联运（演示）", "440500"), ("珠海湾区物流（演示）", "440400")),
        *(("惠州城配（演示）", "441300"), ("粤西冷链（演示）", "440800")),
    ),
    "payment": (
        *(("羊城付（演示）", "440100"), ("鹏付通（演示）", "440300"), ("珠江清算（演示）", "440100")),
        *(("湾区支付（演示）", "440400"), ("前海收单（演示）", "440300")),
    ),
    "credit": (
        *(
            ("粤信评估（演示）", "440100"),
            ("深圳信用坊（演示）", "440300"),
            ("佛山征信服务（演示）", "440600"),
        ),
        ("莞信咨询（演示）", "441900"),
    ),
    "certification": (
        *(
            ("南粤电子认证（演示）", "440100"),
            ("鹏城数字证书（演示）", "440300"),
            ("湾区信任服务（演示）", "440400"),
        ),
        ("禅城认证中心（演示）", "440600"),
    ),
}
_WORDS: Final = (
    *("恒晟", "启元", "广盈", "德润", "华茂", "鑫河", "瑞川", "博远", "嘉禾", "明灏", "盛源", "凯越"),
    *("天佑", "泰隆", "和顺", "立诚", "金桥", "海岳", "万象", "星澜", "宏图", "裕丰", "新衡", "骏业"),
    *("福临", "安捷", "信达", "百川", "长青", "东篱", "南屏", "西樵", "北江", "中孚", "正和", "永兴"),
    *("隆基", "锦程", "翰林", "润泽", "卓尔", "晨曦", "景行", "思源", "弘毅", "至善", "云帆", "沧海"),
)
_TRADES: Final = ("实业", "科技", "贸易", "制造", "商贸")


def enterprise_names(count: int) -> Iterator[tuple[str, str]]:
    """Give names of enterprises, each with its city; most are where most trade is."""
    for place in range(count):
        city = CITIES[place % (6 if place % 3 else len(CITIES))][0]
        yield f"{_WORDS[place % len(_WORDS)]}{_TRADES[place % len(_TRADES)]}（演示）", city
