"""Drawings of ceramics and furniture."""

from cohong.demo.pictures.canvas import Canvas, Point, arc_points, smooth
from cohong.demo.pictures.scene import Kit, shadow
from cohong.demo.pictures.solids import leaf
from cohong.demo.pictures.tones import COBALT, GLAZES, GOLD, INK, IVORY, KRAFT, LEAF, SILVER, WALNUT, WHITE, WOOD, Tone

_CELADON = Tone(0.79, 0.05, 165)


def _ware(k: Kit) -> tuple[Tone, bool]:
    """A listing's glaze, and whether cobalt is painted on it."""
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
    """A painted peony spray."""
    c.curve([(x - size, y + size * 0.5), (x - size * 0.3, y + size * 0.25), (x + size * 0.4, y + size * 0.45), (x + size, y + size * 0.1)],
            size * 0.05, tone)
    for turn in range(0, 360, 60):
        with c.at(x, y, turn=turn):
            c.oval(0, -size * 0.27, size * 0.19, size * 0.23, tone.lit(0.22).muted(0.75))
            c.ring(0, -size * 0.27, size * 0.19, size * 0.23, size * 0.045, tone)
    c.oval(x, y, size * 0.15, size * 0.15, tone)
    leaf(c, x - size * 0.5, y + size * 0.34, size * 0.55, 200, tone.lit(0.05), 0.45)
    leaf(c, x + size * 0.5, y + size * 0.34, size * 0.55, -24, tone.lit(0.05), 0.45)
    leaf(c, x + size * 0.15, y + size * 0.4, size * 0.5, 66, tone.lit(0.05), 0.45)


def bowl(c: Canvas, k: Kit) -> None:
    """A bowl on a saucer with others stacked behind, and chopsticks."""
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
        c.poly([*arc_points(0, -177, 159, 33, 0, 180), *reversed(arc_points(0, -184, 140, 22, 0, 180))], tone.lit(-0.03))
        rim = GOLD if tone.light > 0.95 else tone.lit(-0.10)
        c.line(arc_points(0, -164, 166, 38, 8, 172), 4, COBALT if painted else rim)
        if not painted:
            # Fluting, as in a lotus bowl.
            for petal in range(9):
                x = (petal - 4) * 0.225
                c.curve([(x * 158, -146 + 36 * (1 - x * x) ** 0.5), (x * 132, -86), (x * 66, -28)], 2.6, tone.lit(-0.045))
        if deep:
            c.line(arc_points(0, -156, 164, 38, 8, 172), 1.8, COBALT)
            _spray(c, -12, -76, 42, COBALT)
            for side in (-1, 1):
                leaf(c, side * 92, -98, 34, 90 + side * -20, COBALT.lit(0.1), 0.5)
            c.line(arc_points(0, -18, 64, 13, 12, 168), 3, COBALT)


_VASES: dict[str, list[Point]] = {
    "meiping": [(-400, 34), (-392, 30), (-368, 28), (-350, 56), (-318, 104), (-272, 126), (-210, 116), (-130, 84), (-50, 64), (-10, 66), (0, 68)],
    "yuhuchun": [(-404, 58), (-392, 46), (-350, 30), (-290, 30), (-230, 56), (-160, 104), (-96, 124), (-44, 104), (-18, 70), (0, 66)],
    "globular": [(-404, 44), (-396, 38), (-340, 34), (-282, 38), (-262, 56), (-222, 118), (-160, 150), (-96, 140), (-40, 100), (-12, 72), (0, 74)],
    "display-vase": [(-404, 62), (-390, 50), (-350, 38), (-300, 36), (-256, 52), (-236, 58), (-190, 100), (-120, 126), (-58, 104), (-20, 66), (0, 74)],
}


def vase(c: Canvas, k: Kit) -> None:
    """A vase of the listing's form, with a branch in it now and then."""
    shadow(c, 0, 6, 300, 40)
    tone, painted = _ware(k)
    profile = _VASES[k.facts.get("form", "yuhuchun")]
    if k.rng.random() < 0.45:
        _branch(c, k, profile[0][0])
    fine = _fine(profile)
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
            c.blob([(x - 9, top), (x + 9, top), (x + 6, top + length), (x, top + length + 10), (x - 6, top + length)],
                   Tone(0.60, 0.11, 300).glass(64))
    else:
        for share in (0.20, 0.72):
            y, r = fine[round(share * (len(fine) - 1))]
            c.line(arc_points(0, y, r * 0.985, 12 * r / widest, 6, 174), 2.6, tone.lit(-0.06))
    c.blob([(-widest * 0.56, widest_y - 44), (-widest * 0.44, widest_y - 60), (-widest * 0.46, widest_y + 26), (-widest * 0.60, widest_y + 8)],
           WHITE.glass(110))
    c.rect(-92, -4, 184, 16, WALNUT, r=6)


