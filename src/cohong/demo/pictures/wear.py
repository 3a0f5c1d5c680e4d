"""Drawings of clothing and shoes."""

from cohong.demo.pictures.canvas import Canvas, Point, arc_points, smooth
from cohong.demo.pictures.scene import Kit, shadow
from cohong.demo.pictures.tones import GOLD, INK, IVORY, SILVER, WALNUT, WHITE, WOOD, Tone


def _cloth(k: Kit) -> Tone:
    """Give the garment's colour, kept off the paper's own white."""
    return k.glaze.lit(-0.02) if k.glaze.light > 0.9 else k.glaze


def _hanger(c: Canvas, y: float, half: float) -> None:
    c.arc(0, y - 52, 17, 18, 170, 420, 6, SILVER.lit(-0.15))
    c.line([(8, y - 38), (0, y - 22)], 6, SILVER.lit(-0.15))
    c.curve(
        [(-half, y + 22), (-half * 0.4, y - 8), (0, y - 22), (half * 0.4, y - 8), (half, y + 22)], 13, WOOD
    )


def _both(points: list[Point]) -> list[Point]:
    """Give an outline from its right half, given from the top middle down to the bottom middle."""
    return [*points, *((-x, y) for x, y in reversed(points))]


def dress(c: Canvas, k: Kit) -> None:
    """Draw a dress on a hanger, plain, flowered or with a mandarin collar."""
    tone = _cloth(k)
    _hanger(c, -420, 92)
    style = k.between(0, 2)
    flare = (168, 138, 190)[style]
    right: list[Point] = [
        (26, -424),
        (72, -412),
        (80, -372),
        (66, -320),
        (58, -272),
        (62, -250),
        (96, -160),
        (flare * 0.84, -70),
        (flare, -8),
    ]
    hem = [(flare - 34 * step * flare / 170, 2 + (7 if step % 2 else -3)) for step in range(1, 10)]
    body = [*smooth(right), *hem, *reversed(smooth([(-x, y) for x, y in right]))]
    c.poly(body, tone)
    side = [*smooth(right[3:]), *hem[:2], (flare * 0.45, -110), (36, -250), (44, -330)]
    c.poly(side, tone.lit(-0.055))
    for x in (-0.55, -0.15, 0.28):
        c.curve([(x * 46, -244), (x * 100, -140), (x * flare, -14)], 4, tone.lit(-0.075))
    if style == 0:
        for side_sign in (-1, 1):
            c.blob(
                [
                    (side_sign * 66, -414),
                    (side_sign * 112, -388),
                    (side_sign * 128, -338),
                    (side_sign * 88, -334),
                    (side_sign * 70, -366),
                ],
                tone.lit(0.025),
            )
        c.blob([(-30, -428), (0, -394), (30, -428), (0, -420)], tone.lit(-0.22))
    elif style == 1:
        c.poly([(-30, -436), (30, -436), (34, -404), (0, -392), (-34, -404)], tone.lit(-0.06))
        c.curve([(0, -396), (26, -372), (60, -352), (66, -300)], 4, GOLD)
        for x, y in ((12, -382), (44, -362), (62, -326)):
            c.line([(x - 9, y), (x + 9, y)], 4, GOLD)
            c.oval(x + 9, y, 4.5, 4.5, GOLD)
    else:
        for side_sign in (-1, 1):
            c.line([(side_sign * 46, -400), (side_sign * 36, -432)], 9, tone.lit(-0.04))
        c.blob([(-58, -416), (0, -384), (58, -416), (0, -440)], WHITE.lit(-0.06))
        _hanger(c, -420, 58)
    c.poly([(-62, -266), (62, -266), (65, -246), (-65, -246)], tone.lit(-0.14))
    if k.rng.random() < 0.55:
        _flowers(c, k, tone, flare)
    shadow(c, 0, 22, 250, 16, 90)


def _flowers(c: Canvas, k: Kit, tone: Tone, flare: float) -> None:
    petal = WHITE.lit(-0.02) if tone.light < 0.75 else k.main.lit(0.04)
    for row in range(9):
        y = -400 + row * 45
        half = 56 if y < -250 else 56 + (y + 250) / 250 * (flare - 66)
        number = max(2, round(half / 24))
        for place in range(number):
            x = -half + half * 2 * (place + 0.5) / number + (11 if row % 2 else -11)
            if abs(x) < half * 0.94 and not -272 < y < -240:
                for turn in range(0, 360, 72):
                    with c.at(x, y, turn=turn + row * 13):
                        c.oval(0, -5, 3.8, 4.8, petal)
                c.oval(x, y, 2.8, 2.8, GOLD)


