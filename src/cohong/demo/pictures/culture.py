"""Drawings of books, the stage, crafts and music."""

from cohong.demo.pictures.canvas import Canvas, arc_points, smooth
from cohong.demo.pictures.scene import Kit, shadow
from cohong.demo.pictures.solids import leaf
from cohong.demo.pictures.tones import (
    CINNABAR,
    GLAZES,
    GOLD,
    INK,
    IVORY,
    LEAF,
    SILVER,
    WALNUT,
    WHITE,
    WOOD,
    Tone,
)


def book(c: Canvas, k: Kit) -> None:
    """Draw a book upright with others lying beside it."""
    shadow(c, 0, 6, 440, 40)
    names = ["oxblood", "cobalt", "pine", "amber", "celadon", "plum", "sky", "coral"]
    k.rng.shuffle(names)
    y = 0.0
    for step in range(k.between(2, 4)):
        tone = GLAZES[names[step + 1]]
        thick, slip = k.between(38, 54), k.between(-16, 16)
        x, w = -8 + slip, 262
        c.rect(x, y - thick, w, thick, IVORY.lit(-0.03))
        for page in range(3):
            c.line(
                [(x + 8, y - thick * (page + 1) / 4), (x + w - 6, y - thick * (page + 1) / 4)],
                1.8,
                IVORY.lit(-0.12),
            )
        c.rect(x - 4, y - thick, w + 4, 9, tone, r=3)
        c.rect(x - 4, y - 9, w + 4, 9, tone, r=3)
        c.rect(x - 10, y - thick, 22, thick, tone.lit(-0.04), r=9)
        y -= thick
    cover = GLAZES[names[0]]
    with c.at(-136, 0, turn=-4):
        c.poly([(118, -388), (142, -376), (142, -6), (118, 0)], IVORY.lit(-0.09))
        c.rect(-120, -392, 240, 392, cover, r=7)
        c.rect(-120, -392, 26, 392, cover.lit(-0.10), r=7)
        c.rect(-72, -356, 168, 320, cover.lit(0.10), r=3)
        c.rect(-66, -350, 156, 308, cover, r=2)
        with c.at(12, -216):
            light = IVORY if cover.light < 0.7 else cover.lit(-0.3)
            emblem = k.between(0, 3)
            if emblem == 0:
                c.oval(26, -40, 30, 30, GOLD)
                for base, tone in ((0, light), (34, light.lit(-0.12))):
                    c.poly([(-70, 70), (-40, -8 + base), (-12, 34), (22, -34 + base), (70, 70)], tone)
            elif emblem == 1:
                c.poly([(-66, 24), (66, 24), (44, 62), (-44, 62)], light)
                c.line([(0, 24), (0, -90)], 5, light)
                c.poly(smooth([(6, -86), (60, -40), (54, 14), (6, 14)], closed=True), light)
                c.poly(smooth([(-6, -70), (-46, -30), (-42, 14), (-6, 14)], closed=True), light.lit(-0.10))
            elif emblem == 2:
                c.lathe(0, [(-76, 20), (-60, 16), (-36, 34), (0, 54), (40, 40), (66, 24), (76, 30)], 6, light)
            else:
                for turn in range(0, 360, 45):
                    with c.at(0, 0, turn=turn):
                        c.oval(0, -46, 17, 28, light)
                c.oval(0, 0, 22, 22, GOLD)
        c.rect(-44, -318, 116, 11, GOLD, r=4)
        c.rect(-24, -298, 76, 7, GOLD.lit(-0.04), r=3)
        c.poly([(68, -392), (90, -392), (90, -330), (79, -344), (68, -330)], CINNABAR)


