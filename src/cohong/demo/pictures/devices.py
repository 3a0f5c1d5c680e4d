"""Drawings of electronics and household appliances."""

import math
from itertools import pairwise

from cohong.demo.pictures.canvas import Canvas, arc_points
from cohong.demo.pictures.scene import Kit, shadow
from cohong.demo.pictures.solids import leaf
from cohong.demo.pictures.tones import GLAZES, GOLD, INK, IVORY, LEAF, SILVER, WHITE, Tone

_BLACK = Tone(0.24, 0.015, 260)


def _hills(c: Canvas, k: Kit, x: float, y: float, w: float, h: float, r: float = 0) -> None:
    """Draw a wallpaper of hills and a sun in the picture's own hue, for screens."""
    c.rect(x, y, w, h, k.pale.lit(-0.03), r=r)
    shift = k.rng.random() * 2
    c.oval(
        x + w * (0.55 + shift * 0.12),
        y + h * (0.25 + shift * 0.06),
        min(w, h) * 0.13,
        min(w, h) * 0.13,
        k.accent.lit(0.06),
    )
    for base, peak, tone in (
        (0.62, 0.16, k.light),
        (0.74, 0.10, k.main.lit(0.06)),
        (0.86, 0.06, k.deep.lit(0.05)),
    ):
        top = [(x + w * step / 16, y + h * (base - peak * _ripple(step, base + shift))) for step in range(17)]
        c.poly([*top, (x + w, y + h - r), (x + w - r, y + h), (x + r, y + h), (x, y + h - r)], tone)


def _ripple(step: int, base: float) -> float:
    return 0.5 + 0.5 * math.sin(step / 16 * 6.2 + base * 23)


def phone(c: Canvas, k: Kit) -> None:
    """Draw a phone's face and, behind it, its back with the cameras."""
    shadow(c, 0, 6, 330, 36)
    with c.at(78, -6, turn=9):
        c.rect(-98, -398, 204, 404, k.glaze.lit(-0.14), r=36)
        c.rect(-104, -400, 204, 404, k.glaze, r=36)
        c.poly([(-104, -330), (0, -400), (64, -400), (-104, -230)], WHITE.glass(46))
        c.rect(-88, -384, 88, 88, k.glaze.lit(-0.07), r=26)
        for dx, dy in ((-64, -360), (-64, -320), (-24, -340)):
            c.oval(dx, dy, 16, 16, _BLACK)
            c.oval(dx - 3, dy - 3, 8, 8, Tone(0.42, 0.06, 265))
            c.oval(dx - 5, dy - 5, 3, 3, WHITE)
    with c.at(-70, 0, turn=-7):
        c.rect(-97, -410, 206, 414, k.glaze.lit(-0.20), r=38)
        c.rect(-103, -410, 206, 410, _BLACK, r=38)
        _hills(c, k, -94, -401, 188, 392, r=30)
        c.rect(-26, -390, 52, 13, _BLACK, r=6.5)
        for row in range(2):
            for column in range(4):
                tone = (
                    k.one("coral", "amber", "celadon", "sky"),
                    k.one("moon", "apricot", "cobalt", "pine"),
                )[row]
                c.rect(-78 + column * 41, -110 + row * 44, 32, 32, tone, r=9)
        c.poly([(-94, -360), (-94, -180), (40, -401), (-50, -401)], WHITE.glass(40))


def laptop(c: Canvas, k: Kit) -> None:
    """Draw an open laptop."""
    shadow(c, 0, 6, 480, 34)
    metal = {"celadon": GLAZES["celadon"], "space-grey": Tone(0.52, 0.012, 260)}.get(
        k.facts.get("colour", ""), SILVER
    )
    c.rect(-204, -332, 408, 282, metal.lit(-0.14), r=16)
    c.rect(-200, -328, 400, 276, _BLACK, r=13)
    _hills(c, k, -190, -316, 380, 248)
    c.rect(-170, -296, 120, 84, WHITE.glass(225), r=6)
    for row in range(4):
        c.rect(-158, -282 + row * 16, 96 - row * 17, 6, k.light.lit(-0.03), r=3)
    c.rect(-60, -90, 120, 14, WHITE.glass(150), r=7)
    for dot in range(5):
        c.oval(-44 + dot * 22, -83, 4.6, 4.6, (k.accent, k.main, k.light, k.deep, k.accent.lit(0.1))[dot])
    c.oval(0, -322, 2.6, 2.6, SILVER)
    c.poly([(-204, -54), (204, -54), (262, -14), (-262, -14)], metal)
    c.poly([(-176, -47), (176, -47), (200, -29), (-200, -29)], metal.lit(-0.20))
    for row in range(3):
        for key in range(15):
            half = 172 + row * 10
            c.rect(
                -half + key * half * 2 / 15 + 2,
                -45 + row * 5.6,
                half * 2 / 15 - 4,
                3.8,
                _BLACK.lit(0.08),
                r=1,
            )
    c.poly([(-58, -26), (58, -26), (64, -17), (-64, -17)], metal.lit(-0.07))
    c.rect(-262, -15, 524, 12, metal.lit(-0.10), r=6)
    c.rect(-46, -15, 92, 5, metal.lit(-0.18), r=2.5)
    c.poly([(-190, -316), (-60, -316), (-190, -150)], WHITE.glass(34))