def _fine(profile: list[Point]) -> list[Point]:
    """The profile smoothed into many small steps."""
    return [(y, max(1.0, r)) for y, r in smooth(profile, steps=5)]


def _branch(c: Canvas, k: Kit, top: float) -> None:
    bark, bloom = WALNUT.lit(-0.06), k.one("mist", "coral", "moon")
    c.curve([(4, top + 60), (-14, top - 40), (-74, top - 96), (-150, top - 112)], 6, bark)
    c.curve([(2, top + 60), (26, top - 50), (84, top - 92), (122, top - 150)], 6, bark)
    for x, y in ((-60, -88), (-112, -108), (-150, -114), (-28, -58), (44, -66), (86, -94), (110, -128), (124, -152)):
        for turn in range(0, 360, 72):
            with c.at(x, top + y, turn=turn + x):
                c.oval(0, -9, 8, 9, bloom.lit(0.04))
        c.oval(x, top + y, 4, 4, GOLD)


def teapot(c: Canvas, k: Kit) -> None:
    """A teapot with its cups on a tray."""
    tone = {"red-clay": Tone(0.52, 0.115, 38), "purple-clay": Tone(0.42, 0.065, 25)}.get(k.facts.get("clay", ""), WHITE.lit(-0.02))
    shadow(c, 0, 8, 500, 36)
    c.rect(-262, -30, 524, 26, WOOD.lit(-0.10), r=10)
    c.rect(-262, -34, 524, 16, WOOD, r=8)
    for slat in range(9):
        c.rect(-240 + slat * 56, -30, 34, 4, WOOD.lit(-0.20), r=2)
    with c.at(-44, -34, 1.02):
        c.arc(126, -132, 62, 74, -100, 96, 22, tone.lit(-0.07))
        c.poly([(-112, -84), (-196, -192), (-222, -196), (-216, -180), (-150, -60)], tone.lit(0.02))
        c.poly([(-112, -84), (-150, -60), (-216, -180), (-206, -178)], tone.lit(-0.07))
        c.lathe(0, _fine([(-214, 74), (-200, 96), (-150, 136), (-96, 142), (-44, 116), (-12, 78), (0, 76)]), 16, tone, shine=0.11)
        c.lathe(0, _fine([(-246, 16), (-238, 44), (-222, 70), (-212, 76)]), 10, tone.lit(0.02), shine=0.10)
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
    """Two tiles leaning on a wall of their kind, one plain or veined and one patterned."""
    shadow(c, 0, 6, 500, 40)
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
    """A quartered rosette, as encaustic tiles carry."""
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
    """The veins of stone."""
    mark = tone.lit(-0.07) if tone.light > 0.6 else tone.lit(0.10)
    for vein in range(5):
        y = -130.0 + vein * 58 + k.between(-10, 10)
        points = [(-148.0, y + 24), (-90.0, y - 14), (-20.0, y + 22), (50.0, y - 26), (148.0, y + 6)]
        c.curve([(x, max(-144.0, min(144.0, level))) for x, level in points], 1.8 + vein % 2 * 3, mark.glass(200))
    c.curve([(-70, -144), (-20, -60), (-76, 40), (-10, 144)], 2.2, mark.glass(200))