def ticket(c: Canvas, k: Kit) -> None:
    """Draw stage curtains with an opera mask or a lion's head, and two tickets."""
    red = k.one("oxblood", "plum", "cobalt")
    c.rect(-250, -430, 500, 430, INK.lit(0.02).muted(1.6), r=10)
    c.oval(0, -40, 210, 50, GOLD.lit(0.08).glass(90))
    c.poly([(-50, -400), (50, -400), (190, -20), (-190, -20)], GOLD.lit(0.12).glass(60))
    _mask(c, k)
    for side in (-1, 1):
        for fold in range(4):
            x = side * (250 - fold * 32)
            inner = smooth(
                [
                    (x - side * 36, -430),
                    (x - side * (48 - fold * 5), -230),
                    (x - side * 26, -150),
                    (x - side * 34, 0),
                ]
            )
            c.poly([(x, -430), *inner, (x, 0)], red.lit(-0.05 if fold % 2 else 0.03))
        c.line([(side * 252, -150), (side * 160, -168)], 13, GOLD)
    for fold in range(7):
        left = -250 + fold * 500 / 7
        c.poly(
            [(left, -436), (left + 72, -436), *arc_points(left + 36, -384, 36, 26, 0, 180)],
            red.lit(0.05 if fold % 2 else -0.01),
        )
    c.rect(-262, -440, 524, 16, GOLD, r=6)
    c.rect(-270, -8, 540, 22, WOOD.lit(-0.08), r=5)
    for x, turn in ((196, 12), (150, -8)):
        with c.at(x, -26, turn=turn):
            _stub(c, IVORY if turn > 0 else k.accent.lit(0.14).muted(0.7), k)


def _stub(c: Canvas, tone: Tone, k: Kit) -> None:
    c.rect(-80, -44, 160, 84, tone.lit(-0.16), r=8)
    c.rect(-80, -48, 160, 84, tone, r=8)
    c.line([(34, -42), (34, 30)], 2.4, tone.lit(-0.2))
    for row in range(3):
        c.rect(-64, -32 + row * 20, 76 - row * 18, 8, k.deep.lit(0.1), r=3)
    for row in range(4):
        for column in range(4):
            if (row * 3 + column * 5) % 4 < 2 or (row in (0, 3) and column in (0, 3)):
                c.rect(44 + column * 7, -20 + row * 7, 6.5, 6.5, INK)


def _mask(c: Canvas, k: Kit) -> None:
    with c.at(0, -214, 0.94):
        face = k.one("oxblood", "moon", "cobalt", "ink")
        c.blob(
            [(0, -136), (84, -112), (104, -20), (72, 84), (0, 128), (-72, 84), (-104, -20), (-84, -112)],
            WHITE.lit(-0.02),
        )
        for side in (-1, 1):
            c.blob(
                [(side * 6, -128), (side * 74, -104), (side * 96, -40), (side * 52, -58), (side * 12, -40)],
                face if face.light < 0.9 else CINNABAR,
            )
            c.blob(
                [(side * 16, -24), (side * 54, -50), (side * 96, -34), (side * 62, -2), (side * 28, -2)], INK
            )
            c.oval(side * 50, -24, 15, 10, WHITE)
            c.oval(side * 48, -24, 8, 8, INK)
            c.blob(
                [(side * 60, 14), (side * 94, 4), (side * 72, 72), (side * 44, 60)],
                (face if face.light < 0.9 else CINNABAR).lit(0.04),
            )
            c.curve([(side * 18, -62), (side * 54, -88), (side * 88, -74)], 9, INK)
        c.blob([(0, -132), (15, -92), (0, -56), (-15, -92)], GOLD)
        c.blob([(0, -30), (15, 24), (0, 36), (-15, 24)], WHITE.lit(-0.10))
        c.blob([(-34, 66), (0, 56), (34, 66), (0, 86)], CINNABAR)
        for step in range(7):
            x = -96 + step * 32
            c.line([(x, -128 + abs(step - 3) * 14), (x * 1.16, -172 + abs(step - 3) * 20)], 4, GOLD)
            c.oval(x * 1.16, -176 + abs(step - 3) * 20, 14, 14, (CINNABAR, GLAZES["sky"], GOLD)[step % 3])


