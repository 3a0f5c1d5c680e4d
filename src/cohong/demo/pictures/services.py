"""Drawings of parcels, warehouses, learning and health."""

from cohong.demo.pictures.canvas import Canvas, arc_points, smooth
from cohong.demo.pictures.scene import Kit, shadow
from cohong.demo.pictures.solids import heap, leaf, spark
from cohong.demo.pictures.tones import (
    CINNABAR,
    GLAZES,
    GOLD,
    INK,
    IRON,
    IVORY,
    KRAFT,
    LEAF,
    SILVER,
    WALNUT,
    WHITE,
    WOOD,
    Tone,
)


def parcel(c: Canvas, k: Kit) -> None:
    """Draw cardboard parcels, taped and labelled."""
    shadow(c, 10, 6, 430, 44)
    stack = [(-96, 0, 290, 220), (150, 0, 170, 150), (-60, -220, 200, 140)]
    if k.rng.random() < 0.5:
        stack.append((150, -150, 126, 96))
    for step, (x, y, w, h) in enumerate(stack):
        tone = KRAFT.lit((0.0, 0.035, 0.02, -0.02)[step])
        depth = w * 0.26
        c.box(x, y, w, h, depth, tone)
        tape = (k.one("amber", "coral", "sky") if step == 0 else IVORY.lit(-0.08)).muted(0.8)
        c.rect(x - w * 0.09, y - h, w * 0.18, h * 0.26, tape)
        c.poly(
            [
                (x - w * 0.09, y - h),
                (x - w * 0.09 + depth, y - h - depth / 2),
                (x + w * 0.09 + depth, y - h - depth / 2),
                (x + w * 0.09, y - h),
            ],
            tape.lit(0.06),
        )
        left = x - w * 0.42
        c.rect(left, y - h * 0.60, w * 0.40, h * 0.44, WHITE, r=5)
        for bar in range(9):
            c.rect(
                left + w * 0.03 + bar * w * 0.038,
                y - h * 0.56,
                w * (0.012 + 0.011 * (bar * 7 % 3)),
                h * 0.13,
                INK,
            )
        for row in range(2):
            c.rect(
                left + w * 0.03,
                y - h * (0.37 - row * 0.08),
                w * (0.28 - row * 0.1),
                h * 0.035,
                SILVER.lit(-0.1),
                r=2,
            )
        with c.at(x + w * 0.28, y - h * 0.24, w / 300):
            for dx in (-16, 16):
                c.line([(dx, 18), (dx, -24)], 6, tone.lit(-0.22))
                c.poly([(dx - 14, -20), (dx, -42), (dx + 14, -20)], tone.lit(-0.22))
            c.line([(-34, 30), (34, 30)], 6, tone.lit(-0.22))


def warehouse(c: Canvas, k: Kit) -> None:
    """Draw a warehouse with its doors open on the racks."""
    shadow(c, 0, 6, 450, 30)
    wall = Tone(0.90, 0.012, 240)
    roof = k.one("cobalt", "oxblood", "pine", "plum", "ink").lit(0.05)
    c.rect(-270, -262, 540, 262, wall)
    for step in range(27):
        c.line([(-262 + step * 20, -258), (-262 + step * 20, -4)], 1.8, wall.lit(-0.035))
    c.poly([(-294, -256), (0, -392), (294, -256), (294, -232), (-294, -232)], roof)
    c.poly([(-294, -256), (0, -392), (0, -370), (-294, -232)], roof.lit(0.08))
    c.rect(-40, -330, 80, 44, wall.lit(0.05), r=4)
    for slat in range(4):
        c.line([(-34, -321 + slat * 9), (34, -321 + slat * 9)], 3, wall.lit(-0.12))
    c.rect(-168, -200, 336, 200, INK.lit(0.06))
    for level in range(3):
        y = -140 + level * 70
        c.rect(-156, y - 4, 312, 8, GLAZES["amber"])
        for place in range(5):
            if (level * 5 + place) % 7 != k.between(0, 6) or level == 2:
                x = -142 + place * 61
                tone = k.rng.choice((KRAFT, KRAFT.lit(0.05), k.glaze.muted(0.7), k.light))
                height = k.between(30, 48)
                c.rect(x, y - 4 - height, 48, height, tone, r=3)
                c.rect(x + 18, y - 4 - height, 11, height, tone.lit(0.06))
    for x in (-156, -54, 48, 148):
        c.rect(x, -200, 8, 200, GLAZES["cobalt"])
    c.rect(-176, -218, 352, 22, SILVER.lit(-0.06), r=4)
    for line in range(3):
        c.line([(-172, -212 + line * 7), (172, -212 + line * 7)], 2, SILVER.lit(-0.2))
    with c.at(196, 0, 0.84):
        _forklift(c, k)


