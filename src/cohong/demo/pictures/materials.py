"""Drawings of materials: steel, oil and paint, plastics."""

from cohong.demo.pictures.canvas import Canvas, Point, arc_points, smooth
from cohong.demo.pictures.scene import Kit, shadow
from cohong.demo.pictures.solids import extrude, heap, sack, screw_lid, spark, tube
from cohong.demo.pictures.tones import (
    GLAZES,
    GOLD,
    INK,
    IRON,
    IVORY,
    KRAFT,
    SILVER,
    WALNUT,
    WHITE,
    WOOD,
    Tone,
)

_STEEL = Tone(0.64, 0.022, 250)


def _steel(k: Kit) -> Tone:
    return _STEEL.lit(k.rng.uniform(-0.04, 0.05))._replace(hue=k.main.hue, chroma=k.rng.uniform(0.015, 0.04))


def coil(c: Canvas, k: Kit) -> None:
    """Draw one or two coils of sheet on a timber cradle."""
    shadow(c, 10, 6, 330, 46)
    tone, strap = _steel(k), k.one("cobalt", "oxblood", "amber", "pine")
    if k.rng.random() < 0.5:
        _one_coil(c, 150, -132, 0.66, tone.lit(0.03), strap)
    _one_coil(c, -84, -196, 1.0, tone, strap)
    c.rect(-190, -22, 330, 24, WOOD, r=4)
    c.rect(-190, -22, 330, 7, WOOD.lit(0.07), r=3)


def _one_coil(c: Canvas, x: float, y: float, scale: float, tone: Tone, strap: Tone) -> None:
    with c.at(x, y, scale):
        tube(c, 0, 0, 128, 184, 190, -14, tone)
        for along in (0.28, 0.72):
            edge = [(px + 190 * along, py - 14 * along) for px, py in arc_points(0, 0, 128, 184, -92, 86)]
            c.line(edge, 9, strap)
        for step in range(9):
            share = 0.97 - step * 0.055
            c.ring(0, 0, 128 * share, 184 * share, 2.2, tone.lit(-0.04 if step % 2 else 0.14))
        c.oval(0, 0, 60, 86, tone.lit(-0.34))
        c.poly(
            [*arc_points(0, 0, 60, 86, 95, 265), *reversed(arc_points(14, 0, 56, 84, 95, 265))],
            tone.lit(-0.12),
        )
        for angle in (-62, 118):
            with c.at(0, 0):
                inner, outer = (
                    arc_points(0, 0, 62, 88, angle, angle + 1)[0],
                    arc_points(0, 0, 128, 184, angle, angle + 1)[0],
                )
                c.line([inner, outer], 8, strap)


def rebar(c: Canvas, k: Kit) -> None:
    """Draw a strapped bundle of ribbed bars."""
    shadow(c, 20, 6, 400, 40)
    tone = _steel(k).lit(-0.08)._replace(hue=45, chroma=0.022)
    r = k.between(20, 25)
    rows = (6, 5, 4, 3)
    for level, number in enumerate(rows):
        for place in range(number):
            x = -230 + r * 2.05 * place + r * 1.02 * level
            y = -r - 8 - level * r * 1.75
            tube(c, x, y, r * 0.94, r, 320, -150, tone)
            for rib in range(1, 15):
                bx, by = x + 320 * rib / 15, y - 150 * rib / 15
                c.line(
                    [
                        (bx - r * 0.50, by - r * 0.86),
                        (bx - r * 0.02, by - r * 0.30),
                        (bx + r * 0.5, by + r * 0.45),
                    ],
                    2.6,
                    tone.lit(-0.15),
                )
            c.oval(x, y, r * 0.70, r * 0.74, tone.lit(0.16))
    band = k.one("oxblood", "cobalt", "amber")
    for along in (0.24, 0.74):
        bx, by = 320 * along, -150 * along
        left, top = -230 + bx - r * 0.5, -r - 8 - 3 * r * 1.75 + by - r
        c.curve(
            [
                (left + r * 3.4, top),
                (left + r * 7.2, top + 2),
                (left + r * 9.5, top + r * 3.2),
                (left + r * 11.9, top + r * 6.6),
            ],
            9,
            band,
        )
    c.rect(-250, -10, 130, 14, WOOD, r=3)
    c.rect(20, -10, 110, 14, WOOD, r=3)