def brush(c: Canvas, k: Kit) -> None:
    """Draw an inkstone with brushes on their stand, or embroidery, paper cutting or carving."""
    craft = k.facts.get("craft", "")
    if craft == "canton-embroidery":
        _embroidery(c, k)
    elif craft == "paper-cutting":
        _paper_cut(c, k)
    else:
        _desk(c, k)


def _desk(c: Canvas, k: Kit) -> None:
    shadow(c, 0, 6, 500, 40)
    c.rect(-176, -392, 352, 15, WALNUT, r=7)
    c.curve([(-176, -388), (-206, -404), (-200, -424)], 10, WALNUT)
    c.curve([(176, -388), (206, -404), (200, -424)], 10, WALNUT)
    for x in (-150, 150):
        c.rect(x - 7, -386, 14, 370, WALNUT.lit(-0.04))
        c.rect(x - 40, -18, 80, 16, WALNUT, r=7)
    for step, x in enumerate((-104, -52, 0, 52, 104)):
        length = 128 + (step * 37) % 48
        shaft = k.one("amber", "oxblood", "ink", "celadon") if step % 2 else WOOD.lit(0.05)
        c.line([(x, -376), (x, -360)], 2.4, CINNABAR)
        c.rect(x - 7, -360, 14, length, shaft, r=6)
        c.rect(x - 9, -360 + length, 18, 16, GOLD.lit(-0.08), r=4)
        top = -344 + length
        c.blob(
            [(x - 10, top), (x + 10, top), (x + 13, top + 26), (x, top + 76), (x - 13, top + 26)],
            IVORY.lit(-0.06),
        )
        c.blob([(x - 9, top + 34), (x + 9, top + 34), (x, top + 76)], INK)
    with c.at(-20, 0):
        stone = Tone(0.40, 0.04, 330)
        c.oval(0, -26, 148, 32, stone.lit(-0.10))
        c.rect(-148, -46, 296, 22, stone.lit(-0.06))
        c.oval(0, -46, 148, 32, stone)
        c.oval(0, -46, 124, 24, stone.lit(-0.05))
        c.oval(-30, -45, 76, 15, INK.lit(-0.12))
        c.oval(-48, -48, 24, 3.6, INK.lit(0.22))
        c.blob([(62, -62), (104, -58), (116, -44), (86, -40), (64, -48)], stone.lit(0.10))
    with c.at(196, -4, turn=-14):
        c.rect(-24, -120, 48, 120, INK.lit(-0.04), r=6)
        c.rect(-14, -106, 28, 70, GOLD.lit(-0.02), r=3)


def _embroidery(c: Canvas, k: Kit) -> None:
    shadow(c, 0, 6, 330, 36)
    c.rect(-10, -40, 20, 40, WOOD.lit(-0.1))
    c.rect(-110, -14, 220, 16, WOOD.lit(-0.05), r=7)
    c.oval(0, -232, 200, 200, WOOD.lit(-0.04))
    c.oval(0, -232, 186, 186, WOOD.lit(0.06))
    c.oval(0, -232, 176, 176, k.one("moon", "ink", "cobalt", "apricot"))
    c.rect(-14, -446, 28, 22, GOLD, r=5)
    c.curve([(-130, -130), (-70, -170), (-10, -236), (30, -330)], 7, WALNUT.lit(0.05))
    c.curve([(-60, -176), (10, -180), (90, -150)], 6, WALNUT.lit(0.05))
    for x, y, size in ((-40, -200, 38), (34, -326, 34), (92, -150, 32), (-104, -146, 26)):
        petal = k.rng.choice((GLAZES["mist"], GLAZES["coral"], CINNABAR.lit(0.06)))
        for turn in range(0, 360, 60):
            with c.at(x, y, turn=turn):
                c.oval(0, -size * 0.5, size * 0.36, size * 0.5, petal)
                c.line([(0, -6), (0, -size * 0.8)], 1.8, petal.lit(-0.09))
        c.oval(x, y, size * 0.24, size * 0.24, GOLD)
    for x, y, turn in ((-8, -240, -120), (8, -270, 10), (40, -180, 60), (-80, -164, 100), (26, -296, -70)):
        leaf(c, x, y, 62, turn, LEAF, 0.42)
    with c.at(64, -246, 0.8, -16):
        c.blob([(-60, 0), (-20, -26), (26, -18), (44, 0), (16, 18), (-30, 16)], GLAZES["sky"])
        c.poly([(-50, 0), (-112, 16), (-104, 32), (-40, 12)], GLAZES["cobalt"])
        c.blob([(-26, -8), (10, -14), (4, 12), (-36, 20)], GLAZES["cobalt"])
        c.poly([(42, -6), (62, 0), (42, 6)], GOLD)
        c.oval(30, -6, 3.4, 3.4, INK)