def _forklift(c: Canvas, k: Kit) -> None:
    body = k.one("amber", "coral", "sky", "sage")
    c.rect(-66, -240, 10, 236, IRON)
    c.rect(-132, -22, 80, 9, IRON.lit(-0.1), r=3)
    c.rect(-138, -104, 72, 78, KRAFT, r=3)
    c.rect(-110, -104, 15, 78, KRAFT.lit(0.07))
    c.poly(
        smooth(
            [(-50, -110), (-20, -110), (0, -74), (60, -82), (90, -118), (112, -104), (112, -34), (-50, -34)],
            closed=True,
            steps=3,
        ),
        body,
    )
    c.line([(-44, -106), (-26, -216), (70, -216), (90, -112)], 9, INK.lit(0.1))
    c.rect(10, -128, 42, 50, INK.lit(0.14), r=8)
    for x, r in ((-24, 34), (82, 30)):
        c.oval(x, -r, r, r, INK)
        c.oval(x, -r, r * 0.5, r * 0.5, SILVER)


def language(c: Canvas, k: Kit) -> None:
    """Draw a screen with a teacher, and two bubbles in conversation."""
    shadow(c, 0, 6, 400, 32)
    c.rect(-216, -338, 432, 288, SILVER.lit(-0.16), r=16)
    c.rect(-208, -330, 416, 272, k.deep.lit(-0.04), r=10)
    c.rect(-196, -318, 392, 248, k.pale, r=4)
    shirt, hair = k.one("coral", "celadon", "cobalt", "amber", "pine"), k.one("ink", "ink", "plum")
    skin = Tone(0.86, 0.05, 62)
    with c.at(-64, -70):
        c.poly(smooth([(-92, 0), (-84, -56), (-34, -86), (34, -86), (84, -56), (92, 0)]), shirt)
        c.rect(-20, -112, 40, 40, skin.lit(-0.05), r=16)
        c.oval(0, -150, 58, 62, hair)
        c.oval(0, -138, 45, 50, skin)
        c.poly(
            smooth(
                [(-50, -150), (-36, -190), (10, -196), (48, -168), (48, -140), (20, -172), (-24, -166)],
                closed=True,
            ),
            hair,
        )
        for x in (-17, 17):
            c.oval(x, -136, 4.4, 5.4, INK)
        c.arc(0, -122, 15, 12, 20, 160, 4, CINNABAR)
    c.rect(56, -292, 120, 92, WHITE, r=8)
    for row in range(4):
        c.rect(68, -278 + row * 18, 92 - row * 17, 8, (k.main, k.light, k.light, k.light)[row], r=4)
    c.oval(116, -136, 31, 31, k.accent)
    c.poly([(107, -154), (107, -118), (138, -136)], WHITE)
    c.poly([(-216, -52), (216, -52), (266, -14), (-266, -14)], SILVER)
    c.poly([(-186, -45), (186, -45), (206, -28), (-206, -28)], SILVER.lit(-0.13))
    c.rect(-266, -15, 532, 12, SILVER.lit(-0.10), r=6)
    for x, y, tone, side in ((196, -356, k.accent, 1), (-206, -384, k.main, -1)):
        c.poly([(x - side * 26, y + 34), (x - side * 56, y + 84), (x + side * 8, y + 46)], tone)
        c.oval(x, y, 82, 54, tone)
        for dot in (-30, 0, 30):
            c.oval(x + dot, y, 9, 9, WHITE)