def pipe(c: Canvas, k: Kit) -> None:
    """Draw a pyramid of pipes."""
    shadow(c, 10, 6, 420, 44)
    coated = k.facts.get("process") == "galvanised"
    tone = SILVER.lit(-0.04) if coated else _steel(k)
    r, wall = k.between(46, 54), k.rng.uniform(0.70, 0.82)
    mark = k.one("cobalt", "oxblood", "pine")
    for level, number in enumerate((4, 3, 2)):
        for place in range(number):
            x = -210 + r * 2.04 * place + r * 1.02 * level
            y = -r - level * r * 1.77
            tube(c, x, y, r * 0.95, r, 250, -104, tone, bore=wall)
            edge = [(px + 40, py - 16.6) for px, py in arc_points(x, y, r * 0.95, r, -112, 66)]
            c.line(edge, 5, mark)


def plate(c: Canvas, k: Kit) -> None:
    """Draw plates stacked on battens."""
    shadow(c, 30, 6, 430, 44)
    tone = _steel(k)
    y = 0.0
    for level in range(k.between(5, 7)):
        slip = k.between(-14, 14)
        thick = k.between(15, 26)
        for px in (-190, 60):
            c.rect(px, y - 13, 70, 14, WOOD.lit(-0.03 if level % 2 else 0), r=2)
        y -= 13
        outline = [(-270 + slip, y - thick), (120 + slip, y - thick), (120 + slip, y), (-270 + slip, y)]
        extrude(c, outline, 150, -92, tone.lit(k.rng.uniform(-0.03, 0.03)))
        y -= thick
    c.poly([(-150, y - 20), (-40, y - 84), (20, y - 84), (-90, y - 20)], tone.lit(0.13))
    c.poly([(-60, y - 20), (50, y - 84), (66, y - 84), (-44, y - 20)], tone.lit(0.13))


def section(c: Canvas, k: Kit) -> None:
    """Draw beams, channels or angles, end on."""
    shadow(c, 20, 6, 420, 44)
    tone = _steel(k).lit(-0.04)._replace(hue=k.one("oxblood", "cobalt", "pine").hue, chroma=0.07)
    shape = k.facts.get("shape", "h-beam")
    for x, y, scale in ((-122, -182, 1.0), (-232, 0, 1.0), (-10, 0, 1.0)):
        with c.at(x, y, scale):
            extrude(c, _profile(shape), 190, -118, tone.lit(k.rng.uniform(-0.02, 0.03)))


def _profile(shape: str) -> list[Point]:
    """Give a section's outline, clockwise on screen from its top left."""
    if shape == "channel":
        return [(0, -180), (130, -180), (130, -156), (26, -156), (26, -24), (130, -24), (130, 0), (0, 0)]
    if shape == "equal-angle":
        return [(0, -180), (26, -180), (26, -26), (180, -26), (180, 0), (0, 0)]
    web = 12 if shape == "i-beam" else 15
    return [
        (0, -180),
        (180, -180),
        (180, -154),
        (90 + web, -154),
        (90 + web, -26),
        (180, -26),
        (180, 0),
        (0, 0),
        (0, -26),
        (90 - web, -26),
        (90 - web, -154),
        (0, -154),
    ]


def lubricant(c: Canvas, k: Kit) -> None:
    """Draw a jug of oil with a smaller bottle before it."""
    shadow(c, 0, 6, 320, 46)
    tone = k.one("oxblood", "cobalt", "amber", "pine", "ink")
    _jug(c, -30, 1.0, tone)
    if k.rng.random() < 0.6:
        _jug(c, 168, 0.52, k.one("amber", "coral", "celadon", "moon"))


