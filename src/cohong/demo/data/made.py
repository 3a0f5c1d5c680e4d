"""Manufactured goods: cars, electronics, appliances and ceramics."""

from cohong.demo.schema import Leaf, choice, count, decimal, flag, industry, words

CARS = industry(
    "cars",
    "汽车|汽車|Cars",
    4,
    (
        Leaf(
            "sedan", "轿车|轎車|Sedans", "vehicle", (7980000, 18900000), (1, 1), 1480000,
            (
                choice("energy", "能源|能源|Energy", "纯电|純電|Electric", "插电混动|插電混動|Plug-in hybrid", "汽油|汽油|Petrol"),
                choice("colour", "颜色|顏色|Colour", "珠光白|珠光白|Pearl white", "朱砂红|朱砂紅|Cinnabar", "远山青|遠山青|Hill green",
                       "石墨灰|石墨灰|Graphite", sku=True),
                count("range", "续航|續航|Range", "km", 410, 510, 610),
                count("seats", "座位|座位|Seats", "座|座|seats", 5),
            ),
            ("energy", "range"),
            ("家用三厢轿车|family sedan", "商务轿车|executive sedan", "两厢城市轿车|city hatchback", "网约运营轿车|ride-hailing sedan|energy=electric",
             "轿跑版轿车|fastback sedan"),
            ("裸车价，含出厂合格证与一次性开票。", "可协助上牌、代缴购置税。", "整车质保三年或十万公里。"),
            deliveries=("pickup", "shipment"),
        ),
        Leaf(
            "suv", "越野与多功能车|越野與多功能車|SUVs", "vehicle", (9980000, 25900000), (1, 1), 1760000,
            (
                choice("energy", "能源|能源|Energy", "纯电|純電|Electric", "插电混动|插電混動|Plug-in hybrid", "汽油|汽油|Petrol"),
                choice("colour", "颜色|顏色|Colour", "珠光白|珠光白|Pearl white", "橄榄绿|橄欖綠|Olive", "深海蓝|深海藍|Deep blue",
                       "曜石黑|曜石黑|Obsidian", sku=True),
                choice("drive", "驱动|驅動|Drive", "前驱|前驅|Front-wheel", "四驱|四驅|All-wheel"),
                count("seats", "座位|座位|Seats", "座|座|seats", 5, 6, 7),
            ),
            ("energy", "seats"),
            ("城市多功能车|urban SUV", "家庭多功能车|family SUV", "硬派越野车|off-roader|drive=all-wheel;energy=petrol,plug-in-hybrid", "紧凑型多功能车|compact SUV",
             "长轴距多功能车|long-wheelbase SUV"),
            ("现车展厅提车，支持第三方验车。", "企业批量采购另议。", "电池与电机质保八年。"),
            deliveries=("pickup", "shipment"),
            hue=152,
        ),
        Leaf(
            "van", "商用车|商用車|Commercial vehicles", "vehicle", (6580000, 17800000), (1, 1), 1620000,
            (
                choice("energy", "能源|能源|Energy", "纯电|純電|Electric", "柴油|柴油|Diesel"),
                decimal("volume", "货厢容积|貨廂容積|Cargo volume", "m³", "4.8", "6.5", "9.2"),
                count("payload", "载质量|載質量|Payload", "kg", 950, 1250, 1495),
                choice("colour", "颜色|顏色|Colour", "白色|白色|White", "银色|銀色|Silver", "邮政绿|郵政綠|Post green", sku=True),
            ),
            ("energy", "volume"),
            ("城配物流面包车|city delivery van", "冷藏厢式车|refrigerated van", "厢式轻卡|box light truck", "售货餐车|street-vending van",
             "工程抢修车|service van"),
            ("蓝牌，限行城市可通行。", "可加装尾板、温控与货架。", "支持对公转账与分期。"),
            deliveries=("pickup", "shipment"),
            hue=216,
        ),
        Leaf(
            "tyre", "汽车配件|汽車配件|Parts and tyres", "piece", (23800, 88000), (4, 1), 9800,
            (
                choice("size", "规格|規格|Size", "205/55 R16", "215/60 R17", "225/45 R18", "235/55 R19", sku=True),
                choice("season", "类型|類型|Type", "四季|四季|All-season", "静音|靜音|Quiet", "载重|載重|Load", "节能|節能|Eco"),
                count("speed", "最高时速|最高時速|Top speed", "km/h", 190, 210, 240),
                count("warranty", "质保|質保|Warranty", "个月|個月|months", 36, 60),
            ),
            ("season",),
            ("子午线轮胎|radial tyre", "新能源专用轮胎|EV tyre|season=quiet,eco", "商务车轮胎|van tyre|season=load", "越野轮胎|all-terrain tyre|season=all-season", "铝合金轮毂套装|wheel and tyre set"),
            ("生产日期六个月以内。", "合作门店免费安装、动平衡。", "附三包凭证。"),
            hue=222,
        ),
    ),
)