def skills(c: Canvas, k: Kit) -> None:
    """Draw the tools of the course's trade under a graduate's cap."""
    field = k.facts.get("field", "")
    shadow(c, 0, 6, 440, 36)
    if field == "cantonese-cooking":
        _wok(c)
    elif field == "e-commerce":
        _storefront(c, k)
    elif field == "forklift":
        with c.at(10, 0, 1.5):
            _forklift(c, k)
        return
    else:
        _gears(c, k)
    with c.at(-6, -352, 0.9):
        _cap(c, k)


def _cap(c: Canvas, k: Kit) -> None:
    tone = k.deep.lit(-0.03)
    c.lathe(0, [(-24, 84), (40, 92), (54, 84)], 22, tone.lit(-0.03))
    c.poly([(0, -96), (186, -36), (0, 24), (-186, -36)], tone.lit(0.05))
    c.poly([(-186, -36), (0, 24), (186, -36), (186, -28), (0, 34), (-186, -28)], tone.lit(-0.08))
    c.curve([(0, -36), (90, -24), (146, 4), (150, 66)], 5, GOLD)
    c.poly([(140, 62), (160, 62), (166, 106), (134, 106)], GOLD)
    c.oval(0, -37, 10, 5, GOLD)


def _gears(c: Canvas, k: Kit) -> None:
    for x, y, r, teeth, tone in (
        (-92, -130, 116, 12, k.main),
        (108, -92, 84, 9, k.accent.muted(0.8)),
        (66, -230, 56, 8, SILVER.lit(-0.12)),
    ):
        with c.at(x, y, turn=k.between(0, 20)):
            for tooth in range(teeth):
                with c.at(0, 0, turn=360 * tooth / teeth):
                    c.poly(
                        [
                            (-r * 0.17, -r * 0.8),
                            (-r * 0.12, -r * 1.10),
                            (r * 0.12, -r * 1.10),
                            (r * 0.17, -r * 0.8),
                        ],
                        tone,
                    )
            c.oval(0, 0, r * 0.92, r * 0.92, tone)
            c.ring(0, 0, r * 0.68, r * 0.68, r * 0.07, tone.lit(0.09))
            c.oval(0, 0, r * 0.36, r * 0.36, tone.lit(-0.14))
            c.oval(0, 0, r * 0.22, r * 0.22, WHITE.lit(-0.04))


def _wok(c: Canvas) -> None:
    c.line([(150, -120), (286, -176)], 24, WALNUT)
    for x, h in ((-80, 46), (-40, 62), (0, 54), (40, 66), (80, 44)):
        c.blob([(x - 17, 0), (x - 15, -h * 0.5), (x, -h), (x + 15, -h * 0.5), (x + 17, 0)], GLAZES["amber"])
        c.blob([(x - 8, 0), (x, -h * 0.55), (x + 8, 0)], GLAZES["coral"])
    foods = (LEAF, GLAZES["coral"], GOLD, LEAF.lit(0.1), CINNABAR.lit(0.06))
    for step in range(15):
        x = -140 + step * 20
        c.oval(x, -166 - (step * 37) % 30, 25, 18, foods[step % 5])
    c.lathe(0, [(-160, 184), (-120, 168), (-80, 126), (-54, 70), (-48, 40)], 20, INK.lit(0.05), shine=0.13)
    c.line(arc_points(0, -160, 184, 20, 4, 176), 6, INK.lit(0.22))
    for x, y, turn in ((-110, -232, 20), (90, -244, -30)):
        leaf(c, x, y, 56, turn, LEAF, 0.4)


def _storefront(c: Canvas, k: Kit) -> None:
    c.rect(-176, -272, 352, 268, INK.lit(0.04), r=30)
    c.rect(-162, -258, 324, 240, WHITE.lit(-0.01), r=18)
    for stripe in range(8):
        x = -162 + stripe * 40.5
        tone = k.main if stripe % 2 else WHITE.lit(-0.05)
        c.rect(x, -258, 40.5, 52, tone)
        c.poly(arc_points(x + 20.25, -206, 20.25, 17, 0, 180), tone)
    for step in range(3):
        x = -138 + step * 98
        c.rect(x, -164, 80, 72, (k.pale, k.light, k.accent.lit(0.15).muted(0.6))[step], r=8)
        c.oval(x + 40, -128, 21, 21, (k.accent, k.deep, k.main)[step])
        c.rect(x, -80, 60, 9, SILVER.lit(-0.08), r=4)
        c.rect(x, -62, 36, 9, k.accent, r=4)