def basin(c: Canvas, k: Kit) -> None:
    """A wash basin with its tap, on a counter or a pedestal."""
    tone = {"matt-black": Tone(0.33, 0.008, 260), "light-grey": Tone(0.80, 0.008, 250)}.get(k.facts.get("glaze", ""), WHITE.lit(-0.015))
    pedestal = k.facts.get("kind") == "pedestal"
    shadow(c, 0, 6, 300 if pedestal else 520, 36)
    if pedestal:
        c.lathe(0, _fine([(-250, 92), (-220, 60), (-120, 46), (-30, 56), (0, 74)]), 10, tone.lit(-0.03))
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
        c.lathe(0, _fine([(-132, 214), (-118, 212), (-70, 190), (-22, 140), (0, 104)]), 20, tone, shine=0.08)
        c.oval(0, -132, 214, 38, tone.lit(0.04))
        c.oval(0, -130, 198, 31, tone.lit(-0.11))
        c.poly([*arc_points(0, -130, 198, 31, 0, 180), *reversed(arc_points(0, -138, 172, 20, 0, 180))], tone.lit(-0.05))
        c.oval(0, -122, 15, 5, SILVER.lit(-0.2))
        c.line([(-92, -190), (-92, -142)], 6, GLAZES["sky"].lit(0.08).glass(190))
        c.blob([(-160, -96), (-136, -106), (-126, -66), (-150, -58)], WHITE.glass(90))
    if not pedestal:
        with c.at(228, -134, 0.62):
            c.lathe(0, [(-96, 26), (-84, 40), (-8, 44), (0, 38)], 8, k.one("celadon", "coral", "cobalt"))
            for turn in (-126, -100, -72, -48):
                leaf(c, 0, -92, 96, turn, LEAF, 0.34)


def _timber(k: Kit) -> Tone:
    return {"walnut": WALNUT, "beech": Tone(0.72, 0.085, 62), "bamboo": Tone(0.78, 0.09, 88)}.get(k.facts.get("wood", ""), WOOD)


def chair(c: Canvas, k: Kit) -> None:
    """A wooden chair with a curved back."""
    shadow(c, 0, 6, 320, 40)
    wood = _timber(k)
    seat = {"off-white-fabric": IVORY, "dark-green-leather": GLAZES["pine"], "cane": KRAFT}.get(k.facts.get("seat", ""), k.glaze)
    c.line([(-70, -170), (-96, -28)], 15, wood.lit(-0.11))
    c.line([(104, -170), (130, -28)], 15, wood.lit(-0.11))
    c.line([(-88, -176), (-118, -388)], 16, wood.lit(-0.04))
    c.line([(112, -176), (142, -388)], 16, wood.lit(-0.06))
    style = k.between(0, 2)
    if style == 0:
        for y in (-366, -320, -274):
            bow = [(-116 + (y + 388) * 0.14, y), (12, y - 22), (140 - (y + 388) * 0.14, y)]
            c.curve(bow, 20, wood.lit(0.03))
    elif style == 1:
        c.curve([(-124, -384), (-60, -420), (84, -420), (148, -384)], 26, wood.lit(0.03))
        for step in range(6):
            c.line([(-58 + step * 28, -180), (-74 + step * 35, -400)], 8, wood.lit(0.01))
    else:
        c.curve([(-122, -380), (-50, -398), (76, -398), (146, -380)], 20, wood.lit(0.03))
        c.blob([(-96, -360), (12, -376), (120, -360), (106, -250), (12, -240), (-82, -250)], seat.lit(-0.03))
    c.poly([(-118, -186), (138, -186), (176, -132), (-156, -132)], wood)
    c.blob([(-112, -196), (12, -204), (134, -196), (170, -146), (12, -134), (-150, -146)], seat)
    c.blob([(-140, -152), (12, -142), (162, -152), (166, -140), (12, -126), (-148, -140)], seat.lit(-0.08))
    if k.facts.get("seat") == "cane":
        for step in range(-6, 8):
            c.line([(step * 22 - 30, -192), (step * 26 - 10, -146)], 2, seat.lit(-0.12))
            c.line([(step * 22 + 20, -192), (step * 22 - 20, -146)], 2, seat.lit(-0.12))
    c.poly([(-156, -134), (176, -134), (172, -112), (-152, -112)], wood.lit(-0.05))
    c.line([(-142, -120), (-166, 0)], 19, wood)
    c.line([(162, -120), (186, 0)], 19, wood.lit(-0.03))
    c.line([(-152, -58), (172, -58)], 9, wood.lit(-0.08))