_CASE_COLOURS = ("月白|月白|Moon white", "墨黑|墨黑|Ink black", "天青|天青|Celadon", "晨雾粉|晨霧粉|Mist pink")

ELECTRONICS = industry(
    "electronics",
    "电子信息|電子信息|Electronics",
    228,
    (
        Leaf(
            "phone", "手机|手機|Phones", "piece", (79900, 459900), (1, 1), 420,
            (
                choice("storage", "存储|存儲|Storage", "8 GB + 128 GB", "8 GB + 256 GB", "12 GB + 512 GB", sku=True),
                choice("colour", "颜色|顏色|Colour", *_CASE_COLOURS, sku=True),
                decimal("screen", "屏幕|屏幕|Screen", "″", "6.1", "6.5", "6.78"),
                count("battery", "电池|電池|Battery", "mAh", 4500, 5000, 5500),
                choice("network", "网络|網絡|Network", "5G", "4G"),
            ),
            ("network", "screen"),
            ("轻薄智能手机|slim smartphone", "长续航手机|long-life smartphone", "影像旗舰手机|camera flagship phone|network=5g", "三防手机|rugged phone|battery=5500",
             "长辈大字手机|large-type phone for elders"),
            ("全新未拆封，全国联保。", "入网许可齐备，可开增值税发票。", "七天内未激活可退。"),
        ),
        Leaf(
            "laptop", "电脑|電腦|Computers", "piece", (299900, 899900), (1, 1), 2300,
            (
                choice("memory", "内存与硬盘|內存與硬盤|Memory and disk", "16 GB + 512 GB", "16 GB + 1 TB", "32 GB + 1 TB", sku=True),
                decimal("screen", "屏幕|屏幕|Screen", "″", "13.3", "14.0", "15.6", "16.0"),
                choice("colour", "颜色|顏色|Colour", "银灰|銀灰|Silver", "深空灰|深空灰|Space grey", "天青|天青|Celadon"),
                decimal("weight", "整机重量|整機重量|Weight", "kg", "1.05", "1.38", "1.75"),
            ),
            ("screen",),
            ("轻薄笔记本电脑|ultralight laptop", "商务办公笔记本|business laptop", "设计师笔记本|designer laptop", "学生笔记本电脑|student laptop",
             "二合一平板笔记本|two-in-one laptop"),
            ("企业批量采购可预装系统。", "三年上门服务可选。", "包装回收，减免运费。"),
        ),
        Leaf(
            "headphones", "耳机音响|耳機音響|Audio", "piece", (9900, 129900), (5, 1), 360,
            (
                choice("form", "佩戴方式|佩戴方式|Form", "头戴式|頭戴式|Over-ear", "入耳式|入耳式|In-ear", "开放式|開放式|Open-ear"),
                choice("colour", "颜色|顏色|Colour", *_CASE_COLOURS, sku=True),
                count("playtime", "续航|續航|Playing time", "h", 24, 36, 60),
                flag("noise-cancelling", "主动降噪|主動降噪|Noise cancelling"),
            ),
            ("form", "playtime"),
            ("无线耳机|wireless headphones", "降噪耳机|noise-cancelling headphones|noise-cancelling=true", "录音监听耳机|studio monitor headphones|form=over-ear",
             "游戏电竞耳机|gaming headset|form=over-ear", "会议话务耳机|conference headset|form=over-ear"),
            ("可贴牌，五百件起做。", "出厂逐台老化测试。", "充电十分钟，可听五小时。"),
            hue=262,
        ),
        Leaf(
            "chip", "电子元件|電子元件|Components", "piece", (85, 4800), (100, 100), 4,
            (
                choice("package", "封装|封裝|Package", "QFN-32", "LQFP-64", "SOP-8", "BGA-144", sku=True),
                decimal("voltage", "工作电压|工作電壓|Supply", "V", "3.3", "5.0", "1.8"),
                choice("grade", "温度等级|溫度等級|Temperature grade", "商业级|商業級|Commercial", "工业级|工業級|Industrial",
                       "车规级|車規級|Automotive"),
                count("lead", "交期|交期|Lead time", "天|天|days", 3, 7, 21),
            ),
            ("grade",),
            ("微控制器芯片|microcontroller", "电源管理芯片|power management chip", "蓝牙射频芯片|Bluetooth RF chip", "存储芯片|memory chip",
             "传感器芯片|sensor chip"),
            ("原厂编带，整盘出货。", "支持小批量打样与配单。", "真空防潮包装，附批次追溯码。"),
            hue=168,
        ),
        Leaf(
            "display", "显示与照明|顯示與照明|Displays", "piece", (49900, 399900), (1, 1), 6800,
            (
                count("size", "尺寸|尺寸|Size", "″", 24, 27, 32, 43, 55, sku=True),
                choice("resolution", "分辨率|分辨率|Resolution", "1080P", "2K", "4K"),
                count("refresh", "刷新率|刷新率|Refresh rate", "Hz", 60, 100, 165),
                choice("panel", "面板|面板|Panel", "IPS", "VA", "Mini LED"),
            ),
            ("resolution", "refresh"),
            ("护眼显示器|eye-care monitor", "设计专业显示器|colour-accurate monitor|panel=ips;resolution=4k", "会议平板显示屏|meeting-room display|size=55",
             "商用信息屏|signage display", "电竞显示器|gaming monitor|refresh=165"),
            ("出厂校色，附报告。", "无亮点承诺，三十天可换。", "壁挂支架可选配。"),
            hue=206,
        ),
    ),
)