def headphones(c: Canvas, k: Kit) -> None:
    """Draw headphones, or a pair of earbuds in their case."""
    tone = k.glaze
    if k.facts.get("form") in ("in-ear", "open-ear"):
        _earbuds(c, k, tone)
        return
    shadow(c, 0, 6, 360, 40)
    c.arc(0, -180, 168, 206, 188, 352, 34, tone.lit(-0.09))
    c.arc(0, -180, 168, 206, 196, 330, 12, tone.lit(0.05))
    c.arc(0, -172, 150, 188, 214, 326, 16, INK.lit(0.10))
    for side in (-1, 1):
        with c.at(side * 164, -134, turn=side * -7):
            c.line([(side * 4, -110), (0, -64)], 14, SILVER)
            c.blob(
                [
                    (-side * 62, -92),
                    (-side * 26, -104),
                    (-side * 8, 0),
                    (-side * 26, 104),
                    (-side * 62, 92),
                    (-side * 76, 0),
                ],
                INK.lit(0.13),
            )
            c.blob(
                [
                    (-side * 30, -106),
                    (side * 24, -94),
                    (side * 46, 0),
                    (side * 24, 94),
                    (-side * 30, 106),
                    (-side * 22, 0),
                ],
                tone,
            )
            c.blob(
                [
                    (side * 4, -76),
                    (side * 26, -60),
                    (side * 38, 0),
                    (side * 26, 60),
                    (side * 4, 76),
                    (side * 12, 0),
                ],
                tone.lit(-0.07),
            )
            c.ring(side * 18, 0, 15, 34, 3.4, tone.lit(0.12))
            c.curve([(-side * 20, -90), (-side * 14, 0), (-side * 20, 90)], 4, tone.lit(0.10))


def _earbuds(c: Canvas, k: Kit, tone: Tone) -> None:
    shadow(c, 0, 6, 330, 40)
    c.rect(-152, -236, 304, 150, tone.lit(-0.06), r=68)
    c.rect(-140, -224, 280, 130, tone.lit(-0.20), r=58)
    c.rect(-152, -150, 304, 150, tone, r=68)
    c.rect(-152, -150, 304, 26, tone.lit(-0.10), r=13)
    c.rect(-130, -108, 60, 14, tone.lit(0.10), r=7)
    c.oval(0, -74, 7, 7, k.accent)
    for side in (-1, 1):
        with c.at(side * 68, -218, turn=side * 10):
            c.rect(-15, -10, 30, 104, tone.lit(0.02), r=15)
            c.oval(0, -24, 40, 38, tone.lit(0.05))
            c.oval(-side * 22, -30, 22, 24, INK.lit(0.12))
            c.oval(side * 10, -36, 12, 9, WHITE.glass(170))
            c.rect(-11, 78, 22, 10, GOLD, r=5)


