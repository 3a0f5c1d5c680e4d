"""Everyday goods: clothing, furniture and farm produce."""

from cohong.demo.schema import Leaf, choice, count, decimal, flag, industry, words

_SIZES = ("S", "M", "L", "XL")
_DYES = ("月白|月白|Moon white", "藏青|藏青|Navy", "绛红|絳紅|Crimson", "松绿|松綠|Pine green", "杏色|杏色|Apricot")

CLOTHING = industry(
    "clothing",
    "服装|服裝|Clothing",
    340,
    (
        Leaf(
            "dress", "连衣裙|連衣裙|Dresses", "piece", (5900, 42800), (5, 1), 420,
            (
                choice("size", "尺码|尺碼|Size", *_SIZES, sku=True),
                choice("colour", "颜色|顏色|Colour", *_DYES, sku=True),
                choice("fabric", "面料|面料|Fabric", "香云纱|香雲紗|Gambiered silk", "棉麻|棉麻|Cotton and linen", "雪纺|雪紡|Chiffon",
                       "真丝|真絲|Silk"),
                choice("season", "季节|季節|Season", "春夏|春夏|Spring and summer", "秋冬|秋冬|Autumn and winter"),
            ),
            ("fabric",),
            ("收腰连衣裙|fitted waist dress", "新中式连衣裙|new Chinese style dress|fabric=gambiered-silk,silk", "通勤衬衫裙|shirt dress", "茶歇长裙|tea dress", "吊带连衣裙|slip dress"),
            ("一件代发，七天无理由。", "现货现发，支持混批。", "可换标，洗水唛齐全。"),
        ),
        Leaf(
            "shirt", "上衣|上衣|Shirts and tops", "piece", (2900, 19800), (10, 1), 260,
            (
                choice("size", "尺码|尺碼|Size", *_SIZES, sku=True),
                choice("colour", "颜色|顏色|Colour", *_DYES, sku=True),
                choice("fabric", "面料|面料|Fabric", "精梳棉|精梳棉|Combed cotton", "莫代尔|莫代爾|Modal", "速干|速乾|Quick-dry"),
                count("weight", "克重|克重|Fabric weight", "g/m²", 160, 190, 230),
            ),
            ("fabric", "weight"),
            ("圆领短袖|crew-neck T-shirt", "翻领衫|polo shirt", "免烫衬衫|non-iron shirt|fabric=combed-cotton", "运动上衣|sports top|fabric=quick-dry", "工装上衣|work shirt"),
            ("可丝印、刺绣企业标识。", "五十件起订制。", "洗后不起球、不变形。"),
            hue=206,
        ),
        Leaf(
            "trousers", "裤装|褲裝|Trousers", "piece", (4500, 25800), (10, 1), 560,
            (
                choice("size", "腰围|腰圍|Waist", "28", "30", "32", "34", sku=True),
                choice("colour", "颜色|顏色|Colour", "原色丹宁|原色丹寧|Raw denim", "浅蓝|淺藍|Light blue", "黑色|黑色|Black", "卡其|卡其|Khaki", sku=True),
                choice("cut", "版型|版型|Cut", "直筒|直筒|Straight", "修身|修身|Slim", "阔腿|闊腿|Wide"),
                decimal("ounce", "面料重量|面料重量|Denim weight", "oz", "9.5", "11.5", "13.0"),
            ),
            ("cut", "ounce"),
            ("水洗牛仔裤|washed jeans", "弹力牛仔裤|stretch jeans", "工装长裤|cargo trousers", "九分牛仔裤|cropped jeans", "原牛长裤|selvedge trousers"),
            ("新塘牛仔产地直供。", "环保水洗，不掉色。", "支持来样加工。"),
            hue=218,
        ),
        Leaf(
            "jacket", "外套|外套|Outerwear", "piece", (9900, 68000), (5, 1), 980,
            (
                choice("size", "尺码|尺碼|Size", *_SIZES, sku=True),
                choice("colour", "颜色|顏色|Colour", "驼色|駝色|Camel", "黑色|黑色|Black", "军绿|軍綠|Army green", "雾蓝|霧藍|Fog blue", sku=True),
                choice("shell", "面料|面料|Shell", "羊毛混纺|羊毛混紡|Wool blend", "防泼水尼龙|防潑水尼龍|Water-repellent nylon", "棉|棉|Cotton"),
                flag("lined", "有里布|有裡布|Lined"),
            ),
            ("shell",),
            ("短款夹克|short jacket", "通勤风衣|trench coat", "户外冲锋衣|shell jacket|shell=water-repellent-nylon", "双面呢外套|double-faced coat|shell=wool-blend", "棒球外套|varsity jacket"),
            ("版型挺括，走线细密。", "附备用扣与养护卡。", "团购可刺绣徽标。"),
            hue=30,
        ),
        Leaf(
            "shoe", "鞋履|鞋履|Shoes", "pair", (6900, 45800), (6, 1), 840,
            (
                choice("size", "鞋码|鞋碼|Size", "36", "38", "40", "42", sku=True),
                choice("colour", "颜色|顏色|Colour", "白色|白色|White", "黑色|黑色|Black", "豆绿|豆綠|Bean green", sku=True),
                choice("upper", "鞋面|鞋面|Upper", "头层牛皮|頭層牛皮|Full-grain leather", "飞织|飛織|Knit", "帆布|帆布|Canvas"),
                choice("sole", "鞋底|鞋底|Sole", "EVA", "橡胶|橡膠|Rubber"),
            ),
            ("upper",),
            ("休闲运动鞋|casual trainers", "缓震跑鞋|cushioned running shoes|upper=knit", "小白鞋|white trainers|colour=white", "防滑工作鞋|slip-resistant work shoes|upper=full-grain-leather", "轻便健步鞋|light walking shoes|upper=knit"),
            ("十二双一箱，可混码。", "鞋盒独立包装。", "穿着一个月内开胶包换。"),
            hue=164,
        ),
    ),
)

