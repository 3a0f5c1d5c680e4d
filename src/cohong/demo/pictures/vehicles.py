"""Drawings of cars, vans and lorries."""

from cohong.demo.pictures.canvas import Canvas, Point, arc_points, smooth
from cohong.demo.pictures.scene import Kit, shadow
from cohong.demo.pictures.solids import wheel
from cohong.demo.pictures.tones import CINNABAR, GLAZES, GOLD, INK, SILVER, WHITE, Tone

_GLASS = Tone(0.46, 0.035, 235)


def _paint(k: Kit) -> Tone:
    """Give a car's colour: the glaze, kept off the paper's own white."""
    return k.glaze.lit(-0.03) if k.glaze.light > 0.9 else k.glaze


def _body(c: Canvas, outline: list[Point], tone: Tone) -> None:
    """Draw a smooth flank with a lighter shoulder and a darker sill."""
    c.poly(smooth(outline, closed=True, steps=10), tone)


def sedan(c: Canvas, k: Kit) -> None:
    """Draw a saloon from the side."""
    shadow(c, 0, 4, 420, 30)
    tone = _paint(k)
    body: list[Point] = [
        (-292, -62),
        (-298, -104),
        (-276, -142),
        (-206, -158),
        (-150, -168),
        (-92, -222),
        (-10, -240),
        (74, -234),
        (150, -184),
        (196, -166),
        (272, -156),
        (298, -128),
        (300, -84),
        (292, -54),
        (150, -44),
        (0, -42),
        (-150, -44),
    ]
    _body(c, body, tone)
    _body(
        c,
        [
            (-294, -70),
            (-160, -92),
            (0, -96),
            (160, -94),
            (297, -84),
            (290, -54),
            (150, -44),
            (0, -42),
            (-150, -44),
            (-288, -56),
        ],
        tone.lit(-0.06),
    )
    c.poly([*smooth([(-136, -166), (-88, -210), (-54, -222), (-20, -226)]), (-18, -166)], _GLASS)
    c.poly(
        [(-8, -166), (-8, -227), *smooth([(30, -226), (66, -218), (104, -192), (128, -172)]), (120, -166)],
        _GLASS,
    )
    c.poly([(-118, -170), (-78, -208), (-58, -213), (-96, -170)], WHITE.glass(70))
    c.poly([(14, -168), (14, -222), (38, -222), (38, -168)], WHITE.glass(60))
    c.line([(-230, -150), (-60, -154), (100, -152), (230, -150)], 3, tone.lit(0.10))
    c.line([(-14, -160), (-14, -70)], 2.6, tone.lit(-0.12))
    c.line([(-124, -152), (-116, -92), (-104, -72)], 2.6, tone.lit(-0.12))
    c.line([(118, -152), (122, -100), (110, -72)], 2.6, tone.lit(-0.12))
    for x in (-48, 56):
        c.rect(x, -140, 34, 9, tone.lit(-0.14), r=4)
    c.blob([(-296, -122), (-266, -132), (-236, -126), (-262, -112), (-292, -108)], WHITE)
    c.blob([(298, -132), (270, -138), (254, -128), (276, -116), (298, -114)], CINNABAR)
    c.blob([(-128, -168), (-156, -172), (-152, -156), (-130, -156)], tone.lit(-0.05))
    for x in (-178, 186):
        c.oval(x, -54, 68, 66, tone.lit(-0.16))
        wheel(c, x, -52, 56, spokes=k.between(5, 7))