def chip(c: Canvas, k: Kit) -> None:
    """Draw a chip on a strip of board, with its traces."""
    shadow(c, 0, -10, 440, 60)
    board = k.main.lit(-0.10)
    with c.at(0, -196, turn=k.between(-10, 10)):
        c.rect(-236, -176, 472, 364, board.lit(-0.10), r=22)
        c.rect(-236, -184, 472, 360, board, r=22)
        copper = GOLD.lit(0.02)
        for step in range(8):
            offset = -84 + step * 24
            reach = 30 + (step * 37) % 52
            for points in (
                [
                    (offset, -100),
                    (offset, -120 - reach / 3),
                    (offset + (18 if step % 2 else -18), -140 - reach / 3),
                ],
                [
                    (offset, 100),
                    (offset, 116 + reach / 4),
                    (offset + (16 if step % 2 else -16), 132 + reach / 4),
                ],
                [
                    (-104, offset),
                    (-130 - reach / 2, offset),
                    (-148 - reach / 2, offset + (16 if step % 2 else -16)),
                ],
                [
                    (104, offset),
                    (130 + reach / 2, offset),
                    (148 + reach / 2, offset + (16 if step % 2 else -16)),
                ],
            ):
                c.line(points, 4, board.lit(0.16))
                x, y = points[-1]
                c.oval(x, y, 6.4, 6.4, copper)
                c.oval(x, y, 2.6, 2.6, board)
        for step in range(9):
            offset = -88 + step * 22
            for x, y, w, h in ((offset - 6, -116, 12, 232), (-116, offset - 6, 232, 12)):
                c.rect(x, y, w, h, SILVER.lit(0.02), r=2)
        c.rect(-100, -94, 204, 202, _BLACK.lit(-0.06), r=10)
        c.rect(-102, -102, 204, 202, _BLACK.lit(0.03), r=10)
        c.poly([(-92, -92), (40, -92), (-92, 40)], WHITE.glass(22))
        c.ring(-76, -76, 9, 9, 3, SILVER.lit(-0.1))
        for row in range(4):
            c.rect(-46, -36 + row * 22, 92 - (row % 3) * 24, 7, SILVER.lit(-0.16), r=3)
        for x, y in ((-204, -152), (204, -152), (-204, 144), (204, 144)):
            c.oval(x, y, 15, 15, copper)
            c.oval(x, y, 8, 8, board.lit(-0.22))


def display(c: Canvas, k: Kit) -> None:
    """Draw a monitor showing curves."""
    shadow(c, 0, 6, 300, 30)
    c.poly([(-34, -110), (34, -110), (42, -12), (-42, -12)], SILVER.lit(-0.12))
    c.rect(-112, -16, 224, 16, SILVER, r=8)
    c.rect(-112, -6, 224, 7, SILVER.lit(-0.16), r=3)
    c.rect(-262, -398, 524, 306, _BLACK, r=14)
    _hills(c, k, -250, -386, 500, 270)
    c.rect(-226, -360, 168, 108, WHITE.glass(215), r=8)
    for bar in range(6):
        height = 20 + (bar * 29 + k.between(0, 20)) % 62
        c.rect(-212 + bar * 25, -264 - height, 16, height, (k.main, k.accent, k.light)[bar % 3], r=3)
    c.rect(70, -344, 150, 78, WHITE.glass(205), r=8)
    c.curve([(84, -288), (110, -312), (138, -296), (168, -326), (206, -316)], 5, k.deep)
    c.rect(-250, -116, 500, 12, _BLACK.lit(0.10))
    c.oval(0, -104, 4, 4, k.accent)
    c.poly([(-250, -386), (-60, -386), (-250, -190)], WHITE.glass(30))


def fridge(c: Canvas, k: Kit) -> None:
    """Draw a refrigerator of the listing's doors."""
    shadow(c, 0, 6, 300, 36)
    tone = {
        "glaze-white": WHITE.lit(-0.035),
        "star-grey": Tone(0.60, 0.012, 255),
        "jade": GLAZES["celadon"],
    }.get(k.facts.get("colour", ""), WHITE.lit(-0.04))
    doors = k.facts.get("doors", "two-door")
    wide = doors in ("side-by-side", "cross-door")
    half = 150 if wide else 106
    c.rect(-half + 8, -12, 20, 14, INK)
    c.rect(half - 28, -12, 20, 14, INK)
    c.box(0, -6, half * 2, 414, 34, tone)
    splits = {"two-door": (-288,), "three-door": (-270, -160), "cross-door": (-190,)}.get(doors, ())
    for y in splits:
        c.rect(-half, y - 2.5, half * 2, 5, tone.lit(-0.17))
    steel = SILVER.lit(-0.20) if tone.light > 0.7 else SILVER
    if wide:
        c.rect(-2.5, -420, 5, 414, tone.lit(-0.17))
        for x in (-20, 12):
            c.rect(x, -330, 8, 116, steel, r=4)
            if doors == "cross-door":
                c.rect(x, -166, 8, 70, steel, r=4)
        c.rect(-118, -330, 62, 84, _BLACK.lit(0.10), r=8)
        c.rect(-106, -320, 38, 20, k.accent.lit(0.06), r=4)
    else:
        edges = (-420, *splits, -6)
        for top, foot in pairwise(edges):
            length = min(96, (foot - top) * 0.55)
            c.rect(half - 24, (top + foot) / 2 - length / 2, 8, length, steel, r=4)
        c.rect(-82, -392, 44, 16, _BLACK.lit(0.10), r=5)
        c.oval(-70, -384, 3, 3, k.accent)
    c.poly([(-half, -420), (-half + 62, -420), (-half + 14, -6), (-half, -6)], WHITE.glass(60))
    if k.rng.random() < 0.6:
        with c.at(-half + 40, -426):
            c.lathe(0, [(-44, 24), (-10, 28), (0, 22)], 6, k.one("coral", "celadon", "cobalt"))
            for turn in (-130, -104, -78, -52):
                leaf(c, 0, -42, 58, turn, LEAF, 0.36)