_WOODS = ("白橡木|白橡木|White oak", "黑胡桃|黑胡桃|Walnut", "榉木|櫸木|Beech", "竹|竹|Bamboo")

FURNITURE = industry(
    "furniture",
    "家具|傢俱|Furniture",
    26,
    (
        Leaf(
            "chair", "椅凳|椅凳|Chairs", "piece", (16800, 158000), (4, 1), 7200,
            (
                choice("wood", "材质|材質|Material", *_WOODS),
                choice("seat", "座面|座面|Seat", "米白布艺|米白布藝|Off-white fabric", "墨绿皮革|墨綠皮革|Dark green leather", "藤编|藤編|Cane", sku=True),
                count("height", "座高|座高|Seat height", "mm", 430, 450, 460),
                count("load", "承重|承重|Load", "kg", 120, 150),
            ),
            ("wood",),
            ("圈背餐椅|round-back dining chair", "北欧餐椅|Nordic dining chair", "明式扶手椅|Ming-style armchair|wood=walnut,white-oak", "书房椅|study chair", "咖啡馆椅|café chair"),
            ("榫卯结构，不用一颗钉。", "两张起批，颜色可混。", "免漆或木蜡油可选。"),
        ),
        Leaf(
            "sofa", "沙发|沙發|Sofas", "piece", (89900, 988000), (1, 1), 58000,
            (
                choice("cover", "面料|面料|Cover", "棉麻|棉麻|Cotton and linen", "头层皮|頭層皮|Full-grain leather", "科技布|科技布|Technical fabric"),
                choice("seats", "座位|座位|Seats", "双人|雙人|Two-seat", "三人|三人|Three-seat", "转角|轉角|Corner", sku=True),
                choice("colour", "颜色|顏色|Colour", "燕麦|燕麥|Oat", "雾蓝|霧藍|Fog blue", "陶土|陶土|Terracotta", sku=True),
                choice("fill", "填充|填充|Filling", "高回弹海绵|高回彈海綿|High-resilience foam", "羽绒|羽絨|Down"),
            ),
            ("cover",),
            ("客厅沙发|living-room sofa", "云朵沙发|cloud sofa", "模块沙发|modular sofa", "酒店大堂沙发|lobby sofa", "小户型沙发|small-flat sofa"),
            ("可拆洗外套。", "送货到户并组装。", "出口级海绵，五年不塌。"),
            hue=204,
        ),
        Leaf(
            "table", "桌台|桌檯|Tables", "piece", (39900, 598000), (1, 1), 42000,
            (
                choice("wood", "材质|材質|Material", *_WOODS),
                choice("size", "尺寸|尺寸|Size", "1200×700 mm", "1400×800 mm", "1800×900 mm", sku=True),
                choice("shape", "台面|檯面|Top", "长方|長方|Rectangular", "圆形|圓形|Round"),
                choice("use", "用途|用途|Use", "餐桌|餐桌|Dining", "书桌|書桌|Desk", "会议|會議|Meeting"),
            ),
            ("wood", "use"),
            ("原木长桌|solid wood table", "岩板桌|stone-top table", "可伸缩桌|extending table", "新中式桌|new Chinese table", "极简桌|minimal table"),
            ("台面可定制尺寸。", "四边倒圆，儿童安全。", "平板包装，附工具。"),
            hue=32,
        ),
        Leaf(
            "wardrobe", "柜架|櫃架|Cabinets", "piece", (69900, 688000), (1, 1), 88000,
            (
                choice("board", "板材|板材|Board", "多层实木|多層實木|Plywood", "颗粒板|顆粒板|Particleboard", "实木|實木|Solid wood"),
                choice("width", "宽度|寬度|Width", "1200 mm", "1600 mm", "2000 mm", sku=True),
                choice("grade", "环保等级|環保等級|Emission grade", "E0", "ENF"),
                choice("finish", "饰面|飾面|Finish", "暖白|暖白|Warm white", "胡桃|胡桃|Walnut", "灰橡|灰橡|Grey oak", sku=True),
            ),
            ("board", "grade"),
            ("推拉门衣柜|sliding-door wardrobe", "平开门衣柜|hinged wardrobe", "玄关柜|hall cabinet", "书柜|bookcase", "餐边柜|sideboard"),
            ("免费上门量尺、出图。", "五金缓冲，十万次测试。", "二十天交付安装。"),
            hue=18,
        ),
        Leaf(
            "lamp", "灯饰|燈飾|Lighting", "piece", (8800, 168000), (2, 1), 3100,
            (
                choice("type", "类型|類型|Type", "吊灯|吊燈|Pendant", "落地灯|落地燈|Floor", "台灯|檯燈|Table"),
                choice("colour", "颜色|顏色|Colour", "宣纸白|宣紙白|Paper white", "黄铜|黃銅|Brass", "青瓷|青瓷|Celadon", sku=True),
                count("temperature", "色温|色溫|Colour temperature", "K", 3000, 4000),
                count("power", "功率|功率|Power", "W", 9, 18, 36),
            ),
            ("type", "power"),
            ("宣纸灯|paper lamp", "全光谱灯|full-spectrum lamp", "陶瓷灯|ceramic lamp", "酒店客房灯|hotel room lamp", "智能调光灯|smart dimming lamp"),
            ("古镇灯饰产地发货。", "通过能效与安规认证。", "三年质保，配件终身供应。"),
            hue=44,
        ),
    ),
)

