"""Drawings of grain, oil and the farm's produce."""

import math

from cohong.demo.pictures.canvas import Canvas, arc_points
from cohong.demo.pictures.scene import Kit, shadow
from cohong.demo.pictures.solids import heap, leaf, sack, screw_lid
from cohong.demo.pictures.tones import (
    COBALT,
    GLAZES,
    GOLD,
    INK,
    IVORY,
    KRAFT,
    LEAF,
    SILVER,
    WALNUT,
    WHITE,
    Tone,
)

_RICE = Tone(0.955, 0.018, 95)
_YOLK = Tone(0.80, 0.13, 75)


def _bowl(c: Canvas, x: float, y: float, r: float, tone: Tone, rim: Tone) -> None:
    """Draw a bowl seen a little from above, its mouth left empty for what goes in."""
    with c.at(x, y):
        depth = r * 0.92
        profile = [
            (-depth, r),
            (-depth * 0.72, r * 0.95),
            (-depth * 0.42, r * 0.76),
            (-depth * 0.2, r * 0.5),
            (-depth * 0.12, r * 0.42),
            (0, r * 0.40),
        ]
        c.lathe(0, profile, r * 0.22, tone, shine=0.09)
        c.oval(0, -depth, r, r * 0.24, tone.lit(0.05))
        c.oval(0, -depth, r * 0.94, r * 0.205, tone.lit(-0.12))
        band = [(px, py + r * 0.10) for px, py in arc_points(0, -depth, r * 0.985, r * 0.24, 6, 174)]
        c.line(band, r * 0.045, rim)
        c.line([(px * 0.96, py + r * 0.13) for px, py in band], r * 0.018, rim)


def rice(c: Canvas, k: Kit) -> None:
    """Draw a sack of rice with a bowl heaped full."""
    shadow(c, 0, 6, 400, 46)
    sack(c, -70, 280, 380, IVORY, k.one("oxblood", "pine", "amber", "cobalt"))
    with c.at(-70, -146):
        for turn in (-128, -108, -90, -72, -52):
            leaf(c, 0, 34, 66, turn, IVORY, 0.30)
    x, r = 122, 104
    for layer in range(7):
        half = r * 0.86 * math.cos(layer / 7 * 1.45)
        c.oval(x, -96 - layer * 9, half, 20 - layer, _RICE.lit(-0.03 + layer * 0.006))
    _bowl(c, x, 0, r, WHITE.lit(-0.02), COBALT)
    for layer in range(8):
        half = r * 0.90 * math.cos(layer / 8 * 1.5)
        c.oval(x, -98 - layer * 8, half, 19 - layer * 1.4, _RICE.lit(-0.035 + layer * 0.007))
    for _ in range(70):
        angle, share = k.rng.uniform(0, math.pi), k.rng.random()
        px, py = x + math.cos(angle) * r * 0.78 * share, -104 - math.sin(angle) * 52 * share
        with c.at(px, py, turn=k.rng.uniform(-70, 70)):
            c.oval(0, 0, 6.5, 2.4, _RICE.lit(-0.07 if k.rng.random() < 0.4 else 0.03))


def oil(c: Canvas, k: Kit) -> None:
    """Draw bottles of golden oil."""
    shadow(c, 0, 6, 330, 44)
    kind = k.facts.get("kind", "peanut")
    tone = {"camellia": Tone(0.80, 0.125, 98), "corn": Tone(0.83, 0.13, 92)}.get(kind, GOLD)
    cap = k.one("oxblood", "amber", "pine", "cobalt")
    for x, scale in ((128, 0.74), (-42, 1.0)) if k.rng.random() < 0.75 else ((0, 1.04),):
        with c.at(x, 0, scale):
            _oil_bottle(c, tone, cap, kind)