def aircon(c: Canvas, k: Kit) -> None:
    """Draw a wall unit breathing out over a leafy corner."""
    c.rect(-262, -404, 524, 142, WHITE.lit(-0.10), r=28)
    c.rect(-262, -410, 524, 138, WHITE.lit(-0.01), r=28)
    c.poly([(-256, -318), (256, -318), (244, -276), (-244, -276)], WHITE.lit(-0.07))
    c.rect(-222, -306, 444, 22, INK.lit(0.20), r=11)
    c.poly([(-226, -288), (226, -288), (212, -262), (-212, -262)], WHITE.lit(-0.025))
    c.rect(150, -366, 74, 28, k.pale, r=8)
    for step in range(3):
        c.rect(160 + step * 19, -358, 12, 12, (k.main, k.main, k.light)[step], r=3)
    c.rect(-228, -392, 300, 4, WHITE.lit(-0.06), r=2)
    air = k.main.lit(0.10)
    for step in range(5):
        x = -168 + step * 84
        c.curve(
            [(x, -238), (x - 22, -196), (x + 10, -150), (x - 20, -104), (x - 4, -66)],
            8 - abs(step - 2),
            air.glass(150 - 22 * abs(step - 2)),
        )
    shadow(c, 190, 4, 130, 24)
    with c.at(196, 0, 0.9):
        c.lathe(
            0, [(-84, 56), (-72, 54), (-6, 38), (0, 36)], 9, k.one("coral", "celadon", "cobalt", "apricot")
        )
        for turn, length in ((-150, 104), (-122, 138), (-92, 156), (-62, 138), (-34, 104)):
            leaf(c, 0, -80, length, turn, LEAF.lit(-0.03 if turn % 4 else 0.03), 0.40)
    with c.at(-170, 0):
        shadow(c, 0, 4, 150, 22)
        c.rect(-62, -72, 124, 70, k.glaze, r=20)
        c.rect(-62, -72, 124, 26, k.glaze.lit(0.06), r=13)


def washer(c: Canvas, k: Kit) -> None:
    """Draw a front-loading washing machine."""
    shadow(c, 0, 6, 330, 40)
    tone = Tone(0.62, 0.012, 255) if k.facts.get("colour") == "titanium" else WHITE.lit(-0.03)
    c.rect(-134, -14, 26, 16, INK)
    c.rect(108, -14, 26, 16, INK)
    c.box(0, -8, 312, 374, 44, tone)
    c.rect(-156, -382, 312, 66, tone.lit(-0.045))
    c.rect(-140, -368, 92, 38, tone.lit(0.02), r=6)
    c.oval(6, -349, 23, 23, SILVER)
    c.oval(6, -349, 16, 16, SILVER.lit(0.07))
    c.line([(6, -349), (6, -362)], 3, k.deep)
    c.rect(52, -366, 88, 34, _BLACK, r=6)
    for bar in range(3):
        c.rect(62 + bar * 24, -354, 16, 10, (k.accent, k.light, k.light)[bar], r=3)
    c.oval(0, -164, 128, 128, SILVER.lit(-0.10))
    c.oval(0, -164, 118, 118, SILVER.lit(0.06))
    c.oval(0, -164, 94, 94, _BLACK.lit(0.10))
    c.oval(0, -164, 86, 86, k.main.lit(0.18).muted(0.6))
    c.poly([*arc_points(0, -164, 86, 86, 8, 172)], k.main.lit(0.08))
    wash = [k.one("coral", "mist"), k.one("amber", "apricot"), WHITE]
    c.blob([(-60, -158), (-20, -192), (16, -164), (-6, -118), (-52, -116)], wash[0])
    c.blob([(2, -176), (44, -186), (66, -146), (34, -108), (4, -132)], wash[1])
    c.blob([(-34, -132), (6, -146), (30, -112), (4, -88), (-30, -96)], wash[2])
    for x, y, r in ((-42, -206, 9), (-20, -222, 6), (30, -214, 11), (54, -196, 6)):
        c.ring(x, y, r, r, 2.6, WHITE)
    c.arc(0, -164, 74, 74, 200, 250, 8, WHITE.glass(170))
    c.rect(112, -182, 12, 36, SILVER.lit(-0.22), r=5)