def children(c: Canvas, k: Kit) -> None:
    """Draw what a child learns with: a robot, paints, a flask or a kite."""
    shadow(c, 0, 6, 420, 38)
    subject = k.facts.get("subject", "robotics")
    if subject == "painting":
        _easel(c, k)
    elif subject == "science":
        _flasks(c, k)
    else:
        _robot(c, k, belt=subject == "martial-arts")
    for step, x in enumerate((-190, 182)):
        tones = (k.one("coral", "amber"), k.one("sky", "celadon"))
        with c.at(x, 0, 0.86):
            c.box(0, 0, 82, 78, 22, tones[step])
            c.oval(0, -39, 19, 19, WHITE.glass(190))
        if step == 0:
            with c.at(x + 4, -86, 0.7, 8):
                c.box(0, 0, 82, 78, 22, k.one("pine", "cobalt", "plum"))
                c.poly([(-20, -22), (0, -60), (20, -22)], WHITE.glass(190))


def _robot(c: Canvas, k: Kit, *, belt: bool) -> None:
    tone = k.one("sky", "celadon", "coral", "amber", "moon")
    c.line([(0, -352), (0, -398)], 7, IRON)
    c.oval(0, -408, 15, 15, CINNABAR)
    c.rect(-98, -354, 196, 138, tone, r=34)
    c.rect(-78, -334, 156, 92, INK.lit(0.04), r=24)
    for x in (-36, 36):
        c.oval(x, -292, 19, 21, GLAZES["celadon"].lit(0.10))
        c.oval(x - 5, -298, 7, 7, WHITE)
    c.arc(0, -272, 21, 14, 20, 160, 5, GLAZES["celadon"].lit(0.10))
    for side in (-1, 1):
        c.rect(side * 106 - 10, -310, 20, 48, tone.lit(-0.10), r=8)
        lift = -60 if belt and side > 0 else 30
        c.line(
            [(side * 92, -176), (side * 136, -150 + lift / 3), (side * 150, -110 + lift)], 26, tone.lit(-0.06)
        )
        c.oval(side * 150, -106 + lift, 22, 22, IRON)
        c.rect(side * 42 - 24, -60, 48, 50, IRON.lit(0.08), r=8)
        c.rect(side * 46 - 36, -22, 72, 24, tone.lit(-0.10), r=11)
    c.rect(-24, -222, 48, 22, IRON)
    c.rect(-92, -206, 184, 154, tone.lit(-0.02), r=28)
    c.rect(-60, -180, 120, 76, WHITE.lit(-0.02), r=14)
    for step in range(3):
        c.oval(-32 + step * 32, -142, 11, 11, (CINNABAR, GOLD, LEAF)[step])
    if belt:
        c.rect(-94, -96, 188, 24, INK)
        c.poly([(-8, -84), (8, -84), (34, -34), (14, -30)], INK)
        c.poly([(8, -84), (-8, -84), (-32, -38), (-12, -32)], INK)


def _easel(c: Canvas, k: Kit) -> None:
    for points in ([(-30, -400), (-128, 0)], [(30, -400), (128, 0)], [(0, -400), (0, -20)]):
        c.line(points, 14, WOOD.lit(-0.05))
    c.rect(-146, -380, 292, 226, IVORY.lit(-0.10), r=4)
    c.rect(-146, -386, 292, 226, WHITE, r=4)
    c.oval(70, -322, 32, 32, GOLD)
    c.poly([(-138, -176), (-80, -280), (-30, -210), (16, -262), (100, -176)], k.light)
    c.poly([(-138, -168), (-40, -214), (40, -186), (138, -218), (138, -168)], LEAF.lit(0.10))
    c.curve([(-90, -330), (-72, -342), (-56, -330), (-40, -342), (-22, -330)], 4, k.deep)
    c.rect(-160, -162, 320, 19, WOOD, r=5)
    with c.at(20, -62):
        c.blob([(-96, 0), (-66, -48), (20, -58), (92, -32), (96, 14), (40, 44), (-50, 42)], WOOD.lit(0.10))
        c.oval(54, 14, 17, 13, WHITE.lit(-0.05))
        for x, y, tone in (
            (-60, 2, CINNABAR),
            (-30, -28, GOLD),
            (12, -34, LEAF),
            (50, -22, GLAZES["sky"]),
            (-30, 22, GLAZES["plum"]),
        ):
            c.oval(x, y, 17, 12, tone)