def _oil_bottle(c: Canvas, tone: Tone, cap: Tone, kind: str) -> None:
    c.line([(64, -300), (104, -288), (112, -236), (92, -196)], 22, tone.lit(0.05))
    profile = [
        (-372, 32),
        (-340, 34),
        (-318, 58),
        (-286, 98),
        (-248, 112),
        (-150, 106),
        (-40, 112),
        (-8, 108),
        (0, 98),
    ]
    c.lathe(0, profile, 16, tone, shine=0.12)
    c.poly([*arc_points(0, -228, 110, 16, 176, 4), *arc_points(0, -68, 109, 16, 4, 176)], IVORY)
    c.poly([*arc_points(0, -94, 108, 16, 176, 4), *arc_points(0, -68, 109, 16, 4, 176)], cap)
    c.poly([(-84, -322 + 60), (-70, -290), (-74, -40), (-88, -44)], WHITE.glass(80))
    screw_lid(c, 0, -410, 78, 46, cap)
    with c.at(0, -152):
        if kind == "camellia":
            for turn in range(0, 360, 72):
                with c.at(0, 0, turn=turn):
                    c.oval(0, -22, 17, 21, WHITE.lit(-0.03))
                    c.ring(0, -22, 17, 21, 2, GLAZES["mist"])
            c.oval(0, 0, 13, 13, GOLD)
        elif kind == "corn":
            c.blob([(0, -46), (18, -16), (14, 30), (0, 42), (-14, 30), (-18, -16)], GOLD)
            leaf(c, -4, 46, 62, -118, LEAF, 0.4)
            leaf(c, 4, 46, 62, -62, LEAF, 0.4)
        elif kind == "soybean":
            for dx, dy in ((-22, 8), (4, -16), (22, 16), (-4, 32)):
                c.oval(dx, dy, 19, 16, GOLD.lit(-0.04))
                c.oval(dx - 6, dy - 5, 6, 4, GOLD.lit(0.13))
        else:
            for x, y, turn, size in ((16, -22, 58, 0.78), (-4, 10, 28, 1.0)):
                with c.at(x, y, size, turn):
                    c.blob(
                        [
                            (-14, -54),
                            (14, -54),
                            (24, -32),
                            (13, -4),
                            (26, 30),
                            (14, 56),
                            (-14, 56),
                            (-26, 30),
                            (-13, -4),
                            (-24, -32),
                        ],
                        KRAFT.lit(-0.02),
                    )
                    for row in (-36, -18, 20, 38):
                        c.line([(-11, row), (11, row)], 2.4, KRAFT.lit(-0.16))
                    for column in (-8, 6):
                        c.line([(column, -44), (column, 46)], 2, KRAFT.lit(-0.13))


def flour(c: Canvas, k: Kit) -> None:
    """Draw a sack of flour between ears of wheat."""
    shadow(c, 0, 6, 380, 46)
    for turn, x in ((-24, -120), (-10, -84), (20, 128)):
        with c.at(x, 0, turn=turn):
            _wheat(c, 400)
    sack(c, 10, 272, 350, WHITE.lit(-0.035), k.one("amber", "sky", "coral", "celadon"))
    with c.at(10, -134, 0.5):
        for turn in (-30, 0, 30):
            with c.at(0, 70, 0.8, turn):
                _wheat(c, 190)
    heap(c, k, -118, 150, 40, 13, [WHITE, WHITE.lit(-0.03)])


def _wheat(c: Canvas, height: float) -> None:
    straw = Tone(0.76, 0.10, 85)
    c.line([(0, 0), (0, -height + 60)], 5, straw.lit(-0.10))
    for step in range(6):
        y = -height + 30 + step * 20
        for side in (-1, 1):
            with c.at(side * 3, y + 16, turn=side * 34):
                c.oval(0, -15, 8.5, 19, straw.lit(0.02 if side < 0 else -0.05))
                c.line([(0, -32), (0, -58)], 1.8, straw)
    c.oval(0, -height + 14, 8, 20, straw)