def shirt(c: Canvas, k: Kit) -> None:
    """Draw a T-shirt or a buttoned shirt on a hanger."""
    tone = _cloth(k)
    buttoned = k.rng.random() < 0.5
    shadow(c, 0, 22, 280, 16, 90)
    _hanger(c, -396, 120)
    sleeve = 210 if buttoned else 176
    for side in (-1, 1):
        if buttoned:
            arm = [
                (side * 110, -388),
                (side * 160, -356),
                (side * sleeve, -90),
                (side * 160, -74),
                (side * 116, -280),
            ]
        else:
            arm = [
                (side * 104, -392),
                (side * 160, -360),
                (side * 222, -262),
                (side * 172, -222),
                (side * 116, -292),
            ]
        c.poly(smooth(arm, closed=True, steps=5), tone.lit(-0.035 if side < 0 else -0.075))
    body = _both([(44, -408), (112, -390), (142, -352), (132, -250), (136, -30), (132, 0)])
    c.poly(body, tone)
    c.poly(
        [(132, 0), (136, -30), (132, -250), (142, -352), (112, -340), (106, -180), (104, 0)], tone.lit(-0.055)
    )
    for x in (-96, -60):
        c.curve([(x, -280), (x + 8, -160), (x - 4, -30)], 4, tone.lit(-0.045))
    if buttoned:
        c.poly([(-44, -410), (0, -340), (44, -410), (0, -396)], tone.lit(-0.24))
        for side in (-1, 1):
            c.poly(
                [(side * 48, -418), (side * 4, -352), (side * 52, -330), (side * 74, -398)], tone.lit(0.03)
            )
        c.line([(0, -346), (0, -4)], 3, tone.lit(-0.11))
        for y in (-300, -236, -172, -108, -44):
            c.oval(9, y, 5.6, 5.6, IVORY)
            c.oval(9, y, 2.0, 2.0, tone.lit(-0.2))
        c.rect(40, -300, 62, 66, tone.lit(-0.03), r=6)
        c.line([(40, -286), (102, -286)], 3, tone.lit(-0.10))
    else:
        c.blob([(-50, -410), (0, -368), (50, -410), (0, -404)], tone.lit(-0.24))
        c.curve([(-52, -408), (-30, -376), (0, -362), (30, -376), (52, -408)], 11, tone.lit(-0.07))
        c.line([(-134, -14), (134, -14)], 3, tone.lit(-0.09))
        emblem = k.between(0, 2)
        light = IVORY if tone.light < 0.75 else k.deep
        if emblem == 0:
            c.ring(0, -240, 42, 42, 6, light)
            c.poly(
                [(-42, -238), (-14, -262), (6, -246), (22, -258), (42, -238), (28, -210), (-28, -210)], light
            )
        elif emblem == 1:
            for row in range(3):
                c.rect(-130, -266 + row * 34, 260, 13, light)
        else:
            c.rect(-86, -300, 46, 46, light, r=8)