def _jug(c: Canvas, x: float, scale: float, tone: Tone) -> None:
    with c.at(x, 0, scale):
        c.line([(40, -300), (46, -352), (112, -352), (132, -300)], 30, tone.lit(-0.05))
        c.poly(
            [
                (-140, -14),
                (-140, -250),
                (-112, -306),
                (-76, -330),
                (60, -330),
                (140, -290),
                (140, -14),
                (126, 0),
                (-126, 0),
            ],
            tone,
        )
        c.poly([(96, 0), (96, -310), (140, -290), (140, -14), (126, 0)], tone.lit(-0.07))
        c.poly([(-140, -14), (-140, -250), (-124, -282), (-118, -14), (-122, 0), (-126, 0)], tone.lit(0.08))
        screw_lid(c, -52, -378, 74, 50, INK.lit(0.12))
        c.rect(-106, -236, 186, 170, IVORY, r=14)
        c.rect(-106, -112, 186, 46, tone.lit(0.14).muted(0.8), r=0)
        # The drop of oil.
        drop = [(-13, -222), (18, -176), (8, -142), (-13, -134), (-34, -142), (-44, -176)]
        c.blob(drop, GOLD)
        c.blob([(-24, -184), (-16, -166), (-24, -152), (-33, -160)], GOLD.lit(0.13))


def solvent(c: Canvas, k: Kit) -> None:
    """Draw one to three steel drums."""
    shadow(c, 0, 6, 380, 46)
    tones = [k.one("cobalt", "sky", "pine"), k.one("amber", "coral", "cobalt"), k.glaze]
    places = ((118, 0.82, 1), (-132, 0.82, 2), (0, 1.0, 0))[3 - k.between(1, 3) :]
    for x, scale, which in places:
        with c.at(x, -24 if scale < 1 else 0, scale):
            _drum(c, tones[which], mark=scale == 1.0)


def _drum(c: Canvas, tone: Tone, *, mark: bool) -> None:
    c.pillar(0, -346, 232, 320, 30, tone, shine=0.13)
    for y in (-26, -132, -238, -346):
        edge = arc_points(0, y, 118, 32, 4, 176)
        c.line(edge, 9, tone.lit(-0.07))
        c.line([(px, py - 4) for px, py in edge], 3.4, tone.lit(0.12))
    c.ring(0, -346, 112, 26, 5, tone.lit(-0.06))
    c.oval(58, -348, 19, 6, tone.lit(-0.18))
    c.oval(58, -351, 19, 6, SILVER)
    if mark:
        c.poly([(0, -222), (56, -164), (0, -106), (-56, -164)], WHITE)
        c.poly([(0, -212), (46, -164), (0, -116), (-46, -164)], GLAZES["coral"])
        c.blob([(0, -198), (13, -170), (20, -150), (0, -134), (-20, -150), (-11, -168)], WHITE)


def coating(c: Canvas, k: Kit) -> None:
    """Draw an open pail of paint with a brush across it."""
    shadow(c, 0, 6, 340, 46)
    paint = k.glaze
    c.arc(0, -262, 152, 150, 186, 354, 6, IRON)
    c.lathe(0, [(-268, 150), (-252, 146), (-10, 122), (0, 120)], 30, WHITE.lit(-0.045), shine=0.09)
    c.poly([*arc_points(0, -206, 141, 28, 176, 4), *arc_points(0, -66, 128, 26, 4, 176)], paint.muted(0.9))
    c.poly(
        [*arc_points(0, -206, 141, 28, 60, 4), *arc_points(0, -66, 128, 26, 4, 60)],
        paint.muted(0.9).lit(-0.05),
    )
    c.oval(0, -268, 152, 34, SILVER)
    c.oval(0, -266, 138, 28, paint.lit(-0.06))
    c.oval(-6, -262, 124, 22, paint)
    c.blob([(-96, -240), (-72, -236), (-70, -190), (-84, -168), (-99, -190)], paint)
    c.blob([(-58, -236), (-40, -234), (-40, -208), (-49, -196), (-58, -208)], paint)
    with c.at(34, -280, turn=-24):
        c.rect(60, -14, 176, 26, WOOD, r=13)
        c.rect(60, -14, 176, 9, WOOD.lit(0.08), r=5)
        c.rect(6, -28, 62, 54, SILVER, r=4)
        c.rect(6, -12, 62, 5, SILVER.lit(-0.13))
        c.poly([(6, -28), (-74, -24), (-92, 4), (-70, 26), (6, 26)], paint)
        c.poly([(6, 4), (-88, 6), (-70, 26), (6, 26)], paint.lit(-0.06))
    if k.rng.random() < 0.5:
        c.oval(-206, -6, 52, 11, paint)
        c.oval(-216, -9, 20, 4, paint.lit(0.08))