def _flasks(c: Canvas, k: Kit) -> None:
    liquid, second = k.one("coral", "amber", "plum"), k.one("sky", "celadon", "pine")
    glass = Tone(0.90, 0.02, 225)
    c.poly(
        [(-36, -372), (36, -372), (36, -270), (136, -40), (118, 0), (-118, 0), (-136, -40), (-36, -270)],
        glass,
    )
    c.poly([(-88, -150), (88, -150), (132, -42), (116, -4), (-116, -4), (-132, -42)], liquid)
    c.oval(0, -150, 88, 14, liquid.lit(0.08))
    c.rect(-48, -386, 96, 20, glass.lit(-0.10), r=9)
    for x, y, r in (
        (-30, -100, 15),
        (24, -60, 21),
        (50, -112, 9),
        (-64, -46, 11),
        (4, -200, 11),
        (-12, -250, 8),
    ):
        c.ring(x, y, r, r, 3.4, WHITE)
    c.poly([(-26, -366), (-12, -366), (-12, -262), (-96, -54), (-112, -54), (-26, -266)], WHITE.glass(120))
    with c.at(134, -96, 0.8):
        c.rect(-30, -150, 60, 246, glass, r=30)
        c.rect(-26, -60, 52, 152, second, r=26)
        c.rect(-38, -160, 76, 18, glass.lit(-0.10), r=8)
        c.rect(-18, -140, 10, 190, WHITE.glass(140), r=5)
    spark(c, -112, -330, 26, GOLD)
    spark(c, 96, -350, 17, k.accent)


def checkup(c: Canvas, k: Kit) -> None:
    """Draw a chart on a clipboard with a stethoscope."""
    shadow(c, 0, 6, 380, 38)
    with c.at(-40, 0, turn=-3):
        c.rect(-146, -410, 292, 410, k.one("amber", "coral", "celadon", "sky", "cobalt"), r=18)
        c.rect(-126, -380, 252, 360, WHITE, r=6)
        c.rect(-54, -428, 108, 48, SILVER.lit(-0.06), r=12)
        c.oval(0, -416, 10, 10, INK.lit(0.2))
        c.rect(-104, -350, 58, 58, CINNABAR.lit(0.05), r=12)
        c.rect(-83, -341, 16, 40, WHITE, r=3)
        c.rect(-95, -329, 40, 16, WHITE, r=3)
        for row in range(3):
            c.rect(-30, -344 + row * 20, 132 - row * 28, 10, SILVER.lit(-0.02 - row * 0.01), r=5)
        c.line(
            [(-104, -222), (-60, -222), (-44, -256), (-22, -178), (-2, -240), (12, -222), (104, -222)],
            6,
            k.main,
        )
        for row in range(4):
            y = -150 + row * 32
            c.rect(-104, y, 20, 20, k.pale.lit(-0.04), r=5)
            if row < 3:
                c.line([(-100, y + 10), (-95, y + 16), (-87, y + 4)], 4, LEAF)
            c.rect(-72, y + 5, 150 - (row * 43) % 70, 9, SILVER.lit(0.02), r=4)
    tube = k.one("ink", "oxblood", "cobalt", "pine", "plum")
    c.curve([(66, -350), (70, -250), (110, -196), (150, -250), (154, -350)], 13, tube)
    c.curve([(110, -198), (112, -120), (60, -64), (96, -16), (176, -30), (196, -92)], 13, tube)
    for x in (66, 154):
        c.line([(x, -350), (x + (14 if x < 100 else -14), -392)], 9, SILVER.lit(-0.1))
        c.oval(x + (14 if x < 100 else -14), -396, 11, 11, INK)
    c.oval(196, -112, 38, 38, SILVER.lit(-0.12))
    c.oval(196, -112, 30, 30, SILVER.lit(0.07))
    c.oval(196, -112, 16, 16, k.light)


