"""Services: culture, tourism, logistics, education and health."""

from cohong.demo.schema import Leaf, choice, count, flag, industry, words

CULTURE = industry(
    "culture",
    "文化|文化|Culture",
    8,
    (
        Leaf(
            "book", "图书|圖書|Books", "copy", (2800, 19800), (1, 1), 560,
            (
                choice("format", "形式|形式|Format", "平装|平裝|Paperback", "精装|精裝|Hardback", "电子书|電子書|E-book", sku=True),
                choice("language", "语种|語種|Language", "简体中文|簡體中文|Simplified Chinese", "繁体中文|繁體中文|Traditional Chinese", "英文|英文|English"),
                count("pages", "页数|頁數|Pages", "页|頁|pages", 224, 312, 468),
            ),
            ("pages",),
            ("岭南建筑图录|An Album of Lingnan Buildings", "珠江船谱|Boats of the Pearl River", "广府饮食小史|A Short History of Cantonese Food",
             "外销瓷纹样集|Patterns of Export Porcelain", "十三行账簿里的世界|The World in a Hong Merchant's Ledger"),
            ("出版社直供，附作者题签藏书票。", "馆配可编目加工。", "塑封硬壳包装，书角不折。"),
        ),
        Leaf(
            "ticket", "演出票务|演出票務|Performance tickets", "ticket", (8000, 68000), (1, 1), 0,
            (
                choice("area", "票区|票區|Area", "池座|池座|Stalls", "楼座|樓座|Circle", "包厢|包廂|Box", sku=True),
                words("venue", "场馆|場館|Venue", "沙面小剧场", "佛山祖庙戏台", "前海音乐厅", "珠海海滨剧院"),
                count("duration", "时长|時長|Duration", "分钟|分鐘|minutes", 90, 120, 150),
                flag("real-name", "实名入场|實名入場|Real-name entry"),
            ),
            ("duration",),
            ("粤剧折子戏专场|Cantonese opera excerpts", "醒狮贺岁专场|lion dance gala", "广东音乐会|Cantonese music concert", "儿童皮影剧|shadow play for children",
             "现代舞剧|modern dance drama"),
            ("电子票，二维码入场。", "开演四十八小时前可退。", "团体二十张起九折。"),
            deliveries=("electronic",),
            hue=350,
        ),
        Leaf(
            "brush", "文房工艺|文房工藝|Crafts and stationery", "set", (6800, 88000), (1, 1), 1500,
            (
                choice("craft", "工艺|工藝|Craft", "端砚|端硯|Duan inkstone", "广绣|廣繡|Canton embroidery", "剪纸|剪紙|Paper cutting", "木雕|木雕|Wood carving"),
                choice("size", "规格|規格|Size", "小号|小號|Small", "中号|中號|Medium", "大号|大號|Large", sku=True),
                words("maker", "作者|作者|Maker", "肇庆端溪工坊", "番禺绣坊", "佛山纸艺社"),
            ),
            ("craft",),
            ("文房礼盒|scholar's gift box|craft=duan-inkstone,wood-carving", "书法入门套装|calligraphy starter set|craft=duan-inkstone", "工艺摆件|craft ornament", "名家文房套装|master's stationery set|craft=duan-inkstone", "企业定制文礼|corporate craft gift"),
            ("非遗传承人监制。", "附收藏证书。", "可刻字题款。"),
            hue=20,
        ),
        Leaf(
            "instrument", "乐器|樂器|Instruments", "piece", (38000, 688000), (1, 1), 4200,
            (
                choice("kind", "乐器|樂器|Instrument", "琵琶|琵琶|Pipa", "古筝|古箏|Guzheng", "高胡|高胡|Gaohu", "吉他|吉他|Guitar"),
                choice("level", "级别|級別|Level", "入门|入門|Beginner", "考级|考級|Graded", "演奏|演奏|Concert", sku=True),
                choice("wood", "用材|用材|Wood", "酸枝|酸枝|Rosewood", "云杉|雲杉|Spruce", "桐木|桐木|Paulownia"),
            ),
            ("kind",),
            ("手工乐器|handmade instrument", "学生乐器|student instrument", "收藏级乐器|collector's instrument", "乐团专用乐器|orchestra instrument", "旅行小乐器|travel instrument|kind=guitar"),
            ("琴师逐把校音。", "附琴盒、备用弦。", "一年免费调音。"),
            hue=30,
        ),
    ),
    service=True,
)