def _paper_cut(c: Canvas, k: Kit) -> None:
    red = k.rng.choice((CINNABAR, CINNABAR.lit(-0.06), GLAZES["oxblood"]))
    c.rect(-206, -430, 412, 430, k.rng.choice((WOOD.lit(-0.02), WALNUT, GOLD.muted(0.7))), r=6)
    c.rect(-190, -414, 380, 398, IVORY)
    with c.at(0, -214):
        for turn in range(0, 360, 30):
            with c.at(0, 0, turn=turn):
                c.blob([(0, -104), (30, -134), (0, -170), (-30, -134)], red)
                c.blob([(0, -118), (12, -134), (0, -152), (-12, -134)], IVORY)
        c.ring(0, 0, 104, 104, 15, red)
        for turn in range(0, 360, 60):
            with c.at(0, 0, turn=turn + 15):
                c.blob([(0, 0), (34, -46), (0, -94), (-34, -46)], red)
                c.blob([(0, -24), (14, -48), (0, -76), (-14, -48)], IVORY)
                c.line([(0, -34), (0, -66)], 3.4, red)
        c.oval(0, 0, 24, 24, IVORY)
        c.oval(0, 0, 13, 13, red)
        for x in (-160, 160):
            for y in (-172, 172):
                c.oval(x, y, 17, 17, red)
                c.oval(x, y, 8, 8, IVORY)


def instrument(c: Canvas, k: Kit) -> None:
    """Draw a pipa, guitar, gaohu or guzheng."""
    kind = k.facts.get("kind", "pipa")
    wood = {"rosewood": Tone(0.42, 0.085, 35), "spruce": Tone(0.76, 0.08, 75)}.get(
        k.facts.get("wood", ""), WOOD
    )
    if kind == "guzheng":
        _guzheng(c, wood)
    elif kind == "gaohu":
        _gaohu(c, wood)
    else:
        shadow(c, 20, 6, 240, 34)
        with c.at(-20, -6, turn=14):
            _lute(c, wood, is_guitar=kind == "guitar")


