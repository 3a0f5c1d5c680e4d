"""Materials: steel, petrochemicals, plastics and grain. Bulk goods sell by whole kilograms."""

from cohong.demo.schema import Leaf, choice, count, decimal, flag, industry, words

_STEEL_MAKERS = ("华南一号高炉", "粤北轧钢厂", "珠江带钢厂", "北江长材厂")

STEEL = industry(
    "steel",
    "钢铁|鋼鐵|Steel",
    212,
    (
        Leaf(
            "coil", "热轧卷|熱軋卷|Hot-rolled coil", "kg", (365, 455), (2000, 500), 1000,
            (
                choice("grade", "牌号|牌號|Grade", "Q235B", "Q355B", "SPHC", "SS400"),
                choice("standard", "执行标准|執行標準|Standard", "GB/T 3274", "GB/T 1591", "JIS G3131"),
                decimal("thickness", "厚度|厚度|Thickness", "mm", "2.0", "2.75", "3.0", "4.5", "5.75", "9.5", sku=True),
                count("width", "宽度|寬度|Width", "mm", 1010, 1250, 1500, 1800),
                words("mill", "产地|產地|Mill", *_STEEL_MAKERS),
            ),
            ("grade", "width"),
            ("热轧钢卷|hot-rolled steel coil", "热轧酸洗卷|pickled hot-rolled coil", "热轧花纹卷|chequered coil",
             "开平热轧板卷|slit and levelled coil", "结构用热轧带钢|structural hot-rolled strip"),
            ("按实际过磅重量结算，磅差不超过千分之三。", "随货附质量证明书原件，可提供第三方复检。",
             "可按需开平、分条，当日下单次日出库。"),
        ),
        Leaf(
            "rebar", "螺纹钢|螺紋鋼|Rebar", "kg", (345, 405), (2000, 500), 1000,
            (
                choice("grade", "牌号|牌號|Grade", "HRB400", "HRB400E", "HRB500E"),
                choice("length", "定尺|定尺|Length", "9 m", "12 m"),
                count("diameter", "公称直径|公稱直徑|Diameter", "mm", 10, 12, 14, 16, 18, 20, 22, 25, sku=True),
                flag("seismic", "抗震|抗震|Seismic grade"),
                words("mill", "产地|產地|Mill", *_STEEL_MAKERS),
            ),
            ("grade", "length"),
            ("热轧带肋钢筋|hot-rolled ribbed bar", "抗震螺纹钢|seismic rebar|grade=hrb400e,hrb500e;seismic=true", "工程直供螺纹钢|project rebar",
             "盘螺钢筋|coiled rebar|diameter=10,12", "精轧螺纹钢|finish-rolled threaded bar"),
            ("理计与过磅两种方式可选，下单时注明。", "工地可分批卸货，提前一天预约吊车。",
             "每捆挂牌，炉批号与质保书一一对应。"),
        ),
        Leaf(
            "pipe", "钢管|鋼管|Steel pipe", "kg", (420, 620), (500, 100), 1000,
            (
                choice("material", "材质|材質|Material", "Q235B", "20#", "SUS304", "Q355B"),
                choice("process", "工艺|工藝|Process", "直缝焊接|直縫焊接|ERW", "无缝|無縫|Seamless",
                       "热镀锌|熱鍍鋅|Galvanised"),
                decimal("outer-diameter", "外径|外徑|Outer diameter", "mm", "21.3", "33.7", "48.3", "60.3", "114.3", sku=True),
                decimal("wall", "壁厚|壁厚|Wall", "mm", "2.5", "3.0", "3.5", "4.0"),
            ),
            ("material", "process"),
            ("流体输送钢管|fluid service pipe|process=seamless;material=20,sus304", "脚手架钢管|scaffold tube|process=erw;material=q235b", "消防用钢管|fire main pipe|process=galvanised;material=q235b",
             "结构圆管|structural round tube|process=erw;material=q235b,q355b", "大棚骨架管|greenhouse frame tube|process=galvanised;material=q235b"),
            ("管端可车丝、压槽，费用另计。", "定尺六米，可按图切割。", "出厂前逐支水压试验。"),
        ),
        Leaf(
            "plate", "中厚板|中厚板|Steel plate", "kg", (395, 520), (1000, 100), 1000,
            (
                choice("grade", "牌号|牌號|Grade", "Q235B", "Q355D", "Q345R", "NM400"),
                count("thickness", "厚度|厚度|Thickness", "mm", 8, 10, 12, 16, 20, 30, sku=True),
                words("size", "板幅|板幅|Plate size", "2200×8000 mm", "2500×10000 mm", "1800×6000 mm"),
                flag("ultrasonic", "超声波探伤|超聲波探傷|Ultrasonic tested"),
            ),
            ("grade",),
            ("普通中厚板|carbon steel plate|grade=q235b", "容器用钢板|pressure vessel plate|grade=q345r", "耐磨钢板|wear-resistant plate|grade=nm400",
             "船体结构板|hull structural plate|grade=q355d", "桥梁用钢板|bridge plate|grade=q355d"),
            ("可数控切割、坡口加工，来图报价。", "按张理计，板面平整度符合国标。", "表面可预涂底漆。"),
        ),
        Leaf(
            "section", "型钢|型鋼|Sections", "kg", (370, 450), (1000, 100), 1000,
            (
                choice("shape", "类型|類型|Shape", "H 型钢|H 型鋼|H-beam", "工字钢|工字鋼|I-beam", "槽钢|槽鋼|Channel",
                       "等边角钢|等邊角鋼|Equal angle"),
                choice("grade", "牌号|牌號|Grade", "Q235B", "Q355B"),
                count("height", "截面高度|截面高度|Section height", "mm", 100, 150, 200, 250, 300, 400, sku=True),
                choice("length", "定尺|定尺|Length", "6 m", "9 m", "12 m"),
            ),
            ("shape", "grade"),
            ("厂房钢结构型材|workshop frame sections", "热轧型钢|hot-rolled sections", "幕墙龙骨型材|curtain wall sections|shape=channel,equal-angle",
             "低合金型钢|low-alloy sections|grade=q355b", "设备基础型钢|machine base sections"),
            ("可焊接、钻孔、抛丸，按图加工。", "仓库现货，支持拼车配送。", "每支喷码，规格清晰可查。"),
        ),
    ),
)