def beans(c: Canvas, k: Kit) -> None:
    """Draw bowls of beans of several kinds."""
    shadow(c, 0, 6, 430, 46)
    kinds = [Tone(0.58, 0.10, 128), Tone(0.42, 0.12, 25), Tone(0.82, 0.10, 88), Tone(0.30, 0.02, 300)]
    first = ("mung-bean", "adzuki-bean", "soybean", "black-bean").index(k.facts.get("kind", "mung-bean"))
    order = [kinds[(first + step) % 4] for step in range(3)]
    wares = [
        k.one("moon", "celadon", "sky"),
        k.one("moon", "apricot", "sage"),
        k.one("moon", "mist", "celadon"),
    ]
    for x, y, r, which in ((-118, -96, 98, 1), (118, -96, 98, 2), (0, 0, 132, 0)):
        with c.at(x, y):
            tone = order[which]
            _bowl(c, 0, 0, r, wares[which], COBALT if which == 0 else wares[which].lit(-0.2))
            top = -r * 0.92
            c.blob(
                [
                    (-r * 0.92, top + 4),
                    (-r * 0.5, top - r * 0.22),
                    (0, top - r * 0.34),
                    (r * 0.5, top - r * 0.22),
                    (r * 0.92, top + 4),
                    (0, top + r * 0.20),
                ],
                tone.lit(-0.06),
            )
            for row in range(7):
                half = r * (0.84 - 0.09 * abs(row - 1))
                for place in range(9):
                    px = -half + half * 2 * (place + 0.5) / 9 + k.rng.uniform(-4, 4)
                    py = top + r * 0.10 - row * r * 0.068 + (1 - (px / r) ** 2) * 6
                    if (px / r) ** 2 * 0.9 + (row / 7) ** 2 * 0.9 < 0.86:
                        c.oval(px, py, r * 0.082, r * 0.064, tone.lit(k.rng.uniform(-0.04, 0.06)))
                        c.oval(px - r * 0.02, py - r * 0.02, r * 0.026, r * 0.016, tone.lit(0.17))


def fruit(c: Canvas, k: Kit) -> None:
    """Draw a footed dish of the listing's fruit."""
    shadow(c, 0, 6, 300, 40)
    ware = k.one("moon", "celadon", "sky")
    places = [
        (-112, -168),
        (0, -162),
        (112, -168),
        (-58, -226),
        (60, -228),
        (0, -286),
        (-150, -150),
        (152, -150),
    ]
    draw = {"lychee": _lychee, "longan": _longan, "papaya": _papaya}.get(
        k.facts.get("variety", ""), _tangerine
    )
    if draw is _papaya:
        places = [(-84, -206), (92, -196), (4, -262)]
    if draw in (_lychee, _tangerine):
        leaf(c, -66, -250, 120, -150, LEAF)
        leaf(c, 70, -270, 126, -34, LEAF.lit(-0.05))
        leaf(c, 20, -320, 96, -76, LEAF.lit(0.04))
    for x, y in reversed(places):
        with c.at(x + k.between(-6, 6), y + k.between(-5, 5)):
            draw(c, k)
    c.lathe(
        0,
        [(-136, 226), (-116, 206), (-84, 128), (-58, 46), (-40, 34), (-18, 62), (0, 92)],
        26,
        ware,
        shine=0.08,
    )
    c.line(arc_points(0, -134, 222, 26, 4, 176), 6, COBALT if ware.light > 0.9 else ware.lit(0.12))


def _lychee(c: Canvas, k: Kit) -> None:
    tone = Tone(0.55, 0.165, 22).lit(k.rng.uniform(-0.04, 0.05))
    c.oval(0, 0, 60, 63, tone)
    c.blob([(18, -56), (52, -20), (50, 28), (10, 62), (34, 20), (34, -20)], tone.lit(-0.07))
    for row in range(-3, 4):
        for place in range(-3, 4):
            px, py = place * 17 + (row % 2) * 8, row * 17
            if px * px + py * py < 2700:
                c.oval(px, py, 5.2, 4.6, tone.lit(0.09 if px < 6 else 0.0))
    c.oval(-22, -28, 13, 9, tone.lit(0.22))


def _longan(c: Canvas, k: Kit) -> None:
    tone = Tone(0.68, 0.07, 72).lit(k.rng.uniform(-0.04, 0.04))
    c.oval(0, 0, 58, 58, tone)
    c.blob([(18, -52), (50, -18), (48, 26), (10, 58), (32, 18), (32, -18)], tone.lit(-0.07))
    for _ in range(22):
        px, py = k.rng.uniform(-42, 42), k.rng.uniform(-42, 42)
        c.oval(px, py, 2.6, 2.6, tone.lit(-0.10))
    c.oval(-20, -24, 14, 10, tone.lit(0.16))


def _tangerine(c: Canvas, k: Kit) -> None:
    tone = Tone(0.74, 0.155, 62).lit(k.rng.uniform(-0.02, 0.03))
    c.oval(0, 0, 66, 60, tone)
    c.blob([(20, -54), (56, -18), (54, 26), (10, 59), (36, 18), (36, -18)], tone.lit(-0.06))
    c.oval(-24, -22, 17, 11, tone.lit(0.13))
    c.oval(4, -50, 9, 5, LEAF.lit(-0.12))
    leaf(c, 4, -52, 40, -22, LEAF)