def asphalt(c: Canvas, k: Kit) -> None:
    """Draw a drum of bitumen, and the road it makes running off."""
    tar = Tone(0.27, 0.012, 60)
    road = [
        (-330, 30),
        (-210, -40),
        (-92, -92),
        (10, -126),
        (86, -142),
        (132, -142),
        (122, -112),
        (80, -62),
        (30, 30),
    ]
    c.poly(road, tar.lit(0.12))
    c.poly(
        [
            (-330, 30),
            (-210, -40),
            (-92, -92),
            (10, -126),
            (86, -142),
            (92, -142),
            (26, -118),
            (-66, -78),
            (-168, -20),
            (-256, 30),
        ],
        tar.lit(0.18),
    )
    for a, b in (((-150, 20), (-96, -22)), ((-60, -48), (-18, -76)), ((10, -94), (42, -114))):
        c.line([a, b], 7, WHITE)
    with c.at(136, 0, 0.94):
        shadow(c, 0, 6, 210, 40)
        _drum(c, tar.lit(0.03), mark=False)
        c.poly([*arc_points(0, -346, 104, 23, 0, 360)], tar.lit(-0.08))
        c.blob([(-116, -336), (-84, -318), (-78, -240), (-96, -196), (-114, -240)], tar.lit(-0.10))
        c.line([(-100, -300), (-98, -236)], 5, tar.lit(0.22))
        band = k.one("amber", "coral")
        c.poly([*arc_points(0, -208, 116, 30, 176, 4), *arc_points(0, -160, 116, 30, 4, 176)], band)


def resin(c: Canvas, k: Kit) -> None:
    """Draw sacks of pellets with a heap before them."""
    shadow(c, 0, 6, 400, 46)
    band = k.one("cobalt", "celadon", "sky", "coral")
    pellet = {"black": GLAZES["ink"], "white": WHITE.lit(-0.03)}.get(
        k.facts.get("colour", ""), k.main.lit(0.18).muted(0.7)
    )
    if k.rng.random() < 0.6:
        with c.at(0, -10):
            sack(c, 110, 240, 330, IVORY.lit(-0.02), band)
    sack(c, -86, 262, 372, IVORY, band)
    for y in (-166, -148, -130):
        c.line([(-150, y), (-150 + k.between(70, 130), y)], 6, IVORY)
    heap(c, k, 98, 270, 112, 16, [pellet, pellet.lit(0.05), pellet.lit(-0.04)])


def film(c: Canvas, k: Kit) -> None:
    """Draw standing rolls of film, one with its end drawn out."""
    shadow(c, 0, 6, 380, 44)
    tone = k.main.lit(0.20).muted(0.65)
    for x, h, w in ((128, 296, 132), (-6, 352, 140)):
        c.pillar(x, -h, w, h - 8, 22, tone, shine=0.15)
        c.oval(x, -h, w * 0.30, 11, KRAFT)
        c.oval(x, -h, w * 0.22, 7.5, WALNUT)
        for ring in (0.44, 0.40, 0.36):
            c.ring(x, -h, w * ring, 22 * ring * 2, 1.6, tone.lit(-0.08))
        tone = tone.lit(0.03)
    with c.at(-150, 0):
        sheet_edge = [(70, -250), (0, -214), (-62, -226), (-122, -180)]
        foot = [(-122, -8), (-62, -46), (0, -20), (70, -12)]
        c.pillar(60, -262, 116, 254, 19, tone, shine=0.15)
        c.oval(60, -262, 34, 10, KRAFT)
        c.oval(60, -262, 25, 7, WALNUT)
        c.poly([*smooth(sheet_edge), *smooth(foot)], tone.lit(0.05).glass(165))
        c.curve(sheet_edge, 3, tone.lit(0.12))