FARM_PRODUCE = industry(
    "farm-produce",
    "农产品|農產品|Farm produce",
    110,
    (
        Leaf(
            "fruit", "水果|水果|Fruit", "box", (3900, 26800), (5, 1), 5200,
            (
                choice("variety", "品种|品種|Variety", "荔枝|荔枝|Lychee", "龙眼|龍眼|Longan", "贡柑|貢柑|Gonggan tangerine", "木瓜|木瓜|Papaya", "沙糖桔|沙糖桔|Shatang tangerine"),
                choice("pack", "规格|規格|Pack", "2.5 kg", "5 kg", sku=True),
                choice("grade", "等级|等級|Grade", "精选|精選|Selected", "特级|特級|Extra"),
                choice("cold", "运输|運輸|Transport", "冷链|冷鏈|Cold chain", "常温|常溫|Ambient"),
            ),
            ("variety", "grade"),
            ("果园直发鲜果|orchard-direct fruit", "地理标志鲜果|protected-origin fruit", "礼盒鲜果|gift-box fruit", "当季鲜果|seasonal fruit", "合作社鲜果|cooperative fruit"),
            ("清晨采摘，当日预冷发出。", "坏果凭照片包赔。", "泡沫箱加冰，四十八小时送达。"),
            hue=2,
        ),
        Leaf(
            "tea", "茶叶|茶葉|Tea", "tin", (6800, 128000), (2, 1), 620,
            (
                choice("kind", "茶类|茶類|Tea", "凤凰单丛|鳳凰單叢|Fenghuang Dancong", "英德红茶|英德紅茶|Yingde black", "新会柑普|新會柑普|Xinhui citrus pu'er", "客家绿茶|客家綠茶|Hakka green"),
                choice("weight", "净重|淨重|Net weight", "125 g", "250 g", "500 g", sku=True),
                choice("grade", "等级|等級|Grade", "一级|一級|First", "特级|特級|Extra"),
                count("year", "采摘年份|採摘年份|Picked", "", 2023, 2024, 2025),
            ),
            ("kind", "grade"),
            ("高山茶|high-mountain tea", "老丛茶|old-bush tea|kind=fenghuang-dancong", "口粮茶|daily tea", "礼盒茶|gift tea", "合作社手作茶|cooperative handmade tea"),
            ("香气清雅，耐泡十余道。", "附茶园批次与检测报告。", "铁罐避光，充氮保鲜。"),
            hue=98,
        ),
        Leaf(
            "vegetable", "蔬菜|蔬菜|Vegetables", "kg", (380, 2280), (50, 5), 1000,
            (
                choice("kind", "品种|品種|Kind", "菜心|菜心|Choy sum", "芥蓝|芥藍|Chinese kale", "番茄|番茄|Tomato", "苦瓜|苦瓜|Bitter melon", sku=True),
                choice("grade", "等级|等級|Grade", "净菜|淨菜|Trimmed", "统货|統貨|Ungraded"),
                flag("organic", "有机|有機|Organic"),
                words("base", "基地|基地|Base", "惠州博罗", "清远连州", "肇庆四会"),
            ),
            ("grade",),
            ("供港蔬菜|Hong Kong supply vegetables", "食堂配送蔬菜|canteen vegetables", "高山冷凉蔬菜|highland vegetables", "水培蔬菜|hydroponic vegetables", "农家蔬菜|farmhouse vegetables"),
            ("凌晨采收，六点前到档。", "农残快检每批随货。", "按周定价，按日下单。"),
            hue=128,
        ),
        Leaf(
            "fish", "水产|水產|Seafood", "kg", (2800, 18800), (10, 1), 1000,
            (
                choice("kind", "品种|品種|Kind", "脆肉鲩|脆肉鯇|Crisp grass carp", "海鲈|海鱸|Sea bass", "罗非鱼|羅非魚|Tilapia", "金鲳|金鯧|Pompano"),
                choice("form", "形态|形態|Form", "鲜活|鮮活|Live", "冰鲜|冰鮮|Chilled", "单冻|單凍|Frozen", sku=True),
                choice("size", "规格|規格|Size", "400-500 g", "600-800 g", "1 kg +", sku=True),
                words("base", "产地|產地|Origin", "中山小榄", "珠海斗门", "湛江", "阳江"),
            ),
            ("kind",),
            ("塘头水产|pond-side seafood|kind=crisp-grass-carp;form=live,chilled;base=中山小榄", "深海网箱水产|sea-cage seafood|kind=sea-bass,pompano;base=湛江,阳江", "餐饮规格水产|catering seafood", "免浆水产|ready-to-cook seafood|form=frozen", "冷链水产|cold-chain seafood|form=chilled,frozen"),
            ("水质按月检测。", "充氧活运或碎冰冷运。", "可开膛去鳞，真空分装。"),
            hue=202,
        ),
        Leaf(
            "egg", "禽蛋|禽蛋|Poultry and eggs", "tray", (2600, 8800), (10, 1), 1950,
            (
                choice("kind", "品类|品類|Kind", "清远鸡蛋|清遠雞蛋|Qingyuan hen's eggs", "鸭蛋|鴨蛋|Duck eggs", "鹌鹑蛋|鵪鶉蛋|Quail eggs"),
                choice("pack", "规格|規格|Pack", "30 枚|30 枚|30 eggs", "60 枚|60 枚|60 eggs", sku=True),
                flag("free-range", "散养|散養|Free range"),
                count("life", "保质期|保質期|Shelf life", "天|天|days", 30, 45),
            ),
            ("kind",),
            ("林下散养蛋|woodland free-range eggs", "谷饲鲜蛋|grain-fed eggs", "可生食级蛋|pasteurised eggs", "食堂专供蛋|canteen eggs", "农家土蛋|farmhouse eggs"),
            ("产蛋两日内发货。", "珍珠棉蛋托，破一赔二。", "无抗养殖，附检测报告。"),
            hue=24,
        ),
    ),
)

INDUSTRIES = (CLOTHING, FURNITURE, FARM_PRODUCE)