def _papaya(c: Canvas, k: Kit) -> None:
    flesh = Tone(0.74, 0.15, 52)
    with c.at(0, 0, turn=k.between(-18, 18)):
        c.blob(
            [(0, -118), (46, -72), (68, 10), (40, 84), (0, 98), (-40, 84), (-68, 10), (-46, -72)],
            Tone(0.76, 0.12, 95),
        )
        c.blob([(0, -106), (38, -66), (56, 10), (33, 74), (0, 86), (-33, 74), (-56, 10), (-38, -66)], flesh)
        c.blob(
            [(0, -64), (18, -38), (27, 14), (15, 52), (0, 60), (-15, 52), (-27, 14), (-18, -38)],
            flesh.lit(-0.12),
        )
        for row in range(7):
            for side in (-9, 9):
                c.oval(side + (row % 2) * 3, -38 + row * 14, 6, 5.4, INK.lit(-0.05))
                c.oval(side - 2 + (row % 2) * 3, -40 + row * 14, 2, 1.6, SILVER)


def tea(c: Canvas, k: Kit) -> None:
    """Draw a tea tin with a covered cup and loose leaves."""
    shadow(c, -10, 6, 380, 46)
    tin = k.one("pine", "oxblood", "cobalt", "ink", "celadon", "plum")
    with c.at(-84, 0):
        c.pillar(0, -292, 214, 284, 26, tin, shine=0.12)
        c.poly([*arc_points(0, -226, 108, 25, 176, 4), *arc_points(0, -84, 108, 25, 4, 176)], IVORY)
        c.lathe(0, [(-356, 98), (-348, 108), (-288, 108)], 26, tin.lit(0.06), shine=0.12)
        c.oval(0, -356, 98, 22, tin.lit(0.13))
        c.line(arc_points(0, -288, 108, 26, 4, 176), 4, tin.lit(-0.10))
        c.line(arc_points(0, -226, 108, 25, 4, 176), 3, GOLD)
        c.line(arc_points(0, -84, 108, 25, 4, 176), 3, GOLD)
        for turn, length in ((-90, 78), (-136, 62), (-44, 62)):
            leaf(c, 0, -92, length, turn, LEAF.lit(-0.06), 0.42)
    with c.at(134, 0):
        brew = {"yingde-black": Tone(0.56, 0.14, 42), "hakka-green": Tone(0.86, 0.09, 115)}.get(
            k.facts.get("kind", ""), _YOLK
        )
        c.oval(0, -14, 104, 20, WHITE.lit(-0.06))
        c.oval(0, -20, 104, 20, WHITE.lit(-0.01))
        _bowl(c, 0, -18, 78, WHITE.lit(-0.01), COBALT)
        c.oval(0, -18 - 78 * 0.92, 71, 14, brew)
        c.oval(-20, -94, 22, 4, brew.lit(0.12))
        for dx in (-18, 12):
            c.curve([(dx, -118), (dx - 12, -142), (dx + 8, -168), (dx - 4, -194)], 5, WHITE.glass(190))
    for _ in range(16):
        x, y = k.rng.uniform(-10, 70), k.rng.uniform(-10, 8)
        with c.at(x, y, turn=k.rng.uniform(0, 180)):
            c.curve([(-13, 0), (0, -5), (13, 2)], 5, Tone(0.36, 0.04, 110).lit(k.rng.uniform(-0.04, 0.08)))