PETROCHEMICALS = industry(
    "petrochemicals",
    "石化|石化|Petrochemicals",
    28,
    (
        Leaf(
            "lubricant", "润滑油|潤滑油|Lubricants", "can", (6800, 23800), (10, 1), 16500,
            (
                choice("grade", "粘度等级|黏度等級|Viscosity grade", "ISO VG 32", "ISO VG 46", "ISO VG 68", "15W-40", sku=True),
                choice("volume", "包装规格|包裝規格|Pack", "16 L", "18 L", "20 L"),
                choice("base", "基础油|基礎油|Base oil", "矿物油|礦物油|Mineral", "半合成|半合成|Semi-synthetic",
                       "全合成|全合成|Synthetic"),
                count("life", "保质期|保質期|Shelf life", "个月|個月|months", 36, 60),
            ),
            ("base", "volume"),
            ("抗磨液压油|anti-wear hydraulic oil|grade=iso-vg-32,iso-vg-46,iso-vg-68", "柴油机油|diesel engine oil|grade=15w-40", "工业齿轮油|industrial gear oil|grade=iso-vg-68",
             "空压机油|compressor oil|grade=iso-vg-32,iso-vg-46", "导轨油|slideway oil|grade=iso-vg-32,iso-vg-68"),
            ("整箱整板发货，不拆桶。", "可开具检测报告及安全技术说明书。", "密封避光保存，开启后尽快使用。"),
            hue=38,
        ),
        Leaf(
            "solvent", "溶剂|溶劑|Solvents", "kg", (620, 1180), (200, 20), 1000,
            (
                choice("purity", "含量|含量|Purity", "99.0 %", "99.5 %", "99.9 %"),
                choice("pack", "包装|包裝|Packing", "160 kg 铁桶|160 kg 鐵桶|160 kg drum", "吨桶|噸桶|IBC", "槽车|槽車|Tank truck",
                       sku=True),
                words("cas", "CAS 登记号|CAS 登記號|CAS number", "141-78-6", "123-86-4", "67-63-0"),
                choice("use", "用途|用途|Use", "涂料油墨|塗料油墨|Coatings and inks", "清洗|清洗|Cleaning",
                       "合成|合成|Synthesis"),
            ),
            ("purity",),
            ("乙酸乙酯|ethyl acetate|cas=141-78-6", "乙酸丁酯|butyl acetate|cas=123-86-4", "异丙醇|isopropyl alcohol|cas=67-63-0", "碳酸二甲酯|dimethyl carbonate|cas=616-38-6",
             "环保混合溶剂|low-odour solvent blend|cas=混合物"),
            ("危险化学品，凭有效资质采购。", "由具备危货资质的车辆配送。", "铁桶押金可退。"),
        ),
        Leaf(
            "coating", "涂料|塗料|Coatings", "barrel", (18800, 52800), (4, 1), 21000,
            (
                choice("colour", "颜色|顏色|Colour", "瓷白|瓷白|Porcelain white", "海蓝|海藍|Sea blue", "灰绿|灰綠|Grey green",
                       "砖红|磚紅|Brick red", "中灰|中灰|Mid grey", sku=True),
                choice("base", "基料|基料|Base", "水性丙烯酸|水性丙烯酸|Waterborne acrylic", "环氧|環氧|Epoxy", "聚氨酯|聚氨酯|Polyurethane"),
                decimal("coverage", "理论涂布率|理論塗布率|Coverage", "m²/kg", "6.5", "8.0", "10.0"),
                choice("volume", "净含量|淨含量|Net content", "18 L", "20 kg"),
            ),
            ("base", "volume"),
            ("地坪漆|floor paint|base=epoxy", "钢结构防锈漆|anti-rust primer|base=epoxy,polyurethane;colour=brick-red,mid-grey", "外墙乳胶漆|exterior emulsion|base=waterborne-acrylic", "内墙净味漆|low-odour interior paint|base=waterborne-acrylic",
             "集装箱专用漆|container paint|base=polyurethane"),
            ("可按色卡调色，五桶起调。", "附施工指南，免费技术指导。", "低挥发，附环保检测报告。"),
            hue=12,
        ),
        Leaf(
            "asphalt", "沥青|瀝青|Bitumen", "kg", (385, 560), (1000, 500), 1000,
            (
                choice("grade", "标号|標號|Grade", "70#", "90#", "SBS I-D"),
                choice("pack", "包装|包裝|Packing", "散装罐车|散裝罐車|Bulk tanker", "吨袋|噸袋|Jumbo bag", "铁桶|鐵桶|Drum", sku=True),
                decimal("softening", "软化点|軟化點|Softening point", "℃", "46.5", "48.0", "76.0"),
            ),
            ("grade",),
            ("道路石油沥青|paving bitumen|grade=70,90", "改性沥青|polymer-modified bitumen|grade=sbs-i-d", "乳化沥青|bitumen emulsion",
             "防水卷材沥青|roofing bitumen", "冷补沥青料|cold patch mix|pack=jumbo-bag"),
            ("散装以保温罐车配送，到场温度不低于一百五十度。", "附出厂检验单。", "省内高速项目可月结。"),
            hue=40,
        ),
    ),
)

