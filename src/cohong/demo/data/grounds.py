"""The grounds on which the region's authorities place holds, with the law that each rests on."""

from typing import Final, Literal

Stops = Literal["listing", "order", "party", "review"]

# Code, what it can be placed on, the ground and the law, each in the region's languages (see `Text.of`).
GROUNDS: Final[tuple[tuple[str, tuple[Stops, ...], str, str], ...]] = (
    (
        "false-advertising",
        ("listing",),
        "涉嫌虚假宣传|涉嫌虛假宣傳|Suspected false advertising",
        "《广告法》第二十八条|《廣告法》第二十八條|Advertising Law, art. 28",
    ),
    (
        "counterfeit",
        ("listing", "order"),
        "涉嫌侵犯注册商标专用权|涉嫌侵犯註冊商標專用權|Suspected infringement of a registered trade mark",
        "《商标法》第五十七条|《商標法》第五十七條|Trademark Law, art. 57",
    ),
    (
        "no-licence",
        ("listing", "party"),
        "未取得经营该类商品的行政许可|未取得經營該類商品的行政許可|No licence to trade in such goods",
        "《电子商务法》第十二条|《電子商務法》第十二條|E-Commerce Law, art. 12",
    ),
    (
        "unsafe",
        ("listing", "order"),
        "商品存在危及人身、财产安全的缺陷|商品存在危及人身、財產安全的缺陷|Goods with a defect that endangers people or property",
        "《消费者权益保护法》第三十三条|《消費者權益保護法》第三十三條|Consumer Rights Law, art. 33",
    ),
    (
        "price-fraud",
        ("listing",),
        "涉嫌以虚假标价诱骗交易|涉嫌以虛假標價誘騙交易|Suspected luring by a false price",
        "《价格法》第十四条|《價格法》第十四條|Price Law, art. 14",
    ),
    (
        "complaint",
        ("order",),
        "消费者投诉正在调解|消費者投訴正在調解|A consumer’s complaint is being mediated",
        "《电子商务法》第六十条|《電子商務法》第六十條|E-Commerce Law, art. 60",
    ),
    (
        "registration",
        ("party",),
        "登记信息与登记机关不一致，待核实|登記資訊與登記機關不一致，待核實|Details do not agree with the register",
        "《电子商务法》第二十七条|《電子商務法》第二十七條|E-Commerce Law, art. 27",
    ),
    (
        "account-check",
        ("party",),
        "收款账户异常，待本人核实|收款賬戶異常，待本人核實|Unusual movements on the account, to be explained by its holder",
        "《反电信网络诈骗法》第十八条|《反電信網絡詐騙法》第十八條|Law against Telecom and Online Fraud, art. 18",
    ),
    (
        "made-up-review",
        ("review",),
        "虚构交易、编造用户评价|虛構交易、編造用戶評價|Invented trade or made-up review",
        "《反不正当竞争法》第九条|《反不正當競爭法》第九條|Anti-Unfair Competition Law, art. 9",
    ),
    (
        "private-data",
        ("review",),
        "公开他人个人信息|公開他人個人資訊|Makes somebody’s personal data public",
        "《个人信息保护法》第十条|《個人資訊保護法》第十條|Personal Information Protection Law, art. 10",
    ),
)