APPLIANCES = industry(
    "appliances",
    "家用电器|家用電器|Appliances",
    200,
    (
        Leaf(
            "fridge", "冰箱|冰箱|Refrigerators", "piece", (119900, 599900), (1, 1), 72000,
            (
                count("volume", "总容积|總容積|Volume", "L", 215, 338, 468, 532),
                choice("doors", "门型|門型|Doors", "双门|雙門|Two-door", "三门|三門|Three-door", "对开门|對開門|Side-by-side", "十字门|十字門|Cross-door"),
                choice("colour", "颜色|顏色|Colour", "釉白|釉白|Glaze white", "星空灰|星空灰|Star grey", "青玉|青玉|Jade", sku=True),
                choice("efficiency", "能效|能效|Efficiency", "一级|一級|Grade 1", "二级|二級|Grade 2"),
            ),
            ("doors", "volume"),
            ("风冷无霜冰箱|frost-free refrigerator", "嵌入式冰箱|built-in refrigerator", "变频节能冰箱|inverter refrigerator",
             "母婴保鲜冰箱|family fresh refrigerator", "商用冷藏柜|commercial chiller|doors=two-door"),
            ("送货入户并安装。", "整机三年、压缩机十年质保。", "工程批量采购可贴牌。"),
        ),
        Leaf(
            "aircon", "空调|空調|Air conditioners", "set", (179900, 699900), (1, 1), 43000,
            (
                choice("power", "匹数|匹數|Capacity", "1 匹|1 匹|1 hp", "1.5 匹|1.5 匹|1.5 hp", "2 匹|2 匹|2 hp", "3 匹|3 匹|3 hp", sku=True),
                choice("mode", "冷暖|冷暖|Mode", "冷暖型|冷暖型|Heat and cool", "单冷型|單冷型|Cooling only"),
                choice("efficiency", "能效|能效|Efficiency", "一级|一級|Grade 1", "三级|三級|Grade 3"),
                count("noise", "噪声|噪聲|Noise", "dB", 18, 22, 26),
            ),
            ("mode", "efficiency"),
            ("变频壁挂空调|inverter wall air conditioner", "新风空调|fresh-air air conditioner", "工程专用空调|project air conditioner",
             "卧室静音空调|quiet bedroom air conditioner", "智能柜机空调|smart cabinet air conditioner"),
            ("含基础安装，三米铜管。", "回南天除湿模式。", "整机六年质保。"),
            hue=190,
        ),
        Leaf(
            "washer", "洗衣机|洗衣機|Washing machines", "piece", (89900, 459900), (1, 1), 64000,
            (
                count("load", "洗涤容量|洗滌容量|Load", "kg", 8, 10, 12, sku=True),
                choice("type", "类型|類型|Type", "滚筒|滾筒|Front-loading", "洗烘一体|洗烘一體|Washer-dryer"),
                count("spin", "脱水转速|脫水轉速|Spin speed", "rpm", 1200, 1400),
                choice("colour", "颜色|顏色|Colour", "釉白|釉白|Glaze white", "钛灰|鈦灰|Titanium"),
            ),
            ("type",),
            ("变频洗衣机|inverter washing machine", "除菌洗衣机|hygiene washing machine", "超薄洗衣机|slim washing machine|type=front-loading",
             "母婴洗衣机|baby-care washing machine", "酒店布草洗衣机|linen washing machine"),
            ("送装一体，旧机回收。", "桶自洁，三年质保。", "高温煮洗可达九十度。"),
            hue=214,
        ),
        Leaf(
            "cooker", "厨房小电|廚房小電|Kitchen appliances", "piece", (12900, 89900), (10, 2), 4600,
            (
                choice("volume", "容量|容量|Volume", "3 L", "4 L", "5 L", sku=True),
                choice("liner", "内胆|內膽|Liner", "不粘涂层|不粘塗層|Non-stick", "陶瓷釉|陶瓷釉|Ceramic glaze", "316 不锈钢|316 不鏽鋼|316 steel"),
                count("power", "功率|功率|Power", "W", 770, 860, 1250),
                choice("colour", "颜色|顏色|Colour", "奶白|奶白|Cream", "豆绿|豆綠|Bean green", "雾灰|霧灰|Fog grey", sku=True),
            ),
            ("liner",),
            ("智能电饭煲|smart rice cooker", "低糖电饭煲|low-sugar rice cooker", "电压力锅|electric pressure cooker", "煲汤电炖锅|soup stew pot",
             "儿童辅食锅|baby food cooker"),
            ("广式煲仔饭程序。", "可出口，多种插头可选。", "中性包装、贴牌皆可。"),
            hue=14,
        ),
        Leaf(
            "fan", "环境电器|環境電器|Fans and air", "piece", (8900, 69900), (10, 2), 5200,
            (
                choice("type", "类型|類型|Type", "落地扇|落地扇|Pedestal", "循环扇|循環扇|Circulator", "台扇|檯扇|Table"),
                count("blades", "扇叶|扇葉|Blades", "叶|葉|blades", 5, 7),
                count("power", "功率|功率|Power", "W", 24, 35, 50),
                choice("colour", "颜色|顏色|Colour", "云白|雲白|Cloud white", "天青|天青|Celadon", "暖杏|暖杏|Apricot", sku=True),
            ),
            ("type", "power"),
            ("直流变频风扇|DC inverter fan", "轻音电风扇|quiet fan", "遥控电风扇|remote-control fan", "夜灯电风扇|night-light fan", "工业强风扇|industrial fan|type=pedestal"),
            ("夏季备货充足。", "电机十年质保。", "平板包装，三分钟装好。"),
            hue=176,
        ),
    ),
)