def suv(c: Canvas, k: Kit) -> None:
    """Draw a tall car from the side, with roof rails."""
    shadow(c, 0, 4, 420, 30)
    tone = _paint(k)
    body: list[Point] = [
        (-286, -72),
        (-292, -130),
        (-276, -176),
        (-180, -192),
        (-128, -204),
        (-86, -268),
        (-20, -288),
        (110, -288),
        (222, -278),
        (266, -206),
        (280, -150),
        (282, -88),
        (270, -62),
        (150, -54),
        (0, -52),
        (-150, -54),
    ]
    _body(c, body, tone)
    c.poly(
        [(-284, -98), (276, -98), (274, -62), (150, -52), (0, -50), (-150, -52), (-280, -66)], INK.lit(0.06)
    )
    c.poly([*smooth([(-116, -202), (-84, -254), (-60, -268), (-12, -275)]), (-10, -202)], _GLASS)
    c.poly([(4, -202), (4, -274), (100, -274), (104, -202)], _GLASS)
    c.poly(
        [
            (116, -202),
            (112, -274),
            *smooth([(170, -273), (206, -266), (226, -236), (236, -206)]),
            (234, -202),
        ],
        _GLASS,
    )
    c.poly([(-96, -204), (-60, -258), (-40, -264), (-72, -204)], WHITE.glass(70))
    c.poly([(28, -202), (28, -274), (52, -274), (52, -202)], WHITE.glass(60))
    c.line([(-20, -300), (180, -300)], 7, SILVER.lit(-0.15))
    for x in (-14, 84, 176):
        c.rect(x - 4, -300, 8, 16, SILVER.lit(-0.22))
    c.line([(-258, -180), (-60, -186), (110, -184), (262, -178)], 3, tone.lit(0.10))
    for x in (-4, 112):
        c.line([(x, -196), (x, -100)], 2.6, tone.lit(-0.12))
    for x in (-58, 50):
        c.rect(x, -172, 38, 9, tone.lit(-0.14), r=4)
    c.blob([(-292, -150), (-262, -164), (-228, -158), (-256, -142), (-290, -134)], WHITE)
    c.blob([(276, -184), (262, -190), (254, -150), (266, -132), (281, -136)], CINNABAR)
    c.blob([(-106, -202), (-136, -206), (-132, -186), (-108, -186)], tone.lit(-0.05))
    for x in (-176, 172):
        c.oval(x, -64, 78, 76, INK.lit(0.0))
        wheel(c, x, -62, 64, spokes=6)


def van(c: Canvas, k: Kit) -> None:
    """Draw a delivery van from the side."""
    shadow(c, 0, 4, 420, 30)
    tone = {"white": WHITE.lit(-0.05), "silver": SILVER}.get(k.facts.get("colour", ""), _paint(k))
    body: list[Point] = [
        (-290, -60),
        (-296, -120),
        (-280, -168),
        (-232, -190),
        (-184, -262),
        (-150, -304),
        (-110, -316),
        (60, -320),
        (240, -318),
        (282, -300),
        (290, -200),
        (290, -70),
        (280, -52),
        (140, -46),
        (0, -46),
        (-150, -48),
    ]
    _body(c, body, tone)
    c.poly([(-292, -110), (290, -110), (288, -64), (276, -50), (-150, -46), (-288, -56)], tone.lit(-0.08))
    c.rect(-60, -270, 320, 134, k.main.lit(0.02), r=16)
    c.oval(100, -203, 54, 54, WHITE)
    c.poly(
        [(70, -222), (118, -222), (118, -242), (144, -203), (118, -164), (118, -184), (70, -184)],
        k.main.lit(-0.08),
    )
    c.poly(
        [*smooth([(-226, -188), (-184, -250), (-152, -282), (-120, -292)]), (-86, -293), (-86, -188)], _GLASS
    )
    c.poly([(-196, -192), (-150, -262), (-128, -266), (-166, -192)], WHITE.glass(70))
    c.line([(-74, -296), (-74, -66)], 2.6, tone.lit(-0.13))
    c.line([(-214, -172), (-206, -90)], 2.6, tone.lit(-0.13))
    c.rect(-112, -164, 32, 9, tone.lit(-0.18), r=4)
    c.blob([(-296, -140), (-272, -160), (-248, -156), (-264, -132), (-292, -122)], GOLD.lit(0.14))
    c.rect(278, -216, 12, 70, CINNABAR, r=5)
    for x in (-186, 184):
        c.oval(x, -56, 68, 66, tone.lit(-0.20))
        wheel(c, x, -54, 56, spokes=6)


def tyre(c: Canvas, k: Kit) -> None:
    """Draw a tyre on its rim with another leaning behind."""
    shadow(c, 10, 6, 400, 42)
    with c.at(116, -150, 0.86):
        _tyre(c, k, 5)
    with c.at(-58, -180, 1.0):
        _tyre(c, k, k.between(5, 8))