def dental(c: Canvas, k: Kit) -> None:
    """Draw a smiling tooth with a brush and paste."""
    shadow(c, 0, 6, 380, 38)
    tooth = WHITE.lit(-0.005)
    outline = [
        (0, -352),
        (60, -384),
        (126, -368),
        (158, -294),
        (142, -200),
        (110, -110),
        (86, -12),
        (56, -6),
        (36, -90),
        (0, -136),
        (-36, -90),
        (-56, -6),
        (-86, -12),
        (-110, -110),
        (-142, -200),
        (-158, -294),
        (-126, -368),
        (-60, -384),
    ]
    with c.at(-44, 0, 1.04):
        c.poly(smooth([(x * 1.035, y * 1.012 + 2) for x, y in outline], closed=True), k.light.lit(-0.01))
        c.poly(smooth(outline, closed=True), tooth)
        c.poly(
            smooth(
                [
                    (126, -360),
                    (158, -294),
                    (142, -200),
                    (110, -110),
                    (86, -14),
                    (66, -20),
                    (84, -120),
                    (112, -210),
                    (124, -290),
                ],
                closed=True,
            ),
            k.pale.lit(-0.02),
        )
        c.curve([(-40, -352), (0, -330), (40, -352)], 5, k.pale.lit(-0.07))
        for x in (-48, 48):
            c.oval(x, -250, 12, 15, k.ink)
            c.oval(x - 4, -256, 4, 5, WHITE)
            c.oval(x * 1.66, -216, 17, 10, GLAZES["mist"])
        c.arc(0, -228, 34, 28, 20, 160, 7, k.ink)
        c.blob([(-124, -330), (-104, -348), (-108, -272), (-126, -268)], WHITE)
        spark(c, 110, -376, 34, k.accent)
        spark(c, 154, -330, 17, k.accent)
    handle = k.one("coral", "sky", "celadon", "amber")
    with c.at(168, -10, turn=16):
        c.rect(-15, -330, 30, 330, handle, r=15)
        c.rect(-8, -180, 16, 150, handle.lit(0.09), r=8)
        c.rect(-18, -372, 36, 92, handle.lit(0.02), r=14)
        for row in range(6):
            c.rect(-50, -366 + row * 14, 36, 11, (WHITE.lit(-0.02), k.light)[row % 2], r=3)
        c.blob([(-66, -372), (-50, -396), (-26, -380), (-46, -360)], GLAZES["celadon"].lit(0.06))


def herbal(c: Canvas, k: Kit) -> None:
    """Draw a mortar and pestle before a cabinet of small drawers, with herbs."""
    wood = Tone(0.46, 0.075, 45)
    c.rect(-236, -430, 472, 424, wood.lit(-0.06), r=10)
    for row in range(5):
        for column in range(6):
            x, y = -222 + column * 75, -416 + row * 81
            c.rect(x, y, 69, 74, wood.lit(0.05 if (row + column) % 2 else 0.025), r=4)
            c.ring(x + 34, y + 46, 9, 9, 4, GOLD)
            c.rect(x + 19, y + 13, 31, 17, IVORY.lit(-0.05), r=2)
    c.rect(-250, -10, 500, 16, wood.lit(-0.10), r=5)
    shadow(c, 0, 10, 400, 30)
    with c.at(-20, 6):
        c.line([(30, -150), (118, -296)], 26, WHITE.lit(-0.08))
        c.oval(120, -300, 21, 21, WHITE.lit(-0.03))
        for turn in (-150, -128, -104, -80):
            leaf(c, -20, -150, 96, turn, LEAF.lit(0.02 if turn % 4 else -0.04), 0.4)
        c.lathe(
            0,
            [(-160, 130), (-146, 126), (-90, 104), (-50, 72), (-34, 56), (-14, 76), (0, 84)],
            22,
            k.one("moon", "celadon", "sky"),
            shine=0.09,
        )
        c.line(arc_points(0, -160, 130, 20, 4, 176), 6, GLAZES["cobalt"])
    heap(c, k, 172, 130, 36, 14, [WALNUT.lit(0.08), KRAFT.lit(-0.08)])
    heap(c, k, -190, 120, 32, 14, [CINNABAR, CINNABAR.lit(-0.06)])