_GLAZES = ("白釉|白釉|White glaze", "青釉|青釉|Celadon", "青花|青花|Blue and white", "窑变|窯變|Flambé")

CERAMICS = industry(
    "ceramics",
    "陶瓷|陶瓷|Ceramics",
    218,
    (
        Leaf(
            "bowl", "日用瓷|日用瓷|Tableware", "piece", (680, 5800), (48, 12), 380,
            (
                choice("glaze", "釉色|釉色|Glaze", *_GLAZES, sku=True),
                choice("size", "口径|口徑|Diameter", "4.5″", "6″", "8″", "10″", sku=True),
                choice("body", "瓷质|瓷質|Body", "高白瓷|高白瓷|High-white porcelain", "骨瓷|骨瓷|Bone china", "炻瓷|炻瓷|Stoneware"),
                flag("microwave", "可微波|可微波|Microwave safe"),
            ),
            ("body",),
            ("家用饭碗|rice bowl|size=4.5", "手绘汤碗|hand-painted soup bowl|size=6,8", "酒店摆台餐具|hotel tableware", "斗笠面碗|conical noodle bowl|size=8", "浅口深盘|deep plate|size=8,10"),
            ("釉下彩，无铅无镉。", "蛋格箱包装，破损包赔。", "来样打版，四十八件一箱。"),
        ),
        Leaf(
            "vase", "艺术瓷|藝術瓷|Art ceramics", "piece", (9800, 188000), (1, 1), 2600,
            (
                choice("glaze", "釉色|釉色|Glaze", *_GLAZES, sku=True),
                count("height", "高度|高度|Height", "cm", 18, 26, 36, 48),
                choice("form", "器型|器型|Form", "梅瓶|梅瓶|Meiping", "玉壶春|玉壺春|Yuhuchun", "天球瓶|天球瓶|Globular", "赏瓶|賞瓶|Display vase"),
                flag("hand-painted", "手绘|手繪|Hand painted"),
            ),
            ("form", "height"),
            ("手作花瓶|hand-thrown vase", "客厅摆件花瓶|display vase", "茶席花器|tea-table flower vessel", "收藏级花瓶|collector's vase",
             "酒店大堂花瓶|lobby vase"),
            ("每件附作者证书。", "木箱打包，全程保价。", "柴窑烧成，釉色各有不同。"),
            hue=222,
        ),
        Leaf(
            "teapot", "茶具|茶具|Tea ware", "set", (12800, 98000), (2, 1), 1900,
            (
                choice("clay", "泥料|泥料|Clay", "朱泥|朱泥|Red clay", "紫砂|紫砂|Purple clay", "白瓷|白瓷|White porcelain", sku=True),
                count("volume", "容量|容量|Volume", "mL", 100, 150, 220),
                count("pieces", "件数|件數|Pieces", "件|件|pieces", 4, 6, 8),
                choice("make", "工艺|工藝|Make", "全手工|全手工|Handmade", "半手工|半手工|Half-handmade"),
            ),
            ("make", "pieces"),
            ("工夫茶具套装|kung fu tea set", "手拉壶茶具|hand-thrown teapot set", "旅行茶具|travel tea set", "礼盒茶具|gift tea set", "茶室陈设茶具|tea-room set"),
            ("潮州手拉壶技艺。", "礼盒可烫金企业名称。", "出水利落，断水干净。"),
            hue=16,
        ),
        Leaf(
            "tile", "瓷砖|瓷磚|Tiles", "box", (4800, 26800), (20, 1), 31000,
            (
                choice("size", "规格|規格|Size", "300×600 mm", "600×600 mm", "800×800 mm", "900×1800 mm", sku=True),
                choice("finish", "表面|表面|Finish", "亮面|亮面|Polished", "柔光|柔光|Satin", "哑光|啞光|Matt"),
                choice("tone", "色系|色系|Tone", "暖灰|暖灰|Warm grey", "米白|米白|Off-white", "水墨|水墨|Ink", "孔雀绿|孔雀綠|Peacock green"),
                decimal("absorption", "吸水率|吸水率|Absorption", "%", "0.05", "0.10", "0.50"),
            ),
            ("tone", "finish"),
            ("通体大理石瓷砖|through-body marble tile|finish=polished,satin", "仿古砖|rustic tile|finish=matt", "厨卫墙砖|kitchen and bath wall tile|size=300-600-mm", "防滑地砖|anti-slip floor tile|finish=matt",
             "岩板|sintered slab|size=900-1800-mm"),
            ("提供铺贴效果图。", "同色号发货，补货不断档。", "整托木架，叉车卸货。"),
            hue=174,
        ),
        Leaf(
            "basin", "卫生陶瓷|衛生陶瓷|Sanitary ware", "piece", (16800, 198000), (1, 1), 18500,
            (
                choice("kind", "类型|類型|Type", "台上盆|檯上盆|Countertop", "台下盆|檯下盆|Undermount", "立柱盆|立柱盆|Pedestal"),
                choice("size", "尺寸|尺寸|Size", "410 mm", "500 mm", "600 mm", sku=True),
                choice("glaze", "釉面|釉面|Glaze", "亮白|亮白|Gloss white", "哑黑|啞黑|Matt black", "浅灰|淺灰|Light grey", sku=True),
                flag("easy-clean", "自洁釉|自潔釉|Easy-clean glaze"),
            ),
            ("kind",),
            ("陶瓷洗手盆|ceramic wash basin", "艺术台盆|art basin", "工程洗手盆|project basin", "一体柜盆|integrated cabinet basin", "儿童洗手盆|children's basin"),
            ("釉面平滑，不挂污。", "龙头孔位可定制。", "高温烧成，十年不裂釉。"),
            hue=196,
        ),
    ),
)

INDUSTRIES = (CARS, ELECTRONICS, APPLIANCES, CERAMICS)