def crate(c: Canvas, k: Kit) -> None:
    """Draw stacked crates with grips and slots."""
    shadow(c, 20, 6, 380, 46)
    tone = k.glaze if 0.45 < k.glaze.light < 0.85 else k.one("sky", "celadon", "amber", "cobalt")
    levels = k.between(1, 3)
    for level in range(levels):
        with c.at(0, -level * (150 if levels < 3 else 122), 1.0 if levels < 3 else 0.94):
            _crate(c, tone if level % 2 == 0 else tone.lit(0.07))
    if levels == 1:
        with c.at(196, 0, 0.5):
            _crate(c, tone.lit(0.07))


def _crate(c: Canvas, tone: Tone) -> None:
    c.poly([(-230, -152), (-130, -214), (250, -214), (150, -152)], tone.lit(-0.18))
    c.poly([(-130, -214), (250, -214), (250, -170), (150, -152), (-130, -152)], tone.lit(-0.11))
    c.box(-40, 0, 372, 152, 100, tone)
    c.poly([(-226, -152), (-128, -202), (244, -202), (146, -152)], tone.lit(-0.22))
    c.poly([(-128, -202), (244, -202), (220, -190), (-112, -190)], tone.lit(-0.12))
    for row in range(2):
        for column in range(7):
            if not (row == 0 and column in (2, 3, 4)):
                c.rect(-206 + column * 48, -118 + row * 54, 34, 36, tone.lit(-0.13), r=7)
    c.rect(-104, -122, 128, 36, tone.lit(-0.2), r=18)
    c.rect(-232, -162, 384, 18, tone.lit(0.08), r=5)
    c.poly([(152, -162), (252, -212), (252, -196), (152, -146)], tone.lit(-0.03))


def sheet(c: Canvas, k: Kit) -> None:
    """Draw sheets standing in a rack, one behind another."""
    shadow(c, 10, 6, 430, 40)
    clear = k.facts.get("finish") == "clear"
    tints = [
        k.main.lit(0.16),
        k.one("sky", "celadon"),
        k.one("amber", "apricot"),
        k.one("mist", "coral"),
        k.light,
    ]
    k.rng.shuffle(tints)
    count = k.between(3, 5)
    for step in range(count - 1, -1, -1):
        x, y = -214 + step * 56, -26 - step * 26
        tone = (k.light.lit(0.08) if clear else tints[step]).lit(0.02 * step)
        c.poly([(x, y), (x, y - 314), (x + 262, y - 314), (x + 262, y)], tone.glass(150 if clear else 205))
        c.poly([(x + 262, y), (x + 262, y - 314), (x + 274, y - 321), (x + 274, y - 7)], tone.lit(-0.14))
        c.poly([(x, y - 314), (x + 12, y - 321), (x + 274, y - 321), (x + 262, y - 314)], tone.lit(0.12))
        c.poly([(x + 40, y - 300), (x + 96, y - 300), (x + 30, y - 90), (x + 14, y - 130)], WHITE.glass(95))
        c.poly([(x + 112, y - 300), (x + 128, y - 300), (x + 50, y - 60), (x + 42, y - 82)], WHITE.glass(95))
    for x in (-190, 20):
        c.poly(
            [
                (x, -26),
                (x + 46, -26),
                (x + 46 + 56 * count, -26 * count - 26),
                (x + 56 * count, -26 * count - 26),
            ],
            WOOD.lit(-0.06),
        )
    c.rect(-232, -28, 300, 28, WOOD, r=5)
    c.rect(-232, -28, 300, 9, WOOD.lit(0.07), r=4)
    spark(c, -34, -306, 24, WHITE)
