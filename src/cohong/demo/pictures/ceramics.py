"""Drawings of ceramics."""

from cohong.demo.pictures.canvas import Canvas, Point, arc_points
from cohong.demo.pictures.scene import Kit, shadow
from cohong.demo.pictures.solids import leaf, turned
from cohong.demo.pictures.tones import COBALT, GLAZES, GOLD, LEAF, SILVER, WALNUT, WHITE, WOOD, Tone

_CELADON = Tone(0.79, 0.05, 165)


def _ware(k: Kit) -> tuple[Tone, bool]:
    """Give a listing's glaze, and whether cobalt is painted on it."""
    match k.facts.get("glaze", ""):
        case "celadon":
            return _CELADON, False
        case "blue-and-white":
            return WHITE.lit(-0.015), True
        case "flamb":
            return Tone(0.48, 0.12, 15), False
        case "white-glaze":
            return WHITE.lit(-0.02), False
    return k.one("moon", "celadon", "sky", "cobalt"), False


def _spray(c: Canvas, x: float, y: float, size: float, tone: Tone) -> None:
    """Draw a painted peony spray."""
    c.curve(
        [
            (x - size, y + size * 0.5),
            (x - size * 0.3, y + size * 0.25),
            (x + size * 0.4, y + size * 0.45),
            (x + size, y + size * 0.1),
        ],
        size * 0.05,
        tone,
    )
    for turn in range(0, 360, 60):
        with c.at(x, y, turn=turn):
            c.oval(0, -size * 0.27, size * 0.19, size * 0.23, tone.lit(0.22).muted(0.75))
            c.ring(0, -size * 0.27, size * 0.19, size * 0.23, size * 0.045, tone)
    c.oval(x, y, size * 0.15, size * 0.15, tone)
    leaf(c, x - size * 0.5, y + size * 0.34, size * 0.55, 200, tone.lit(0.05), 0.45)
    leaf(c, x + size * 0.5, y + size * 0.34, size * 0.55, -24, tone.lit(0.05), 0.45)
    leaf(c, x + size * 0.15, y + size * 0.4, size * 0.5, 66, tone.lit(0.05), 0.45)


def bowl(c: Canvas, k: Kit) -> None:
    """Draw a bowl on a saucer with others stacked behind, and chopsticks."""
    shadow(c, 0, 6, 440, 46)
    tone, painted = _ware(k)
    with c.at(146, -22, 0.66):
        for level in range(k.between(2, 4)):
            _bowl(c, -level * 34, tone.lit(-0.012 * level), painted=painted, deep=painted)
    with c.at(-60, 0, 1.05):
        c.oval(0, -8, 214, 34, tone.lit(-0.09))
        c.oval(0, -16, 214, 34, tone.lit(0.01))
        c.ring(0, -16, 186, 27, 3, COBALT if painted else tone.lit(-0.07))
        _bowl(c, -20, tone, painted=painted, deep=painted)
    if k.rng.random() < 0.7:
        for dy in (0, 15):
            c.line([(-262, -2 + dy), (214, -20 + dy * 1.2)], 8, WALNUT.lit(0.02))
            c.line([(120, -15 + dy), (214, -20 + dy * 1.2)], 8, GLAZES["oxblood"])


def _bowl(c: Canvas, y: float, tone: Tone, *, painted: bool, deep: bool) -> None:
    with c.at(0, y):
        profile = [(-178, 168), (-150, 164), (-110, 146), (-66, 110), (-34, 74), (-22, 64), (0, 62)]
        c.lathe(0, profile, 36, tone, shine=0.09)
        c.oval(0, -178, 168, 38, tone.lit(0.04))
        c.oval(0, -177, 159, 33, tone.lit(-0.085))
        c.poly(
            [*arc_points(0, -177, 159, 33, 0, 180), *reversed(arc_points(0, -184, 140, 22, 0, 180))],
            tone.lit(-0.03),
        )
        rim = GOLD if tone.light > 0.95 else tone.lit(-0.10)
        c.line(arc_points(0, -164, 166, 38, 8, 172), 4, COBALT if painted else rim)
        if not painted:
            # Fluting, as in a lotus bowl.
            for petal in range(9):
                x = (petal - 4) * 0.225
                c.curve(
                    [(x * 158, -146 + 36 * (1 - x * x) ** 0.5), (x * 132, -86), (x * 66, -28)],
                    2.6,
                    tone.lit(-0.045),
                )
        if deep:
            c.line(arc_points(0, -156, 164, 38, 8, 172), 1.8, COBALT)
            _spray(c, -12, -76, 42, COBALT)
            for side in (-1, 1):
                leaf(c, side * 92, -98, 34, 90 + side * -20, COBALT.lit(0.1), 0.5)
            c.line(arc_points(0, -18, 64, 13, 12, 168), 3, COBALT)