def trousers(c: Canvas, k: Kit) -> None:
    """Draw jeans or trousers laid out."""
    tone = {
        "raw-denim": Tone(0.40, 0.07, 262),
        "light-blue": Tone(0.68, 0.06, 248),
        "khaki": Tone(0.72, 0.055, 82),
    }.get(k.facts.get("colour", ""), Tone(0.32, 0.012, 265))
    stitch = GOLD if tone.chroma > 0.03 else tone.lit(0.16)
    shadow(c, 0, 10, 300, 22, 110)
    spread = {"slim": (126, 62), "wide": (196, 26)}.get(k.facts.get("cut", ""), (152, 46))
    outer, inner = spread
    for side in (-1, 1):
        leg = [
            (-side, -420),
            (side * 108, -420),
            (side * 130, -300),
            (side * (outer - 8), -120),
            (side * outer, 0),
            (side * inner, 0),
            (side * 6, -256),
            (-side, -264),
        ]
        c.poly(leg, tone.lit(0.0 if side < 0 else -0.035))
        c.line(
            [(side * 122, -330), (side * (outer - 14), -110), (side * (outer - 8), -8)], 2, stitch.glass(190)
        )
        c.poly(
            [(side * inner, -18), (side * outer, -18), (side * outer, 0), (side * inner, 0)], tone.lit(0.07)
        )
        c.curve(
            [(side * 60, -300), (side * 86, -200), (side * ((outer + inner) / 2), -40)],
            16,
            tone.lit(0.07).glass(110),
        )
        c.curve([(side * 112, -388), (side * 96, -352), (side * 58, -350), (side * 50, -388)], 3, stitch)
        c.curve([(side * 36, -262), (side * 60, -284)], 3, tone.lit(-0.08))
    c.rect(-110, -430, 220, 34, tone.lit(-0.055), r=6)
    for x in (-82, -34, 26, 74):
        c.rect(x, -434, 10, 42, tone.lit(0.03), r=3)
    c.oval(0, -412, 8, 8, GOLD)
    c.line([(0, -396), (0, -272)], 3, tone.lit(-0.12))
    c.curve([(26, -394), (26, -318), (2, -276)], 2.6, stitch)


def jacket(c: Canvas, k: Kit) -> None:
    """Draw a jacket or a coat."""
    tone = _cloth(k)
    long = k.facts.get("shell") == "wool-blend"
    foot = 0.0 if long else -70.0
    shadow(c, 0, 22, 300, 16, 90)
    with c.at(0, 0, 0.98 if long else 1.14), c.at(0, -foot):
        _jacket(c, k, tone, long=long, foot=foot)


def _jacket(c: Canvas, k: Kit, tone: Tone, *, long: bool, foot: float) -> None:
    for side in (-1, 1):
        arm = [
            (side * 104, -396),
            (side * 156, -360),
            (side * 206, -120),
            (side * 162, -98),
            (side * 120, -260),
        ]
        c.poly(smooth(arm, closed=True, steps=5), tone.lit(-0.045 if side < 0 else -0.085))
        c.poly(
            [(side * 163, -128), (side * 207, -148), (side * 208, -116), (side * 164, -98)], tone.lit(-0.12)
        )
    body = _both([(40, -420), (112, -396), (144, -350), (134, -220), (146, foot)])
    c.poly(body, tone)
    c.poly([(146, foot), (134, -220), (144, -350), (112, -340), (106, -200), (108, foot)], tone.lit(-0.055))
    c.poly([(-46, -424), (0, -300), (46, -424), (0, -410)], WHITE.lit(-0.04))
    if long:
        for side in (-1, 1):
            c.poly(
                [
                    (side * 44, -428),
                    (side * 96, -384),
                    (side * 70, -346),
                    (side * 84, -330),
                    (side * 4, -236),
                ],
                tone.lit(0.045 if side < 0 else 0.02),
            )
            c.rect(side * 82 - 34, -146, 68, 15, tone.lit(-0.11), r=4)
        c.line([(2, -236), (2, -4)], 3, tone.lit(-0.12))
        for x in (-26, 28):
            for y in (-206, -140):
                c.oval(x, y, 9, 9, WALNUT)
                c.oval(x - 2, y - 2, 3, 3, WOOD)
        c.poly([(-140, -196), (140, -196), (140, -172), (-140, -172)], tone.lit(-0.09))
        c.rect(-24, -202, 44, 36, tone.lit(-0.14), r=5)
    else:
        c.poly([(-58, -430), (0, -396), (58, -430), (62, -392), (0, -352), (-62, -392)], tone.lit(-0.09))
        c.line([(0, -372), (0, foot)], 9, SILVER.lit(-0.05))
        c.line([(0, -372), (0, foot)], 2.4, INK)
        c.rect(-6, -352, 12, 28, SILVER, r=5)
        c.rect(-146, foot - 26, 292, 28, tone.lit(-0.13), r=8)
        for side in (-1, 1):
            c.line([(side * 56, -190), (side * 92, -122)], 7, tone.lit(-0.13))
        if k.facts.get("shell", "").startswith("water"):
            c.poly(
                [
                    (-136, -300),
                    (136, -300),
                    (140, -352),
                    (112, -394),
                    (40, -420),
                    (-40, -420),
                    (-112, -394),
                    (-140, -352),
                ],
                k.accent.glass(120),
            )
            c.line([(0, -400), (0, -300)], 9, SILVER.lit(-0.05))
            c.poly([(-58, -430), (0, -396), (58, -430), (62, -392), (0, -352), (-62, -392)], tone.lit(-0.09))
        else:
            c.curve([(-132, -276), (-60, -262), (-8, -276)], 3, tone.lit(-0.10))
            c.curve([(132, -276), (60, -262), (8, -276)], 3, tone.lit(-0.10))


