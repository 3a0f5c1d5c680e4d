"""Forms of company, roads, and the demo region's markets."""

FORMS: dict[str, tuple[str, str]] = {
    # form: (first two digits of the credit code, the ending of the name)
    "limited": ("91", "有限公司|有限公司|Co., Ltd."),
    "joint-stock": ("91", "股份有限公司|股份有限公司|Corporation"),
    "sole": ("92", "（个体工商户）|（個體工商戶）|(Sole Trader)"),
    "cooperative": ("93", "专业合作社|專業合作社|Cooperative"),
    "institution": ("12", "（事业单位）|（事業單位）|(Public Institution)"),
}

ROADS = (
    "工业大道",
    "港前路",
    "兴业路",
    "创新二路",
    "沿江东路",
    "商贸大道",
    "龙腾路",
    "文昌路",
    "环市西路",
    "科技五路",
    "振兴路",
    "迎宾大道",
)

# Each row: code, kind, name, region, industry, introduction.
MARKETS: tuple[tuple[str, str, str, str, str, str], ...] = (
    (
        "steel-exchange",
        "industry",
        "南粤钢铁行业市场|南粵鋼鐵行業市場|South Guangdong Steel Market",
        "440606",
        "steel",
        (
            "板材、长材、管材现货，一单到厂。|板材、長材、管材現貨，一單到廠。|"
            "Flat, long and tubular steel from stock, one order to your plant."
        ),
    ),
    (
        "plastics-town",
        "specialised",
        "莞岸塑料原料市场|莞岸塑料原料市場|Guan'an Plastics Market",
        "441900",
        "plastics",
        (
            "粒子、薄膜、板材，报价日更。|粒子、薄膜、板材，報價日更。|"
            "Pellets, film and sheet, priced afresh every day."
        ),
    ),
    (
        "petro-base",
        "industry",
        "粤西石化行业市场|粵西石化行業市場|West Guangdong Petrochemical Market",
        "440902",
        "petrochemicals",
        "资质先行，合规配送。|資質先行，合規配送。|Licensed buyers, compliant delivery.",
    ),
    (
        "grain-hall",
        "specialised",
        "珠江粮油批发市场|珠江糧油批發市場|Pearl River Grain Market",
        "440112",
        "grain",
        "食堂与门店的米面油仓库。|食堂與門店的米麵油倉庫。|Rice, flour and oil for canteens and shops.",
    ),
    (
        "auto-city",
        "industry",
        "花城汽车行业市场|花城汽車行業市場|Huacheng Auto Market",
        "440114",
        "cars",
        "新车、商用车与配件。|新車、商用車與配件。|New cars, commercial vehicles and parts.",
    ),
    (
        "electronics-street",
        "specialised",
        "深港电子元件市场|深港電子元件市場|Shengang Electronics Market",
        "440304",
        "electronics",
        "从一颗芯片到一台整机。|從一顆芯片到一台整機。|From one chip to a finished device.",
    ),
    (
        "appliance-cluster",
        "cluster",
        "顺德家电产业集群|順德家電產業集群|Shunde Appliance Cluster",
        "440606",
        "appliances",
        (
            "整机、配件与贴牌一处配齐。|整機、配件與貼牌一處配齊。|"
            "Finished goods, parts and private label in one place."
        ),
    ),
    (
        "ceramics-cluster",
        "cluster",
        "潮州陶瓷产业集群|潮州陶瓷產業集群|Chaozhou Ceramics Cluster",
        "445100",
        "ceramics",
        "日用、艺术与卫生陶瓷之乡。|日用、藝術與衛生陶瓷之鄉。|Home of table, art and sanitary ceramics.",
    ),
    (
        "clothing-cluster",
        "cluster",
        "虎门服装产业集群|虎門服裝產業集群|Humen Garment Cluster",
        "441900",
        "clothing",
        "小单快反，七天出货。|小單快反，七天出貨。|Small runs, shipped within a week.",
    ),
    (
        "furniture-cluster",
        "cluster",
        "龙江家具产业集群|龍江傢俱產業集群|Longjiang Furniture Cluster",
        "440606",
        "furniture",
        (
            "设计、板材、五金到成品。|設計、板材、五金到成品。|"
            "Design, board and fittings through to the finished piece."
        ),
    ),
    (
        "farm-market",
        "industry",
        "岭南农产品行业市场|嶺南農產品行業市場|Lingnan Farm Produce Market",
        "440111",
        "farm-produce",
        "产地直连餐桌，逐批检测。|產地直連餐桌，逐批檢測。|Straight from the field, every batch tested.",
    ),
    (
        "culture-market",
        "industry",
        "十三行文化市场|十三行文化市場|Thirteen Hongs Culture Market",
        "440103",
        "culture",
        "书、戏、文房与非遗手艺。|書、戲、文房與非遺手藝。|Books, stage, stationery and living crafts.",
    ),
    (
        "travel-market",
        "industry",
        "湾区旅游服务市场|灣區旅遊服務市場|Bay Area Travel Market",
        "440400",
        "tourism",
        (
            "门票、住宿与线路，电子凭证通行。|門票、住宿與線路，電子憑證通行。|"
            "Tickets, stays and tours on electronic vouchers."
        ),
    ),
    (
        "logistics-market",
        "specialised",
        "粤港澳物流服务市场|粵港澳物流服務市場|Greater Bay Logistics Market",
        "440307",
        "logistics",
        (
            "整车、零担、仓储与冷链运力。|整車、零擔、倉儲與冷鏈運力。|"
            "Trucks, part loads, storage and cold chain."
        ),
    ),
    (
        "learning-market",
        "industry",
        "南粤教育服务市场|南粵教育服務市場|Guangdong Learning Market",
        "440106",
        "education",
        "课程先试后付，学时可查。|課程先試後付，學時可查。|Try before you pay; hours on record.",
    ),
    (
        "health-market",
        "industry",
        "南粤健康服务市场|南粵健康服務市場|Guangdong Health Market",
        "440104",
        "health",
        (
            "体检、口腔与中医，预约到店。|體檢、口腔與中醫，預約到店。|"
            "Check-ups, dental care and Chinese medicine by appointment."
        ),
    ),
)