_VASES: dict[str, list[Point]] = {
    "meiping": [
        (-400, 34),
        (-392, 30),
        (-368, 28),
        (-350, 56),
        (-318, 104),
        (-272, 126),
        (-210, 116),
        (-130, 84),
        (-50, 64),
        (-10, 66),
        (0, 68),
    ],
    "yuhuchun": [
        (-404, 58),
        (-392, 46),
        (-350, 30),
        (-290, 30),
        (-230, 56),
        (-160, 104),
        (-96, 124),
        (-44, 104),
        (-18, 70),
        (0, 66),
    ],
    "globular": [
        (-404, 44),
        (-396, 38),
        (-340, 34),
        (-282, 38),
        (-262, 56),
        (-222, 118),
        (-160, 150),
        (-96, 140),
        (-40, 100),
        (-12, 72),
        (0, 74),
    ],
    "display-vase": [
        (-404, 62),
        (-390, 50),
        (-350, 38),
        (-300, 36),
        (-256, 52),
        (-236, 58),
        (-190, 100),
        (-120, 126),
        (-58, 104),
        (-20, 66),
        (0, 74),
    ],
}


def vase(c: Canvas, k: Kit) -> None:
    """Draw a vase of the listing's form, with a branch in it now and then."""
    shadow(c, 0, 6, 300, 40)
    tone, painted = _ware(k)
    profile = _VASES[k.facts.get("form", "yuhuchun")]
    if k.rng.random() < 0.45:
        _branch(c, k, profile[0][0])
    fine = turned(profile)
    c.lathe(0, fine, 15, tone, shine=0.12)
    mouth = fine[0][1]
    c.oval(0, fine[0][0], mouth, mouth * 0.22, tone.lit(0.05))
    c.oval(0, fine[0][0], mouth * 0.82, mouth * 0.16, tone.lit(-0.30))
    widest_y, widest = max(fine, key=lambda point: point[1])
    if painted:
        for share, width in ((0.16, 5), (0.19, 2.4), (0.94, 5), (0.97, 2.4)):
            y, r = fine[round(share * (len(fine) - 1))]
            c.line(arc_points(0, y, r * 0.985, 12 * r / widest, 6, 174), width, COBALT)
        _spray(c, -8, widest_y - 8, widest * 0.56, COBALT)
        for x in (-0.82, 0.80):
            leaf(c, x * widest, widest_y + 30, 40, 90, COBALT.lit(0.12), 0.5)
    elif tone.chroma > 0.1:
        # Flambé: the glaze runs from the shoulder in paler tongues.
        for step in range(9):
            x = (step - 4) * widest * 0.19
            top, length = widest_y - 34 + abs(step - 4) * 6, 44 + (step * 31) % 48
            c.blob(
                [
                    (x - 9, top),
                    (x + 9, top),
                    (x + 6, top + length),
                    (x, top + length + 10),
                    (x - 6, top + length),
                ],
                Tone(0.60, 0.11, 300).glass(64),
            )
    else:
        for share in (0.20, 0.72):
            y, r = fine[round(share * (len(fine) - 1))]
            c.line(arc_points(0, y, r * 0.985, 12 * r / widest, 6, 174), 2.6, tone.lit(-0.06))
    c.blob(
        [
            (-widest * 0.56, widest_y - 44),
            (-widest * 0.44, widest_y - 60),
            (-widest * 0.46, widest_y + 26),
            (-widest * 0.60, widest_y + 8),
        ],
        WHITE.glass(110),
    )
    c.rect(-92, -4, 184, 16, WALNUT, r=6)


def _branch(c: Canvas, k: Kit, top: float) -> None:
    bark, bloom = WALNUT.lit(-0.06), k.one("mist", "coral", "moon")
    c.curve([(4, top + 60), (-14, top - 40), (-74, top - 96), (-150, top - 112)], 6, bark)
    c.curve([(2, top + 60), (26, top - 50), (84, top - 92), (122, top - 150)], 6, bark)
    for x, y in (
        (-60, -88),
        (-112, -108),
        (-150, -114),
        (-28, -58),
        (44, -66),
        (86, -94),
        (110, -128),
        (124, -152),
    ):
        for turn in range(0, 360, 72):
            with c.at(x, top + y, turn=turn + x):
                c.oval(0, -9, 8, 9, bloom.lit(0.04))
        c.oval(x, top + y, 4, 4, GOLD)