TOURISM = industry(
    "tourism",
    "旅游|旅遊|Tourism",
    160,
    (
        Leaf(
            "scenic", "景区门票|景區門票|Scenic tickets", "ticket", (4000, 28800), (1, 1), 0,
            (
                choice("visitor", "票种|票種|Ticket", "成人|成人|Adult", "学生|學生|Student", "长者|長者|Senior", "亲子|親子|Family", sku=True),
                words("city", "城市|城市|City", "韶关", "清远", "肇庆", "惠州", "阳江"),
                count("validity", "有效期|有效期|Validity", "天|天|days", 30, 90, 180),
            ),
            ("validity",),
            ("丹霞山水联票|red-cliff scenery pass|city=韶关", "峰林峡谷门票|karst gorge ticket|city=清远", "湖山古塔门票|lake and pagoda ticket|city=肇庆,惠州", "滨海栈道门票|coastal boardwalk ticket|city=阳江", "古村古道联票|old villages pass"),
            ("凭电子票入园，无需换票。", "未使用随时退。", "节假日分时预约。"),
            deliveries=("electronic",),
        ),
        Leaf(
            "hotel", "住宿|住宿|Stays", "night", (18800, 128000), (1, 1), 0,
            (
                choice("room", "房型|房型|Room", "大床房|大床房|Double", "双床房|雙床房|Twin", "亲子房|親子房|Family", sku=True),
                choice("breakfast", "早餐|早餐|Breakfast", "含双早|含雙早|Breakfast for two", "不含早|不含早|No breakfast"),
                words("city", "城市|城市|City", "广州", "珠海", "惠州", "河源", "江门"),
            ),
            ("breakfast",),
            ("碉楼民宿|watchtower guesthouse|city=江门", "温泉酒店|hot-spring hotel|city=河源", "海岛度假屋|island holiday house|city=珠海", "骑楼精品酒店|arcade-house boutique hotel|city=广州", "湿地营地|wetland camp|city=惠州"),
            ("入住当日十八点前可取消。", "延迟退房至十四点。", "支持港澳居民证件入住。"),
            deliveries=("electronic", "on_site"),
            hue=232,
        ),
        Leaf(
            "tour", "线路游|線路遊|Tours", "place", (16800, 298000), (1, 1), 0,
            (
                count("days", "天数|天數|Days", "天|天|days", 1, 2, 3, 5),
                choice("group", "成团|成團|Group", "小团|小團|Small group", "包团|包團|Private", "拼团|拼團|Shared", sku=True),
                choice("transport", "交通|交通|Transport", "游船|遊船|Boat", "高铁|高鐵|High-speed rail", "大巴|大巴|Coach"),
            ),
            ("days", "transport"),
            ("珠江夜游|Pearl River night cruise|days=1;transport=boat", "粤北山水游|northern Guangdong scenery tour|days=2,3;transport=coach", "侨乡碉楼游|watchtower villages tour|transport=coach", "潮汕美食游|Chaoshan food tour|transport=high-speed-rail;days=2,3", "湾区海岛游|bay islands tour|transport=boat"),
            ("持证导游全程陪同。", "含保险与首道门票。", "六人成团，天气不佳全额退。"),
            deliveries=("electronic", "on_site"),
            hue=196,
        ),
    ),
    service=True,
)