def shoe(c: Canvas, k: Kit) -> None:
    """Draw a pair of shoes."""
    shadow(c, 0, 6, 380, 34)
    tone = _cloth(k)
    with c.at(58, -60, 0.92):
        _one_shoe(c, k, tone.lit(-0.04))
    with c.at(-34, 0, 1.06):
        _one_shoe(c, k, tone)


def _one_shoe(c: Canvas, k: Kit, tone: Tone) -> None:
    _sole(c, k, tone)
    _upper(c, tone)
    for step in range(5):
        x, y = -98 + step * 25, -112 - step * 21
        c.line([(x - 12, y - 18), (x + 24, y + 10)], 7, WHITE if tone.light < 0.85 else INK.lit(0.2))
        c.oval(x + 26, y + 12, 4.4, 4.4, tone.lit(-0.18))
    _trim(c, k, tone)


def _sole(c: Canvas, k: Kit, tone: Tone) -> None:
    sole = WHITE.lit(-0.01) if tone.light < 0.85 else k.light.lit(0.04)
    c.blob(
        [
            (-238, -40),
            (-232, -6),
            (-120, 0),
            (60, 0),
            (210, -4),
            (226, -34),
            (150, -56),
            (-60, -56),
            (-200, -58),
        ],
        sole.lit(-0.03),
    )
    c.poly(
        smooth(
            [
                (-236, -30),
                (-150, -24),
                (0, -26),
                (120, -24),
                (222, -30),
                (214, -6),
                (60, 1),
                (-120, 1),
                (-228, -6),
            ],
            closed=True,
            steps=5,
        ),
        sole.lit(-0.10),
    )


def _upper(c: Canvas, tone: Tone) -> None:
    upper: list[Point] = [
        (-232, -48),
        (-226, -84),
        (-180, -112),
        (-110, -136),
        (-50, -176),
        (-6, -220),
        (40, -232),
        (70, -206),
        (130, -196),
        (186, -226),
        (212, -206),
        (206, -140),
        (216, -84),
        (210, -48),
        (100, -42),
        (-60, -44),
    ]
    c.poly(smooth(upper, closed=True), tone)
    c.poly(
        smooth(
            [(-232, -48), (-226, -84), (-186, -108), (-150, -96), (-138, -60), (-150, -44)],
            closed=True,
            steps=5,
        ),
        tone.lit(-0.07),
    )
    c.poly(
        smooth(
            [(206, -48), (216, -84), (206, -140), (212, -206), (184, -214), (150, -160), (146, -44)],
            closed=True,
            steps=5,
        ),
        tone.lit(-0.07),
    )
    c.blob(
        [(-4, -214), (40, -232), (70, -206), (128, -194), (180, -222), (150, -184), (90, -176), (40, -196)],
        tone.lit(-0.24),
    )
    c.poly([(-120, -130), (-46, -176), (-4, -218), (30, -206), (-30, -140), (-96, -100)], tone.lit(0.05))


def _trim(c: Canvas, k: Kit, tone: Tone) -> None:
    """Draw the flash on a shoe's flank, its seam and its knit."""
    flash = k.accent if abs(k.accent.light - tone.light) > 0.08 else k.main
    c.poly(
        smooth([(-30, -70), (40, -120), (110, -160), (134, -128), (60, -84), (0, -60)], closed=True, steps=5),
        flash,
    )
    c.curve([(-140, -60), (-60, -64), (60, -56), (140, -60)], 2.4, tone.lit(-0.09))
    if k.facts.get("upper") == "knit":
        for row in range(4):
            c.line(arc_points(-150, -60, 30 + row * 14, 26 + row * 12, 215, 300), 2, tone.lit(-0.06))
