"""The plastics industry's categories."""

from cohong.demo.schema import Leaf, choice, count, decimal, flag, industry, words

INDUSTRY = industry(
    "plastics",
    "塑料|塑料|Plastics",
    188,
    (
        Leaf(
            "resin",
            "塑料粒子|塑料粒子|Resin pellets",
            "kg",
            (720, 1680),
            (500, 25),
            1000,
            (
                choice("polymer", "树脂|樹脂|Polymer", "PP", "HDPE", "ABS", "PC", "PET"),
                choice(
                    "use",
                    "加工方式|加工方式|Process",
                    "注塑级|注塑級|Injection",
                    "吹塑级|吹塑級|Blow moulding",
                    "拉丝级|拉絲級|Raffia",
                ),
                decimal("melt-flow", "熔融指数|熔融指數|Melt flow", "g/10min", "2.0", "8.0", "12.0", "25.0"),
                choice(
                    "colour",
                    "颜色|顏色|Colour",
                    "本色|本色|Natural",
                    "黑色|黑色|Black",
                    "白色|白色|White",
                    sku=True,
                ),
            ),
            ("polymer", "use"),
            (
                "通用塑料粒子|general-purpose pellets|polymer=pp,hdpe",
                "高流动塑料粒子|high-flow pellets|polymer=pp;use=injection",
                "增韧改性粒子|toughened compound|polymer=abs,pc;use=injection",
                "阻燃改性粒子|flame-retardant compound|polymer=abs,pc,pp;use=injection",
                "食品接触级粒子|food-contact pellets|polymer=pp,hdpe,pet;use=injection,blow-moulding",
            ),
            ("二十五公斤纸塑袋包装，四十袋一板。", "免费提供试料五公斤。", "批次稳定，附物性表。"),
        ),
        Leaf(
            "film",
            "薄膜|薄膜|Film",
            "roll",
            (3200, 18600),
            (20, 1),
            12000,
            (
                choice("material", "材质|材質|Material", "LLDPE", "BOPP", "PE", "PLA"),
                count("width", "幅宽|幅寬|Width", "mm", 500, 750, 1000, 1500, sku=True),
                count("thickness", "厚度|厚度|Thickness", "μm", 17, 20, 23, 30),
                count("length", "卷长|卷長|Length", "m", 300, 1000, 3000),
            ),
            ("material", "thickness"),
            (
                "缠绕膜|stretch film|material=lldpe",
                "农用地膜|mulch film|material=pe",
                "热封包装膜|heat-seal film|material=bopp",
                "静电保护膜|protective film|material=pe",
                "可降解膜|compostable film|material=pla",
            ),
            ("可印刷企业标识。", "纸芯规格三寸，可定制。", "抗穿刺，拉伸三倍不断。"),
            hue=196,
        ),
        Leaf(
            "crate",
            "周转箱|周轉箱|Crates",
            "piece",
            (1380, 6800),
            (50, 5),
            2100,
            (
                choice(
                    "colour",
                    "颜色|顏色|Colour",
                    "蓝色|藍色|Blue",
                    "绿色|綠色|Green",
                    "灰色|灰色|Grey",
                    "橙色|橙色|Orange",
                    sku=True,
                ),
                words(
                    "size", "外尺寸|外尺寸|Outer size", "600×400×230 mm", "600×400×340 mm", "400×300×150 mm"
                ),
                count("load", "承重|承重|Load", "kg", 20, 35, 50),
                flag("stackable", "可堆叠|可堆疊|Stackable"),
            ),
            ("size",),
            (
                "物流周转箱|logistics crate",
                "可折叠周转箱|folding crate",
                "果蔬筐|produce crate",
                "防静电箱|ESD-safe box",
                "带盖斜插箱|attached-lid container",
            ),
            ("全新料生产，零下二十度不脆裂。", "满千只可印字。", "套叠存放，节省七成空间。"),
        ),
        Leaf(
            "sheet",
            "板材|板材|Sheets",
            "piece",
            (4600, 29800),
            (10, 1),
            8600,
            (
                choice("material", "材质|材質|Material", "PC", "PMMA", "PVC", "PP"),
                decimal("thickness", "厚度|厚度|Thickness", "mm", "2.0", "3.0", "5.0", "8.0", sku=True),
                choice(
                    "finish", "表面|表面|Finish", "透明|透明|Clear", "磨砂|磨砂|Frosted", "彩色|彩色|Tinted"
                ),
                words("size", "板幅|板幅|Sheet size", "1220×2440 mm", "1000×2000 mm"),
            ),
            ("material", "finish"),
            (
                "耐力板|solid sheet|material=pc",
                "阳光板|twin-wall sheet|material=pc",
                "亚克力板|acrylic sheet|material=pmma",
                "雕刻板|engraving sheet|material=pvc",
                "防护隔板|safety screen|material=pc,pmma",
            ),
            ("双面覆膜，防刮防尘。", "支持裁切、折弯、热弯。", "抗紫外线，户外质保十年。"),
            hue=178,
        ),
    ),
)
