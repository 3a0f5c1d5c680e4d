"""Surnames and given characters: Simplified, Traditional, pinyin."""

SURNAMES = (
    "陈|陳|Chen", "李|李|Li", "黄|黃|Huang", "张|張|Zhang", "梁|梁|Liang", "林|林|Lin", "刘|劉|Liu", "吴|吳|Wu",
    "罗|羅|Luo", "杨|楊|Yang", "郑|鄭|Zheng", "何|何|He", "谢|謝|Xie", "曾|曾|Zeng", "邓|鄧|Deng", "叶|葉|Ye",
    "谭|譚|Tan", "冯|馮|Feng", "苏|蘇|Su", "卢|盧|Lu", "潘|潘|Pan", "蔡|蔡|Cai", "区|區|Ou", "麦|麥|Mai",
    "关|關|Guan", "温|溫|Wen", "钟|鍾|Zhong", "余|余|Yu", "许|許|Xu", "招|招|Zhao",
)

MALE = (
    "伟|偉|wei", "志|志|zhi", "强|強|qiang", "家|家|jia", "明|明|ming", "俊|俊|jun", "浩|浩|hao", "文|文|wen",
    "国|國|guo", "荣|榮|rong", "泽|澤|ze", "锋|鋒|feng", "健|健|jian", "海|海|hai", "嘉|嘉|jia", "永|永|yong",
    "辉|輝|hui", "达|達|da", "铭|銘|ming", "轩|軒|xuan",
)

FEMALE = (
    "丽|麗|li", "敏|敏|min", "静|靜|jing", "婷|婷|ting", "惠|惠|hui", "雪|雪|xue", "佩|佩|pei", "仪|儀|yi",
    "咏|詠|yong", "欣|欣|xin", "晓|曉|xiao", "燕|燕|yan", "芳|芳|fang", "洁|潔|jie", "琪|琪|qi", "嘉|嘉|jia",
    "韵|韻|yun", "兰|蘭|lan", "诗|詩|shi", "慧|慧|hui",
)

# (code, name, mandate)
AUTHORITIES = (
    ("market-supervision", "南粤市场监督管理局（演示）|南粵市場監督管理局（演示）|Market Supervision Authority (demo)", "market_supervision"),
    ("statistics", "南粤统计局（演示）|南粵統計局（演示）|Statistics Authority (demo)", "statistics"),
    ("programme-office", "南粤电子商务项目办公室（演示）|南粵電子商務項目辦公室（演示）|E-commerce Programme Office (demo)", "programme_office"),
    ("platform", "公行平台运营中心（演示）|公行平台運營中心（演示）|Cohong Platform Operations (demo)", "platform"),
)