PLASTICS = industry(
    "plastics",
    "塑料|塑料|Plastics",
    188,
    (
        Leaf(
            "resin", "塑料粒子|塑料粒子|Resin pellets", "kg", (720, 1680), (500, 25), 1000,
            (
                choice("polymer", "树脂|樹脂|Polymer", "PP", "HDPE", "ABS", "PC", "PET"),
                choice("use", "加工方式|加工方式|Process", "注塑级|注塑級|Injection", "吹塑级|吹塑級|Blow moulding",
                       "拉丝级|拉絲級|Raffia"),
                decimal("melt-flow", "熔融指数|熔融指數|Melt flow", "g/10min", "2.0", "8.0", "12.0", "25.0"),
                choice("colour", "颜色|顏色|Colour", "本色|本色|Natural", "黑色|黑色|Black", "白色|白色|White", sku=True),
            ),
            ("polymer", "use"),
            ("通用塑料粒子|general-purpose pellets|polymer=pp,hdpe", "高流动塑料粒子|high-flow pellets|polymer=pp;use=injection", "增韧改性粒子|toughened compound|polymer=abs,pc;use=injection",
             "阻燃改性粒子|flame-retardant compound|polymer=abs,pc,pp;use=injection", "食品接触级粒子|food-contact pellets|polymer=pp,hdpe,pet;use=injection,blow-moulding"),
            ("二十五公斤纸塑袋包装，四十袋一板。", "免费提供试料五公斤。", "批次稳定，附物性表。"),
        ),
        Leaf(
            "film", "薄膜|薄膜|Film", "roll", (3200, 18600), (20, 1), 12000,
            (
                choice("material", "材质|材質|Material", "LLDPE", "BOPP", "PE", "PLA"),
                count("width", "幅宽|幅寬|Width", "mm", 500, 750, 1000, 1500, sku=True),
                count("thickness", "厚度|厚度|Thickness", "μm", 17, 20, 23, 30),
                count("length", "卷长|卷長|Length", "m", 300, 1000, 3000),
            ),
            ("material", "thickness"),
            ("缠绕膜|stretch film|material=lldpe", "农用地膜|mulch film|material=pe", "热封包装膜|heat-seal film|material=bopp", "静电保护膜|protective film|material=pe",
             "可降解膜|compostable film|material=pla"),
            ("可印刷企业标识。", "纸芯规格三寸，可定制。", "抗穿刺，拉伸三倍不断。"),
            hue=196,
        ),
        Leaf(
            "crate", "周转箱|周轉箱|Crates", "piece", (1380, 6800), (50, 5), 2100,
            (
                choice("colour", "颜色|顏色|Colour", "蓝色|藍色|Blue", "绿色|綠色|Green", "灰色|灰色|Grey", "橙色|橙色|Orange", sku=True),
                words("size", "外尺寸|外尺寸|Outer size", "600×400×230 mm", "600×400×340 mm", "400×300×150 mm"),
                count("load", "承重|承重|Load", "kg", 20, 35, 50),
                flag("stackable", "可堆叠|可堆疊|Stackable"),
            ),
            ("size",),
            ("物流周转箱|logistics crate", "可折叠周转箱|folding crate", "果蔬筐|produce crate", "防静电箱|ESD-safe box",
             "带盖斜插箱|attached-lid container"),
            ("全新料生产，零下二十度不脆裂。", "满千只可印字。", "套叠存放，节省七成空间。"),
        ),
        Leaf(
            "sheet", "板材|板材|Sheets", "piece", (4600, 29800), (10, 1), 8600,
            (
                choice("material", "材质|材質|Material", "PC", "PMMA", "PVC", "PP"),
                decimal("thickness", "厚度|厚度|Thickness", "mm", "2.0", "3.0", "5.0", "8.0", sku=True),
                choice("finish", "表面|表面|Finish", "透明|透明|Clear", "磨砂|磨砂|Frosted", "彩色|彩色|Tinted"),
                words("size", "板幅|板幅|Sheet size", "1220×2440 mm", "1000×2000 mm"),
            ),
            ("material", "finish"),
            ("耐力板|solid sheet|material=pc", "阳光板|twin-wall sheet|material=pc", "亚克力板|acrylic sheet|material=pmma", "雕刻板|engraving sheet|material=pvc",
             "防护隔板|safety screen|material=pc,pmma"),
            ("双面覆膜，防刮防尘。", "支持裁切、折弯、热弯。", "抗紫外线，户外质保十年。"),
            hue=178,
        ),
    ),
)