def teapot(c: Canvas, k: Kit) -> None:
    """Draw a teapot with its cups on a tray."""
    tone = {"red-clay": Tone(0.52, 0.115, 38), "purple-clay": Tone(0.42, 0.065, 25)}.get(
        k.facts.get("clay", ""), WHITE.lit(-0.02)
    )
    shadow(c, 0, 8, 420, 34)
    c.rect(-262, -30, 524, 26, WOOD.lit(-0.10), r=10)
    c.rect(-262, -34, 524, 16, WOOD, r=8)
    for slat in range(9):
        c.rect(-240 + slat * 56, -30, 34, 4, WOOD.lit(-0.20), r=2)
    with c.at(-44, -34, 1.02):
        c.arc(126, -132, 62, 74, -100, 96, 22, tone.lit(-0.07))
        c.poly([(-112, -84), (-196, -192), (-222, -196), (-216, -180), (-150, -60)], tone.lit(0.02))
        c.poly([(-112, -84), (-150, -60), (-216, -180), (-206, -178)], tone.lit(-0.07))
        c.lathe(
            0,
            turned([(-214, 74), (-200, 96), (-150, 136), (-96, 142), (-44, 116), (-12, 78), (0, 76)]),
            16,
            tone,
            shine=0.11,
        )
        c.lathe(0, turned([(-246, 16), (-238, 44), (-222, 70), (-212, 76)]), 10, tone.lit(0.02), shine=0.10)
        c.oval(0, -258, 17, 16, tone.lit(0.03))
        c.oval(-5, -263, 6, 5, tone.lit(0.17))
        c.blob([(-88, -150), (-70, -166), (-74, -96), (-92, -108)], WHITE.glass(70))
        if tone.light > 0.8:
            _spray(c, 0, -112, 50, COBALT)
    for x in (154, 222) if k.facts.get("pieces") == "4" else (118, 176, 234):
        with c.at(x, -34, 0.9 if x > 120 else 1.0):
            c.lathe(0, [(-50, 34), (-30, 31), (-10, 20), (0, 17)], 6, tone.lit(0.03))
            c.oval(0, -50, 34, 8, tone.lit(0.09))
            c.oval(0, -50, 29, 6, Tone(0.70, 0.13, 62))


_TILE_TONES = {
    "warm-grey": Tone(0.74, 0.014, 70),
    "off-white": Tone(0.93, 0.015, 85),
    "ink": Tone(0.45, 0.012, 260),
    "peacock-green": Tone(0.52, 0.08, 190),
}


def tile(c: Canvas, k: Kit) -> None:
    """Draw two tiles leaning on a wall of their kind, one plain or veined and one patterned."""
    shadow(c, 0, 6, 430, 36)
    tone = _TILE_TONES.get(k.facts.get("tone", ""), k.light)
    gloss = k.facts.get("finish") != "matt"
    c.rect(-262, -404, 524, 398, tone.lit(0.055 if tone.light < 0.9 else 0.035))
    joint = tone.lit(-0.05)
    for row in range(5):
        c.line([(-262, -404 + row * 99.5), (262, -404 + row * 99.5)], 3, joint)
        for column in range(7):
            x = -262 + column * 87.3 + (43 if row % 2 else 0)
            if row < 4 and x < 262:
                c.line([(x, -404 + row * 99.5), (x, -304 + row * 99.5)], 3, joint)
    for x, side, turn, patterned in ((92, 250, 6, True), (-88, 288, -5, False)):
        with c.at(x, -4, turn=turn):
            c.rect(-side / 2 + 12, -side + 4, side, side - 4, tone.lit(-0.22), r=5)
            c.rect(-side / 2, -side, side, side, tone, r=5)
            with c.at(0, -side / 2, side / 300):
                if patterned:
                    _rosette(c, k, tone)
                else:
                    _veins(c, k, tone)
            if gloss:
                c.poly([(-side / 2, -side), (side * 0.1, -side), (-side / 2, -side * 0.4)], WHITE.glass(48))