def cooker(c: Canvas, k: Kit) -> None:
    """Draw a rice cooker."""
    shadow(c, 0, 6, 360, 44)
    tone = {"cream": IVORY, "bean-green": GLAZES["sage"], "fog-grey": Tone(0.68, 0.012, 250)}.get(
        k.facts.get("colour", ""), k.glaze
    )
    for dx in (-24, 8, 36):
        c.curve([(dx, -352), (dx - 14, -380), (dx + 10, -408), (dx - 4, -436)], 7, k.light.glass(120))
    profile = [(-306, 40), (-300, 96), (-276, 150), (-240, 172), (-206, 176)]
    c.lathe(0, profile, 12, tone.lit(0.035), shine=0.09)
    c.lathe(0, [(-206, 178), (-192, 180), (-80, 176), (-24, 158), (-8, 146), (0, 140)], 18, tone, shine=0.09)
    c.line(arc_points(0, -206, 177, 13, 4, 176), 5, SILVER)
    c.rect(-40, -334, 80, 30, SILVER.lit(-0.02), r=13)
    c.rect(-22, -322, 44, 8, SILVER.lit(-0.22), r=4)
    c.rect(-30, -196, 60, 28, SILVER, r=9)
    c.rect(-92, -150, 184, 96, _BLACK, r=24)
    c.rect(-52, -138, 104, 34, k.accent.lit(0.12).muted(0.6), r=7)
    for segment in range(3):
        c.rect(-38 + segment * 28, -130, 18, 18, _BLACK.lit(0.05), r=3)
    for dot in range(4):
        c.oval(-54 + dot * 36, -80, 9, 9, (k.accent, SILVER, SILVER, SILVER)[dot])
    c.line([(-176, -206), (-214, -176), (-206, -130)], 13, tone.lit(-0.13))
    c.line([(176, -206), (214, -176), (206, -130)], 13, tone.lit(-0.16))


def fan(c: Canvas, k: Kit) -> None:
    """Draw an electric fan."""
    floor = k.facts.get("type") == "pedestal"
    shadow(c, 0, 6, 240, 34)
    tone = k.glaze
    centre, r = (-288, 146) if floor else (-214, 172)
    c.rect(-9, centre, 18, -centre - 22, tone.lit(-0.10), r=6)
    c.lathe(0, [(-40, 20), (-26, 84), (-10, 108), (0, 104)], 10, tone)
    c.oval(-22, -22, 7, 4, k.accent)
    c.oval(2, -20, 7, 4, SILVER)
    c.oval(26, -22, 7, 4, SILVER)
    c.oval(0, centre, r, r, WHITE.glass(150))
    blades = int(k.facts.get("blades", "5"))
    for blade in range(blades):
        with c.at(0, centre, turn=360 * blade / blades + k.between(0, 3)):
            c.blob(
                [(-10, -16), (-44, -70), (-42, -r * 0.80), (6, -r * 0.86), (24, -70), (10, -16)],
                k.light.lit(-0.02).glass(225),
            )
            c.curve([(-6, -22), (-30, -80), (-22, -r * 0.78)], 3, k.light.lit(0.09))
    for spoke in range(36):
        with c.at(0, centre, turn=spoke * 10):
            c.curve([(0, -34), (5, -r * 0.55), (0, -r)], 2.2, tone.lit(-0.08 if tone.light > 0.8 else 0.05))
    for ring in (1.0, 0.72, 0.45):
        c.ring(0, centre, r * ring, r * ring, 9 if ring == 1.0 else 2.6, tone.lit(-0.05))
    c.oval(0, centre, 36, 36, tone)
    c.oval(-6, centre - 6, 20, 20, tone.lit(0.06))