def _lute(c: Canvas, wood: Tone, *, is_guitar: bool) -> None:
    if is_guitar:
        c.rect(-17, -430, 34, 230, WALNUT, r=4)
        c.rect(-26, -474, 52, 62, WALNUT.lit(0.05), r=8)
        body = [
            (0, -232),
            (70, -220),
            (84, -168),
            (70, -132),
            (112, -76),
            (96, -12),
            (0, 8),
            (-96, -12),
            (-112, -76),
            (-70, -132),
            (-84, -168),
            (-70, -220),
        ]
        c.poly(smooth([(x * 1.07, y * 1.02) for x, y in body], closed=True), wood.lit(-0.18))
        c.poly(smooth(body, closed=True), wood.lit(0.05))
        c.oval(0, -132, 38, 38, wood.lit(-0.14))
        c.oval(0, -132, 31, 31, INK)
        c.rect(-40, -52, 80, 15, WALNUT, r=5)
        for fret in range(9):
            c.line([(-16, -420 + fret * 23), (16, -420 + fret * 23)], 2.4, SILVER)
        strings, top, foot = 6, -462, -46
    else:
        body = [
            (0, -330),
            (30, -300),
            (64, -210),
            (112, -110),
            (100, -26),
            (0, 8),
            (-100, -26),
            (-112, -110),
            (-64, -210),
            (-30, -300),
        ]
        c.poly(smooth([(x * 1.06, y * 1.02) for x, y in body], closed=True), WALNUT)
        c.poly(smooth(body, closed=True), wood.lit(0.08))
        c.poly([(-20, -440), (20, -440), (34, -292), (-34, -292)], WALNUT)
        c.curve([(0, -436), (-8, -466), (22, -484)], 26, WALNUT.lit(0.04))
        for step in range(4):
            c.line(
                [(-52 if step % 2 else 18, -440 + step * 20), (-18 if step % 2 else 52, -440 + step * 20)],
                9,
                IVORY,
            )
        for fret in range(6):
            c.rect(-30 + fret, -388 + fret * 19, 60 - fret * 2, 9, IVORY.lit(-0.08), r=3)
        for fret in range(9):
            half = 30 + fret * 2.4
            c.rect(-half, -270 + fret * 19, half * 2, 5, WOOD.lit(-0.12), r=2)
        c.rect(-52, -56, 104, 17, WALNUT.lit(0.05), r=6)
        strings, top, foot = 4, -436, -50
    for string in range(strings):
        x = (string - (strings - 1) / 2) * (44 / strings)
        c.line([(x * 0.8, top), (x * 1.3, foot)], 1.6, SILVER.lit(0.04))


def _gaohu(c: Canvas, wood: Tone) -> None:
    shadow(c, 0, 6, 220, 32)
    c.rect(-8, -462, 16, 400, wood.lit(-0.12), r=6)
    c.curve([(0, -456), (-4, -484), (-30, -490)], 17, wood.lit(-0.10))
    for y in (-420, -370):
        c.line([(-60, y), (26, y)], 13, wood.lit(-0.02))
        c.oval(-60, y, 12, 12, wood.lit(0.05))
    c.pillar(0, -112, 136, 104, 20, wood.lit(-0.03))
    c.oval(0, -62, 62, 48, wood.lit(-0.08))
    c.oval(0, -62, 54, 42, Tone(0.80, 0.05, 78))
    for row in range(4):
        for column in range(5):
            c.oval(-32 + column * 16, -88 + row * 17, 5.4, 4.6, Tone(0.62, 0.05, 60))
    c.rect(-20, -66, 40, 9, WALNUT, r=3)
    for x in (-4, 4):
        c.line([(x, -440), (x, -66)], 1.8, SILVER.lit(0.05))
    c.curve([(-190, -40), (-60, -178), (70, -214), (182, -236)], 7, WOOD)
    c.line([(-186, -34), (178, -226)], 3, WHITE.lit(-0.04))


def _guzheng(c: Canvas, wood: Tone) -> None:
    shadow(c, 0, 6, 420, 32)
    for x in (-170, 180):
        c.poly(
            [(x - 50, 0), (x - 22, -104), (x + 22, -104), (x + 50, 0), (x + 30, 0), (x, -64), (x - 30, 0)],
            WALNUT,
        )
    c.poly([(-278, -104), (-266, -180), (250, -214), (282, -130)], wood.lit(-0.14))
    c.poly([(-290, -150), (-262, -208), (256, -236), (288, -170)], wood.lit(0.06))
    c.poly([(-290, -150), (288, -170), (284, -132), (-280, -104)], wood.lit(-0.10))
    for string in range(9):
        share = string / 8
        y0, y1 = -156 - share * 46, -178 - share * 50
        bridge = -160 + string * 40
        c.line([(-268 + share * 16, y0), (268 - share * 20, y1)], 1.8, SILVER.lit(0.06))
        y = y0 + (y1 - y0) * (bridge + 268) / 536
        c.poly([(bridge - 7, y + 4), (bridge, y - 17), (bridge + 7, y + 4)], IVORY)
    c.poly([(-258, -158), (-234, -204), (-222, -204), (-246, -158)], WALNUT)
    c.poly([(246, -180), (226, -228), (238, -229), (258, -181)], WALNUT)