GRAIN = industry(
    "grain",
    "粮油|糧油|Grain and oil",
    42,
    (
        Leaf(
            "rice", "大米|大米|Rice", "bag", (4800, 15800), (20, 1), 25100,
            (
                choice("variety", "品种|品種|Variety", "丝苗米|絲苗米|Simiao", "象牙香占|象牙香占|Xiangyaxiangzhan", "油粘米|油粘米|Youzhan",
                       "粳米|粳米|Japonica"),
                choice("pack", "净重|淨重|Net weight", "5 kg", "10 kg", "25 kg", sku=True),
                choice("grade", "等级|等級|Grade", "一级|一級|First", "优质|優質|Premium"),
                words("origin", "产地|產地|Origin", "广东增城", "广东台山", "广东海丰", "广东罗定"),
            ),
            ("variety",),
            ("增城丝苗香米|Zengcheng fragrant rice|variety=simiao;origin=广东增城", "台山珍香米|Taishan long-grain rice|variety=youzhan,xiangyaxiangzhan;origin=广东台山", "新米软香米|new-crop soft rice",
             "食堂专供米|canteen rice|pack=25-kg", "富硒稻米|selenium-rich rice"),
            ("当季新谷，鲜碾发货。", "真空与编织袋两种包装。", "食堂、餐饮客户可按周配送。"),
        ),
        Leaf(
            "oil", "食用油|食用油|Cooking oil", "bottle", (19800, 39800), (12, 4), 18600,
            (
                choice("kind", "油种|油種|Oil", "花生油|花生油|Peanut", "大豆油|大豆油|Soybean", "山茶油|山茶油|Camellia",
                       "玉米油|玉米油|Corn"),
                choice("volume", "净含量|淨含量|Net content", "1.8 L", "5 L", "20 L", sku=True),
                choice("process", "工艺|工藝|Process", "物理压榨|物理壓榨|Cold pressed", "精炼|精煉|Refined"),
                count("life", "保质期|保質期|Shelf life", "个月|個月|months", 18, 24),
            ),
            ("process",),
            ("浓香花生油|roasted peanut oil|kind=peanut;process=cold-pressed", "古法小榨油|small-press oil|kind=peanut,camellia;process=cold-pressed", "高油酸食用油|high-oleic oil|kind=peanut",
             "山茶籽油|camellia seed oil|kind=camellia", "餐饮专用油|catering oil|kind=soybean,corn;process=refined;volume=20-l"),
            ("一物一码，可查原料批次。", "避光阴凉保存。", "整箱四瓶，木架加固发货。"),
            hue=46,
        ),
        Leaf(
            "flour", "面粉|麵粉|Flour", "bag", (6900, 13800), (20, 1), 25100,
            (
                choice("gluten", "筋度|筋度|Gluten", "高筋|高筋|Strong", "中筋|中筋|Medium", "低筋|低筋|Soft", sku=True),
                decimal("ash", "灰分|灰分|Ash", "%", "0.42", "0.50", "0.55"),
                choice("pack", "净重|淨重|Net weight", "25 kg"),
                choice("use", "用途|用途|Use", "面包|麵包|Bread", "面条|麵條|Noodles", "糕点|糕點|Pastry"),
            ),
            ("use",),
            ("面包粉|bread flour|use=bread;gluten=strong", "饺子云吞粉|dumpling flour|use=noodles;gluten=medium", "蛋糕粉|cake flour|use=pastry;gluten=soft", "拉面粉|noodle flour|use=noodles;gluten=strong,medium", "全麦粉|wholemeal flour|use=bread;gluten=strong,medium"),
            ("不添加增白剂。", "配套烘焙实验室，可索取配方。", "满两吨免运费。"),
            hue=34,
        ),
        Leaf(
            "beans", "杂粮豆类|雜糧豆類|Beans and coarse grain", "kg", (680, 2380), (100, 25), 1000,
            (
                choice("kind", "品类|品類|Kind", "绿豆|綠豆|Mung bean", "红豆|紅豆|Adzuki bean", "黄豆|黃豆|Soybean",
                       "黑豆|黑豆|Black bean", sku=True),
                decimal("moisture", "水分|水分|Moisture", "%", "12.5", "13.0", "13.5"),
                choice("grade", "等级|等級|Grade", "一级|一級|First", "二级|二級|Second"),
                words("origin", "产地|產地|Origin", "广东韶关", "黑龙江", "内蒙古"),
            ),
            ("grade",),
            ("精选杂豆|selected beans", "煲汤豆类|soup beans", "豆浆专用豆|soy-milk beans|kind=soybean", "粥料杂粮豆|congee bean mix",
             "有机杂豆|organic beans"),
            ("机选加人工选，杂质低于千分之五。", "五十公斤编织袋，可分装。", "颗粒饱满，易煮起沙。"),
            hue=96,
        ),
    ),
)

INDUSTRIES = (STEEL, PETROCHEMICALS, PLASTICS, GRAIN)