LOGISTICS = industry(
    "logistics",
    "物流|物流|Logistics",
    142,
    (
        Leaf(
            "truck", "整车与零担|整車與零擔|Road freight", "trip", (38000, 680000), (1, 1), 0,
            (
                choice("length", "车长|車長|Vehicle", "4.2 m", "6.8 m", "9.6 m", "13.5 m", sku=True),
                words("lane", "线路|線路|Lane", "广州—深圳", "佛山—湛江", "东莞—香港", "汕头—广州"),
                count("hours", "时效|時效|Transit", "小时|小時|hours", 6, 12, 24),
            ),
            ("hours",),
            ("省内整车运输|full truck in the province", "零担专线|part-load lane", "粤港跨境运输|Guangdong–Hong Kong haulage|lane=东莞—香港", "城市配送包车|city delivery charter", "大件运输|heavy haulage"),
            ("全程卫星定位，签收回单上传。", "货损按声明价值赔付。", "两小时内派车。"),
            deliveries=("on_site",),
        ),
        Leaf(
            "parcel", "快递|快遞|Express", "parcel", (500, 3800), (10, 1), 0,
            (
                choice("weight", "重量段|重量段|Weight band", "1 kg", "3 kg", "5 kg", "10 kg", sku=True),
                choice("reach", "范围|範圍|Reach", "省内|省內|Province", "全国|全國|National", "港澳|港澳|Hong Kong and Macau"),
                choice("speed", "时效|時效|Speed", "次日达|次日達|Next day", "隔日达|隔日達|Second day"),
            ),
            ("reach", "speed"),
            ("电商快递|e-commerce express", "文件快递|document express", "生鲜快递|fresh express", "退换货快递|returns express", "大促仓配快递|peak-season express"),
            ("电子面单，系统直连。", "上门揽收，一小时响应。", "丢失破损先行赔付。"),
            deliveries=("on_site",),
            hue=34,
        ),
        Leaf(
            "warehouse", "仓储|倉儲|Warehousing", "pallet-day", (180, 980), (100, 10), 0,
            (
                choice("zone", "库区|庫區|Zone", "普通库|普通庫|Ambient", "保税库|保稅庫|Bonded", "恒温库|恆溫庫|Controlled", sku=True),
                words("city", "城市|城市|City", "广州黄埔", "深圳前海", "佛山南海", "东莞清溪"),
                flag("picking", "含拣货|含揀貨|Picking included"),
            ),
            (),
            ("标准托盘仓储|standard pallet storage", "电商云仓|e-commerce fulfilment storage", "大宗监管仓储|supervised bulk storage", "跨境保税仓储|bonded cross-border storage", "门店周转仓储|shop replenishment storage"),
            ("库存实时可见。", "仓单可用于质押。", "夜间装卸，不误生产。"),
            deliveries=("on_site",),
            hue=206,
        ),
        Leaf(
            "coldchain", "冷链|冷鏈|Cold chain", "trip", (68000, 880000), (1, 1), 0,
            (
                choice("temperature", "温区|溫區|Temperature", "-18 ℃", "0–4 ℃", "12–15 ℃", sku=True),
                count("volume", "容积|容積|Volume", "m³", 14, 35, 78),
                flag("recorder", "温度记录|溫度記錄|Temperature recorder"),
            ),
            ("volume",),
            ("水产冷链专车|seafood cold truck", "果蔬预冷运输|pre-cooled produce transport", "医药冷链运输|pharmaceutical cold chain", "冻品干线|frozen line haul", "团餐冷链配送|catering cold delivery"),
            ("全程温度曲线可查。", "断链自动报警。", "双制冷机组备份。"),
            deliveries=("on_site",),
            hue=194,
        ),
    ),
    service=True,
)

EDUCATION = industry(
    "education",
    "教育|教育|Education",
    252,
    (
        Leaf(
            "language", "语言课程|語言課程|Language courses", "course", (29800, 498000), (1, 1), 0,
            (
                choice("language", "语种|語種|Language", "粤语|粵語|Cantonese", "普通话|普通話|Mandarin", "英语|英語|English", "葡语|葡語|Portuguese"),
                choice("level", "级别|級別|Level", "入门|入門|Beginner", "进阶|進階|Intermediate", "商务|商務|Business", sku=True),
                count("hours", "课时|課時|Hours", "课时|課時|hours", 20, 48, 96),
            ),
            ("language", "hours"),
            ("线上直播课|live online class", "一对一口语课|one-to-one speaking class", "小班面授课|small group class", "跨境电商语言课|cross-border commerce language class", "考试冲刺课|exam intensive"),
            ("录播回看一年。", "前三课时不满意全退。", "结业颁发学时证明。"),
            deliveries=("electronic",),
        ),
        Leaf(
            "skills", "职业技能|職業技能|Vocational skills", "course", (39800, 698000), (1, 1), 0,
            (
                choice("field", "方向|方向|Field", "电商运营|電商運營|E-commerce", "数控加工|數控加工|CNC machining", "叉车操作|叉車操作|Forklift", "粤菜烹饪|粵菜烹飪|Cantonese cooking"),
                choice("mode", "授课|授課|Mode", "线下|線下|On site", "线上|線上|Online", sku=True),
                count("hours", "课时|課時|Hours", "课时|課時|hours", 40, 80, 120),
            ),
            ("field", "hours"),
            ("职业资格培训|vocational certificate course", "岗前实训|pre-job practice", "企业内训|in-company training", "技能提升班|upskilling class", "师带徒研修|apprenticeship workshop"),
            ("可申请技能提升补贴。", "实训设备一人一台。", "推荐合作企业就业。"),
            deliveries=("electronic", "on_site"),
            hue=222,
        ),
        Leaf(
            "children", "少儿素质|少兒素質|Children's courses", "course", (19800, 398000), (1, 1), 0,
            (
                choice("subject", "科目|科目|Subject", "机器人|機器人|Robotics", "书画|書畫|Painting", "科学实验|科學實驗|Science", "武术|武術|Martial arts"),
                choice("age", "年龄段|年齡段|Age", "4-6", "7-9", "10-12", sku=True),
                count("sessions", "次数|次數|Sessions", "次|次|sessions", 8, 16, 32),
            ),
            ("subject", "sessions"),
            ("周末兴趣课|weekend interest class", "暑期营|summer camp", "社区课堂|community class", "亲子工作坊|parent and child workshop", "寒假体验课|winter taster class"),
            ("小班八人，教材全包。", "就近社区上课。", "缺课可补，未上可退。"),
            deliveries=("on_site",),
            hue=46,
        ),
    ),
    service=True,
)