def vegetable(c: Canvas, k: Kit) -> None:
    """Draw a wicker basket of greens, tomatoes and melon."""
    shadow(c, 0, 6, 400, 46)
    green = LEAF.lit(0.02)
    for step in range(9):
        turn = -156 + step * 16
        x = -130 + step * 30
        with c.at(x, -150, turn=turn + 90):
            c.line([(0, 20), (0, -110)], 13, green.lit(0.22))
            c.blob(
                [(0, -60), (46, -104), (50, -160), (20, -206), (-20, -206), (-50, -160), (-46, -104)],
                green.lit(-0.05 if step % 2 else 0.02),
            )
            c.line([(0, -60), (0, -186)], 5, green.lit(0.16))
            for y in (-100, -134, -164):
                c.line([(0, y), (26, y - 22)], 3, green.lit(0.11))
                c.line([(0, y), (-26, y - 22)], 3, green.lit(0.11))
    kind = k.facts.get("kind", "")
    tomatoes = [(-94, -160), (-22, -172), (-58, -206)]
    if kind == "tomato":
        tomatoes = [(60, -160), (134, -164), (96, -208), (20, -206), *tomatoes]
    for x, y in reversed(tomatoes):
        _tomato(c, x + k.between(-6, 6), y)
    for x, turn in (
        ((24, -58), (106, -38)) if kind == "bitter-melon" else ((106, -38),) if kind != "tomato" else ()
    ):
        with c.at(x, -176, turn=turn):
            _melon(c)
    cane = KRAFT.lit(k.rng.choice((-0.06, -0.02, -0.12)))
    c.poly([(-212, -158), (212, -158), (172, 0), (-172, 0)], cane)
    for row in range(6):
        y = -150 + row * 25
        half = 210 - row * 6.4
        for place in range(12):
            left = -half + half * 2 * (place + 0.5) / 12
            c.rect(left - half / 13, y, half / 6.6, 19, cane.lit(0.07 if (row + place) % 2 else -0.05), r=8)
    c.rect(-222, -172, 444, 24, cane.lit(0.09), r=12)
    c.rect(-178, -12, 356, 14, cane.lit(-0.09), r=6)


def _melon(c: Canvas) -> None:
    melon = Tone(0.66, 0.115, 132)
    c.blob([(-92, 6), (-50, -34), (20, -38), (86, -18), (104, 4), (70, 30), (0, 40), (-60, 32)], melon)
    for y in (-20, -4, 12, 26):
        c.curve([(-78, y * 0.6), (-20, y), (40, y), (90, y * 0.4)], 5, melon.lit(-0.07))


def _tomato(c: Canvas, x: float, y: float) -> None:
    tone = Tone(0.62, 0.19, 30)
    c.oval(x, y, 52, 47, tone)
    c.oval(x - 17, y - 15, 15, 9, tone.lit(0.15))
    for turn in range(-170, 0, 34):
        leaf(c, x + 2, y - 36, 26, turn, LEAF.lit(-0.10), 0.4)


def fish(c: Canvas, k: Kit) -> None:
    """Draw fish on ice in a dish."""
    shadow(c, 0, 6, 430, 40)
    tone = {
        "pompano": Tone(0.80, 0.06, 88),
        "sea-bass": Tone(0.66, 0.035, 240),
        "tilapia": Tone(0.60, 0.03, 280),
    }.get(k.facts.get("kind", ""), Tone(0.62, 0.05, 150))
    ware = k.one("moon", "celadon", "sky")
    c.lathe(0, [(-74, 272), (-60, 258), (-24, 196), (0, 168)], 30, ware, shine=0.07)
    c.oval(0, -74, 272, 40, ware.lit(0.05))
    c.oval(0, -74, 254, 33, ware.lit(-0.08))
    for _ in range(54):
        x = k.rng.uniform(-222, 222)
        y = -76 - k.rng.uniform(0, 46) * (1 - (x / 240) ** 2)
        with c.at(x, y, turn=k.rng.uniform(0, 90)):
            size = k.rng.uniform(13, 21)
            c.rect(
                -size, -size, size * 2, size * 2, Tone(0.93, 0.022, 225).lit(k.rng.uniform(-0.05, 0.04)), r=5
            )
            c.line([(-size * 0.6, -size * 0.6), (size * 0.4, -size * 0.6)], 3, WHITE)
    if k.facts.get("size", "").startswith("400"):
        with c.at(16, -196, 0.82, -10):
            _one_fish(c, tone.lit(0.04))
    with c.at(-6, -136, 1.0, -4):
        _one_fish(c, tone)
    c.oval(196, -98, 34, 34, GOLD.lit(0.10))
    c.oval(196, -98, 28, 28, GOLD.lit(0.16))
    for turn in range(0, 360, 45):
        with c.at(196, -98, turn=turn):
            c.line([(6, 0), (24, 0)], 2.4, WHITE)