def sofa(c: Canvas, k: Kit) -> None:
    """A sofa with cushions, for two, three or a corner."""
    shadow(c, 0, 6, 560, 40)
    tone = {"oat": Tone(0.86, 0.03, 80), "fog-blue": Tone(0.70, 0.045, 240), "terracotta": Tone(0.64, 0.10, 45)}.get(k.facts.get("colour", ""), k.glaze)
    seats = 2 if k.facts.get("seats") == "two-seat" else 3
    half = 206 if seats == 2 else 262
    for x in (-half + 26, half - 26):
        c.poly([(x - 9, -26), (x + 9, -26), (x + 5, 2), (x - 5, 2)], WALNUT)
    c.rect(-half + 20, -266, half * 2 - 40, 190, tone.lit(-0.07), r=34)
    width = (half * 2 - 84) / seats
    for seat in range(seats):
        x = -half + 42 + seat * width
        c.rect(x + 3, -258, width - 6, 140, tone.lit(-0.015), r=26)
        c.rect(x + 14, -250, width - 28, 30, tone.lit(0.03), r=15)
    c.rect(-half + 14, -92, half * 2 - 28, 68, tone.lit(-0.09), r=14)
    for seat in range(seats):
        x = -half + 42 + seat * width
        c.rect(x + 2, -142, width - 4, 66, tone.lit(0.02), r=20)
        c.rect(x + 10, -138, width - 20, 20, tone.lit(0.055), r=10)
    for side in (-1, 1):
        x = side * (half - 30)
        c.rect(x - 32, -196, 64, 172, tone.lit(0.0 if side < 0 else -0.04), r=28)
        c.rect(x - 25, -192, 50, 24, tone.lit(0.05 if side < 0 else 0.01), r=12)
    for x, turn, cushion in ((-half + 92, -12, k.accent.muted(0.8)), (half - 104, 14, k.main.lit(0.05))):
        with c.at(x, -170, turn=turn):
            c.blob([(-48, -48), (0, -43), (48, -48), (43, 0), (48, 48), (0, 43), (-48, 48), (-43, 0)], cushion)
            c.curve([(-34, -30), (0, -24), (34, -30)], 3, cushion.lit(0.09))


def table(c: Canvas, k: Kit) -> None:
    """A table with something on it."""
    shadow(c, 0, 6, 500, 40)
    wood = _timber(k)
    rounded = k.facts.get("shape") == "round"
    if rounded:
        c.lathe(0, [(-236, 40), (-190, 26), (-60, 26), (-24, 66), (0, 128)], 10, wood.lit(-0.07))
        c.oval(0, -222, 254, 46, wood.lit(-0.10))
        c.oval(0, -240, 254, 46, wood.lit(0.03))
        for ring in (0.72, 0.44):
            c.ring(10, -240, 254 * ring, 46 * ring, 2, wood.lit(-0.02))
    else:
        for x, y in ((-150, -34), (196, -34)):
            c.poly([(x - 11, -230), (x + 11, -230), (x + 8, y), (x - 8, y)], wood.lit(-0.12))
        c.poly([(-180, -272), (224, -272), (270, -222), (-254, -222)], wood.lit(0.03))
        for grain in range(5):
            y = -264 + grain * 9
            c.line([(-190 - grain * 10, y), (40 + grain * 30, y + 1)], 1.8, wood.lit(-0.02))
        c.rect(-254, -222, 524, 20, wood.lit(-0.06), r=4)
        c.rect(-226, -202, 468, 26, wood.lit(-0.12))
        for x in (-226, 226):
            c.poly([(x - 14, -204), (x + 14, -204), (x + 10, 2), (x - 10, 2)], wood.lit(-0.02))
    use = k.facts.get("use", "dining")
    with c.at(-40, -250):
        if use == "desk":
            c.rect(-96, -24, 130, 24, k.main, r=3)
            c.rect(-88, -44, 116, 20, k.accent.muted(0.8), r=3)
            c.rect(-80, -60, 104, 16, IVORY, r=3)
        elif use == "meeting":
            c.rect(-96, -92, 140, 88, SILVER.lit(-0.1), r=6)
            c.rect(-90, -86, 128, 74, k.light, r=3)
            c.rect(-120, -8, 188, 8, SILVER, r=4)
        else:
            c.lathe(-20, _fine([(-110, 20), (-100, 17), (-78, 22), (-46, 42), (-14, 34), (0, 26)]), 6, k.glaze)
            for turn in (-128, -104, -80, -56):
                leaf(c, -20, -104, 84, turn, LEAF, 0.34)
    with c.at(118, -244):
        c.lathe(0, [(-40, 44), (-24, 40), (-8, 24), (0, 20)], 8, k.one("moon", "celadon", "sky"))
        c.oval(0, -40, 44, 10, WHITE.lit(-0.03))
        for x in (-18, 4, 22):
            c.oval(x, -46, 16, 15, Tone(0.74, 0.15, 62).lit(x / 600))