def _rosette(c: Canvas, k: Kit, tone: Tone) -> None:
    """Draw a quartered rosette, as encaustic tiles carry."""
    mark = tone.lit(-0.13) if tone.light > 0.6 else tone.lit(0.16)
    drop = k.accent.muted(0.55)
    for turn in (0, 90, 180, 270):
        with c.at(0, 0, turn=turn):
            c.blob([(0, -6), (38, -58), (0, -116), (-38, -58)], mark)
            c.blob([(0, -24), (17, -58), (0, -94), (-17, -58)], tone.lit(0.04))
            c.poly([(146, -146), (146, -82), (112, -112), (82, -146)], mark)
            c.oval(76, -76, 14, 14, drop)
    c.oval(0, 0, 19, 19, drop)
    c.oval(0, 0, 8, 8, tone)


def _veins(c: Canvas, k: Kit, tone: Tone) -> None:
    """Draw the veins of stone."""
    mark = tone.lit(-0.07) if tone.light > 0.6 else tone.lit(0.10)
    for vein in range(5):
        y = -130.0 + vein * 58 + k.between(-10, 10)
        points = [(-148.0, y + 24), (-90.0, y - 14), (-20.0, y + 22), (50.0, y - 26), (148.0, y + 6)]
        c.curve(
            [(x, max(-144.0, min(144.0, level))) for x, level in points], 1.8 + vein % 2 * 3, mark.glass(200)
        )
    c.curve([(-70, -144), (-20, -60), (-76, 40), (-10, 144)], 2.2, mark.glass(200))


def basin(c: Canvas, k: Kit) -> None:
    """Draw a wash basin with its tap, on a counter or a pedestal."""
    tone = {"matt-black": Tone(0.33, 0.008, 260), "light-grey": Tone(0.80, 0.008, 250)}.get(
        k.facts.get("glaze", ""), WHITE.lit(-0.015)
    )
    pedestal = k.facts.get("kind") == "pedestal"
    shadow(c, 0, 6, 240 if pedestal else 440, 34)
    if pedestal:
        c.lathe(0, turned([(-250, 92), (-220, 60), (-120, 46), (-30, 56), (0, 74)]), 10, tone.lit(-0.03))
        lift = -236.0
    else:
        c.rect(-270, -116, 540, 116, WOOD.lit(0.02))
        for x in (-134, 0, 134):
            c.line([(x, -100), (x, -4)], 3, WOOD.lit(-0.10))
        for x in (-160, -26, 108):
            c.rect(x + 2, -90, 8, 36, SILVER.lit(-0.14), r=4)
        c.rect(-284, -134, 568, 22, Tone(0.88, 0.008, 80), r=4)
        c.rect(-284, -116, 568, 4, Tone(0.76, 0.008, 80))
        lift = -134.0
    with c.at(0, lift):
        metal = GOLD.muted(0.7) if k.rng.random() < 0.4 else SILVER.lit(-0.06)
        c.line([(0, -100), (0, -232)], 20, metal)
        c.arc(-46, -226, 46, 40, 180, 362, 18, metal)
        c.line([(-92, -224), (-92, -196)], 18, metal)
        c.line([(0, -206), (48, -222)], 11, metal.lit(-0.06))
        c.line([(-5, -110), (-5, -222)], 4, metal.lit(0.12))
        c.lathe(0, turned([(-132, 214), (-118, 212), (-70, 190), (-22, 140), (0, 104)]), 20, tone, shine=0.08)
        c.oval(0, -132, 214, 38, tone.lit(0.04))
        c.oval(0, -130, 198, 31, tone.lit(-0.11))
        c.poly(
            [*arc_points(0, -130, 198, 31, 0, 180), *reversed(arc_points(0, -138, 172, 20, 0, 180))],
            tone.lit(-0.05),
        )
        c.oval(0, -122, 15, 5, SILVER.lit(-0.2))
        c.line([(-92, -190), (-92, -142)], 6, GLAZES["sky"].lit(0.08).glass(190))
        c.blob([(-160, -96), (-136, -106), (-126, -66), (-150, -58)], WHITE.glass(90))
    if not pedestal:
        with c.at(228, -134, 0.62):
            c.lathe(0, [(-96, 26), (-84, 40), (-8, 44), (0, 38)], 8, k.one("celadon", "coral", "cobalt"))
            for turn in (-126, -100, -72, -48):
                leaf(c, 0, -92, 96, turn, LEAF, 0.34)