def _one_fish(c: Canvas, tone: Tone) -> None:
    c.poly([(146, 0), (224, -62), (206, 0), (226, 54)], tone.lit(-0.10))
    c.blob([(-60, -66), (0, -104), (62, -60)], tone.lit(-0.10))
    c.blob([(-40, 58), (10, 96), (40, 52)], tone.lit(-0.08))
    c.blob(
        [
            (-222, 8),
            (-176, -42),
            (-90, -72),
            (10, -70),
            (96, -42),
            (164, -8),
            (164, 10),
            (96, 38),
            (0, 62),
            (-100, 58),
            (-184, 34),
        ],
        tone,
    )
    c.blob(
        [(-214, 14), (-150, 26), (0, 34), (140, 8), (96, 36), (0, 60), (-100, 56), (-184, 33)], tone.lit(0.19)
    )
    for row in range(4):
        for place in range(10):
            x, y = -84 + place * 23 + (row % 2) * 11, -46 + row * 19
            if abs(y) < 56 - abs(x - 10) * 0.30:
                c.arc(x, y, 10, 9, -70, 70, 2.4, tone.lit(-0.07))
    c.arc(-164, 0, 46, 56, -62, 62, 4, tone.lit(-0.13))
    c.blob([(-96, 8), (-52, 6), (-40, 26), (-74, 30)], tone.lit(-0.07))
    c.oval(-172, -14, 13, 13, WHITE)
    c.oval(-173, -14, 8, 8, INK)
    c.line([(-220, 12), (-196, 16)], 3.4, tone.lit(-0.16))


def egg(c: Canvas, k: Kit) -> None:
    """Draw a tray of eggs, one of them opened."""
    shadow(c, 0, 6, 430, 44)
    shell = {"duck-eggs": Tone(0.89, 0.032, 175), "quail-eggs": Tone(0.90, 0.025, 85)}.get(
        k.facts.get("kind", ""), Tone(0.82, 0.062, 62)
    )
    speckled = k.facts.get("kind") == "quail-eggs"
    card = Tone(0.72, 0.022, 75)
    c.poly([(-262, -70), (-190, -150), (190, -150), (262, -70)], card.lit(-0.08))
    for row in range(3):
        number = 5 + (row > 0)
        y = -128 + row * 34
        half = 176 + row * 34
        for place in range(number):
            x = -half + half * 2 * (place + 0.5) / number
            if row == 1 and place == 3 and not speckled:
                c.oval(x, y - 20, 34, 15, shell.lit(-0.12))
                c.blob(
                    [
                        (x - 36, y - 30),
                        (x - 16, y - 20),
                        (x, y - 31),
                        (x + 16, y - 20),
                        (x + 36, y - 30),
                        (x + 30, y + 18),
                        (x - 30, y + 18),
                    ],
                    shell,
                )
                c.oval(x, y - 29, 24, 10, _YOLK)
                continue
            _egg(c, k, x, y - 22, 35 + row * 2, shell.lit(k.rng.uniform(-0.035, 0.025)), speckled=speckled)
        c.rect(-half - 18, y + 10, half * 2 + 36, 24, card.lit(0.02 * row), r=8)
        for place in range(number):
            x = -half + half * 2 * (place + 0.5) / number
            c.oval(x, y + 12, 30, 10, card.lit(0.02 * row - 0.07))
    c.poly([(-262, -52), (262, -52), (240, 0), (-240, 0)], card.lit(0.05))
    for place in range(6):
        x = -205 + place * 82
        c.blob([(x - 30, -50), (x + 30, -50), (x + 22, -8), (x - 22, -8)], card.lit(-0.02))


def _egg(c: Canvas, k: Kit, x: float, y: float, r: float, tone: Tone, *, speckled: bool) -> None:
    points = [
        (x, y - r * 1.32),
        (x + r * 0.66, y - r * 0.72),
        (x + r * 0.96, y + r * 0.2),
        (x + r * 0.6, y + r * 0.92),
        (x - r * 0.6, y + r * 0.92),
        (x - r * 0.96, y + r * 0.2),
        (x - r * 0.66, y - r * 0.72),
    ]
    c.blob(points, tone)
    c.blob(
        [(x + r * 0.3, y - r), (x + r * 0.84, y), (x + r * 0.5, y + r * 0.8), (x + r * 0.5, y)],
        tone.lit(-0.055),
    )
    c.oval(x - r * 0.32, y - r * 0.5, r * 0.2, r * 0.28, tone.lit(0.08))
    if speckled:
        for _ in range(9):
            c.oval(
                x + k.rng.uniform(-r, r) * 0.6, y + k.rng.uniform(-r, r) * 0.75, r * 0.11, r * 0.08, WALNUT
            )