def wardrobe(c: Canvas, k: Kit) -> None:
    """A cabinet with one side open on shelves and clothes."""
    shadow(c, 10, 6, 480, 40)
    tone = {"warm-white": IVORY, "walnut": WALNUT.lit(0.04), "grey-oak": Tone(0.70, 0.022, 75)}.get(k.facts.get("finish", ""), WOOD)
    for x in (-206, 190):
        c.rect(x, -14, 16, 16, WALNUT.lit(-0.08))
    c.box(0, -10, 440, 404, 36, tone)
    c.rect(-206, -400, 200, 376, tone.lit(-0.30))
    c.rect(-206, -400, 200, 10, tone.lit(-0.36))
    c.line([(-200, -378), (-12, -378)], 6, SILVER)
    for step, hue in enumerate((k.glaze, k.accent.muted(0.8), k.main, IVORY, k.one("mist", "sky", "amber"))):
        x = -184 + step * 34
        c.arc(x + 8, -374, 6, 8, 180, 330, 3, SILVER)
        c.poly([(x - 2, -356), (x + 8, -366), (x + 18, -356), (x + 24, -190 - step % 2 * 26), (x - 8, -190 - step % 2 * 26)], hue)
    c.rect(-206, -146, 200, 10, tone.lit(-0.05))
    for level in range(2):
        c.rect(-206, -84 + level * 58, 200, 4, tone.lit(-0.20))
        c.rect(-204, -134 + level * 56, 196, 50, tone.lit(-0.03), r=3)
        c.rect(-126, -116 + level * 56, 40, 8, SILVER.lit(-0.15), r=4)
    for x in (2, 110):
        c.rect(x, -400, 104, 376, tone.lit(0.03), r=3)
        c.rect(x + 14, -384, 76, 344, tone.lit(-0.02), r=3)
    c.rect(92, -232, 7, 60, SILVER.lit(-0.18), r=3)
    c.rect(116, -232, 7, 60, SILVER.lit(-0.18), r=3)


def lamp(c: Canvas, k: Kit) -> None:
    """A pendant, floor or table lamp, lit."""
    tone = {"paper-white": Tone(0.95, 0.03, 90), "brass": GOLD.muted(0.8), "celadon": _CELADON}.get(k.facts.get("colour", ""), k.glaze)
    kind = k.facts.get("type", "table")
    glow = Tone(0.95, 0.07, 92)
    if kind == "pendant":
        for x, drop, scale in ((-150, -250, 0.72), (150, -210, 0.72), (0, -150, 1.0)):
            c.line([(x, -520), (x, drop - 120 * scale)], 4, INK.lit(0.1))
            with c.at(x, drop, scale):
                c.poly([(-84, 10), (84, 10), (190, 150), (-190, 150)], glow.glass(70))
                c.lathe(0, _fine([(-130, 14), (-110, 18), (-84, 60), (-30, 108), (0, 116)]), 22, tone)
                c.oval(0, 0, 116, 24, tone.lit(-0.12))
                c.oval(0, 2, 100, 18, glow)
        return
    shadow(c, 0, 6, 240, 34)
    height = -400 if kind == "floor" else -330
    c.oval(0, height + 90, 230, 200, glow.glass(80))
    if kind == "floor":
        for x in (-96, 96, 20):
            c.line([(0, -260), (x, 0)], 10, WOOD.lit(-0.06 if x == 20 else 0.0))
        c.oval(0, -262, 16, 10, GOLD)
    else:
        body = k.one("celadon", "cobalt", "moon", "coral", "pine")
        c.lathe(0, _fine([(-190, 14), (-176, 22), (-140, 78), (-84, 92), (-34, 56), (-12, 46), (0, 58)]), 12, body)
        c.rect(-64, -6, 128, 12, WALNUT, r=5)
        c.rect(-6, -214, 12, 30, GOLD)
    c.lathe(0, [(height, 92), (height + 150, 150)], 22, tone.lit(0.02), shine=0.07)
    c.oval(0, height, 92, 15, glow)
    c.line(arc_points(0, height + 150, 150, 22, 4, 176), 4, tone.lit(-0.10))
    c.line(arc_points(0, height + 2, 92, 15, 4, 176), 3, tone.lit(-0.08))