HEALTH = industry(
    "health",
    "健康|健康|Health",
    172,
    (
        Leaf(
            "checkup", "健康体检|健康體檢|Check-ups", "session", (19800, 298000), (1, 1), 0,
            (
                choice("package", "套餐|套餐|Package", "基础|基礎|Basic", "深度|深度|Thorough", "长者|長者|Senior", "女性|女性|Women", sku=True),
                count("items", "项目数|項目數|Items", "项|項|items", 28, 46, 72),
                words("city", "城市|城市|City", "广州", "深圳", "佛山", "珠海"),
            ),
            ("items",),
            ("年度体检|annual check-up", "入职体检|pre-employment check-up", "企业员工体检|staff check-up", "家庭体检|family check-up", "心脑血管筛查|cardiovascular screening"),
            ("三个工作日出报告，医生解读。", "一年内有效，可转赠家人。", "结果加密，仅本人可见。"),
            deliveries=("on_site",),
        ),
        Leaf(
            "dental", "口腔护理|口腔護理|Dental care", "session", (9800, 398000), (1, 1), 0,
            (
                choice("service", "项目|項目|Service", "洁牙|潔牙|Cleaning", "美白|美白|Whitening", "窝沟封闭|窩溝封閉|Sealant", sku=True),
                choice("patient", "人群|人群|Patient", "成人|成人|Adult", "儿童|兒童|Child"),
                count("validity", "有效期|有效期|Validity", "天|天|days", 90, 180),
            ),
            ("patient",),
            ("口腔检查套餐|dental examination package", "洁牙护理套餐|cleaning package", "家庭口腔年卡|family dental year card", "齿科咨询服务|dental consultation", "儿童护齿套餐|children's dental package|patient=child"),
            ("一人一用一消毒。", "价格透明，不设隐项。", "可预约晚间与周末。"),
            deliveries=("on_site",),
            hue=192,
        ),
        Leaf(
            "herbal", "中医养生|中醫養生|Chinese medicine care", "session", (8800, 168000), (1, 1), 0,
            (
                choice("service", "项目|項目|Service", "艾灸|艾灸|Moxibustion", "推拿|推拿|Tuina", "膏方咨询|膏方諮詢|Herbal consultation", sku=True),
                count("minutes", "时长|時長|Duration", "分钟|分鐘|minutes", 45, 60, 90),
                words("city", "城市|城市|City", "广州", "佛山", "中山", "梅州"),
            ),
            ("minutes",),
            ("四季调理|seasonal care", "肩颈理疗|neck and shoulder therapy", "祛湿养生|damp-relief care", "产后调理|postnatal care", "办公室养生卡|office wellness card"),
            ("执业医师坐诊。", "先辨体质，再定方案。", "不适可随时终止并退余款。"),
            deliveries=("on_site",),
            hue=88,
        ),
    ),
    service=True,
)

INDUSTRIES = (CULTURE, TOURISM, LOGISTICS, EDUCATION, HEALTH)