def _tyre(c: Canvas, k: Kit, spokes: int) -> None:
    rubber = INK.lit(-0.04)
    for step in range(12, -1, -1):
        c.oval(
            step * 6.0,
            step * -0.6,
            158 - step * 0.8,
            178 - step * 0.8,
            rubber.lit(-0.05 if step % 2 else 0.02),
        )
    for step in range(26):
        edge = arc_points(36, -3, 158, 178, -88 + step * 6.8, -87 + step * 6.8)[0]
        c.line([(edge[0] - 26, edge[1] + 3), (edge[0] + 28, edge[1] - 4)], 3.4, rubber.lit(-0.10))
    c.oval(0, 0, 158, 178, rubber.lit(0.06))
    c.ring(0, 0, 140, 158, 3, rubber.lit(0.14))
    c.ring(0, 0, 124, 140, 2, rubber.lit(0.12))
    rim = SILVER if k.accent.hue > 180 else SILVER.lit(-0.05)
    c.oval(0, 0, 110, 124, rim.lit(-0.14))
    c.oval(0, 0, 102, 116, INK.lit(0.04))
    for spoke in range(spokes):
        with c.at(0, 0, turn=360 * spoke / spokes + 12):
            c.poly([(-17, 0), (-25, -106), (25, -106), (17, 0)], rim)
            c.poly([(4, 0), (8, -106), (25, -106), (17, 0)], rim.lit(-0.08))
    c.ring(0, 0, 106, 120, 9, rim.lit(0.04))
    c.oval(0, 0, 26, 29, rim.lit(-0.12))
    c.oval(0, 0, 16, 18, GLAZES["oxblood"] if spokes % 2 else GLAZES["cobalt"])


def truck(c: Canvas, k: Kit) -> None:
    """Draw a box lorry heading left."""
    tone = k.glaze if 0.4 < k.glaze.light < 0.85 else k.main
    _lorry(c, k, tone)
    with c.at(62, -222):
        for step in range(3):
            x = -70 + step * 62
            c.poly(
                [(x, 0), (x + 34, -40), (x + 62, -40), (x + 28, 0), (x + 62, 40), (x + 34, 40)],
                WHITE.glass(170),
            )


def coldchain(c: Canvas, k: Kit) -> None:
    """Draw a refrigerated lorry with a snow crystal."""
    _lorry(c, k, Tone(0.88, 0.035, 225))
    c.rect(-152, -368, 62, 54, SILVER.lit(-0.10), r=8)
    for row in range(4):
        c.line([(-144, -356 + row * 10), (-98, -356 + row * 10)], 3, SILVER.lit(-0.25))
    with c.at(66, -216):
        ice = Tone(0.55, 0.11, 235)
        for turn in range(0, 360, 60):
            with c.at(0, 0, turn=turn):
                c.line([(0, 0), (0, -76)], 9, ice)
                c.line([(0, -42), (20, -60)], 7, ice)
                c.line([(0, -42), (-20, -60)], 7, ice)
        c.oval(0, 0, 12, 12, ice)


def _lorry(c: Canvas, k: Kit, tone: Tone) -> None:
    shadow(c, 0, 4, 430, 30)
    cab = k.one("oxblood", "cobalt", "pine", "amber", "coral")
    c.rect(-290, -92, 580, 24, INK.lit(0.08), r=4)
    c.rect(-134, -332, 426, 244, tone, r=8)
    c.rect(-134, -332, 426, 16, tone.lit(0.07), r=6)
    c.rect(-134, -106, 426, 18, tone.lit(-0.10), r=4)
    for x in (-64, 292 - 40):
        c.line([(x, -314), (x, -108)], 2.4, tone.lit(-0.06))
    c.poly(
        smooth(
            [
                (-300, -84),
                (-302, -170),
                (-284, -262),
                (-256, -284),
                (-150, -286),
                (-146, -200),
                (-146, -84),
                (-220, -80),
            ],
            closed=True,
        ),
        cab,
    )
    c.poly(
        [(-294, -176), *smooth([(-288, -216), (-278, -250), (-256, -266)]), (-172, -267), (-172, -176)],
        _GLASS,
    )
    c.poly([(-266, -176), (-244, -262), (-222, -264), (-240, -176)], WHITE.glass(70))
    c.rect(-172, -156, 20, 8, cab.lit(-0.15), r=4)
    c.rect(-304, -120, 34, 26, GOLD.lit(0.14), r=8)
    c.rect(-306, -86, 152, 18, SILVER.lit(-0.15), r=8)
    for x in (-216, 110, 214):
        c.oval(x, -56, 60, 58, INK.lit(-0.02))
        wheel(c, x, -52, 50, spokes=8)
