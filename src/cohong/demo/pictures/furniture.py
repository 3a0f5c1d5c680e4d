"""Drawings of furniture and lamps."""

from cohong.demo.pictures.canvas import Canvas, arc_points
from cohong.demo.pictures.scene import Kit, shadow
from cohong.demo.pictures.solids import leaf, turned
from cohong.demo.pictures.tones import (
    GLAZES,
    GOLD,
    INK,
    IVORY,
    KRAFT,
    LEAF,
    SILVER,
    WALNUT,
    WHITE,
    WOOD,
    Tone,
)


def _timber(k: Kit) -> Tone:
    return {"walnut": WALNUT, "beech": Tone(0.72, 0.085, 62), "bamboo": Tone(0.78, 0.09, 88)}.get(
        k.facts.get("wood", ""), WOOD
    )


def chair(c: Canvas, k: Kit) -> None:
    """Draw a wooden chair with a curved back."""
    shadow(c, 0, 6, 320, 40)
    wood = _timber(k)
    seat = {"off-white-fabric": IVORY, "dark-green-leather": GLAZES["pine"], "cane": KRAFT}.get(
        k.facts.get("seat", ""), k.glaze
    )
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
    """Draw a sofa with cushions, for two, three or a corner."""
    shadow(c, 0, 6, 450, 36)
    tone = {
        "oat": Tone(0.86, 0.03, 80),
        "fog-blue": Tone(0.70, 0.045, 240),
        "terracotta": Tone(0.64, 0.10, 45),
    }.get(k.facts.get("colour", ""), k.glaze)
    seats = 2 if k.facts.get("seats") == "two-seat" else 3
    half = 206 if seats == 2 else 262
    for foot in (-half + 26, half - 26):
        c.poly([(foot - 9, -26), (foot + 9, -26), (foot + 5, 2), (foot - 5, 2)], WALNUT)
    c.rect(-half + 20, -266, half * 2 - 40, 190, tone.lit(-0.07), r=34)
    width = (half * 2 - 84) / seats
    for seat in range(seats):
        left = -half + 42 + seat * width
        c.rect(left + 3, -258, width - 6, 140, tone.lit(-0.015), r=26)
        c.rect(left + 14, -250, width - 28, 30, tone.lit(0.03), r=15)
    c.rect(-half + 14, -92, half * 2 - 28, 68, tone.lit(-0.09), r=14)
    for seat in range(seats):
        left = -half + 42 + seat * width
        c.rect(left + 2, -142, width - 4, 66, tone.lit(0.02), r=20)
        c.rect(left + 10, -138, width - 20, 20, tone.lit(0.055), r=10)
    for side in (-1, 1):
        x = side * (half - 30)
        c.rect(x - 32, -196, 64, 172, tone.lit(0.0 if side < 0 else -0.04), r=28)
        c.rect(x - 25, -192, 50, 24, tone.lit(0.05 if side < 0 else 0.01), r=12)
    for x, turn, cushion in ((-half + 92, -12, k.accent.muted(0.8)), (half - 104, 14, k.main.lit(0.05))):
        with c.at(x, -170, turn=turn):
            c.blob(
                [(-48, -48), (0, -43), (48, -48), (43, 0), (48, 48), (0, 43), (-48, 48), (-43, 0)], cushion
            )
            c.curve([(-34, -30), (0, -24), (34, -30)], 3, cushion.lit(0.09))


def table(c: Canvas, k: Kit) -> None:
    """Draw a table with something on it."""
    shadow(c, 0, 6, 430, 36)
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
            c.lathe(
                -20, turned([(-110, 20), (-100, 17), (-78, 22), (-46, 42), (-14, 34), (0, 26)]), 6, k.glaze
            )
            for turn in (-128, -104, -80, -56):
                leaf(c, -20, -104, 84, turn, LEAF, 0.34)
    with c.at(118, -244):
        c.lathe(0, [(-40, 44), (-24, 40), (-8, 24), (0, 20)], 8, k.one("moon", "celadon", "sky"))
        c.oval(0, -40, 44, 10, WHITE.lit(-0.03))
        for x in (-18, 4, 22):
            c.oval(x, -46, 16, 15, Tone(0.74, 0.15, 62).lit(x / 600))


def wardrobe(c: Canvas, k: Kit) -> None:
    """Draw a cabinet with one side open on shelves and clothes."""
    shadow(c, 10, 6, 480, 40)
    tone = {"warm-white": IVORY, "walnut": WALNUT.lit(0.04), "grey-oak": Tone(0.70, 0.022, 75)}.get(
        k.facts.get("finish", ""), WOOD
    )
    for x in (-206, 190):
        c.rect(x, -14, 16, 16, WALNUT.lit(-0.08))
    c.box(0, -10, 440, 404, 36, tone)
    c.rect(-206, -400, 200, 376, tone.lit(-0.30))
    c.rect(-206, -400, 200, 10, tone.lit(-0.36))
    c.line([(-200, -378), (-12, -378)], 6, SILVER)
    for step, hue in enumerate((k.glaze, k.accent.muted(0.8), k.main, IVORY, k.one("mist", "sky", "amber"))):
        x = -184 + step * 34
        c.arc(x + 8, -374, 6, 8, 180, 330, 3, SILVER)
        c.poly(
            [
                (x - 2, -356),
                (x + 8, -366),
                (x + 18, -356),
                (x + 24, -190 - step % 2 * 26),
                (x - 8, -190 - step % 2 * 26),
            ],
            hue,
        )
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
    """Draw a pendant, floor or table lamp, lit."""
    tone = {"paper-white": Tone(0.95, 0.03, 90), "brass": GOLD.muted(0.8), "celadon": GLAZES["celadon"]}.get(
        k.facts.get("colour", ""), k.glaze
    )
    kind = k.facts.get("type", "table")
    glow = Tone(0.95, 0.07, 92)
    if kind == "pendant":
        for x, drop, scale in ((-150, -250, 0.72), (150, -210, 0.72), (0, -150, 1.0)):
            c.line([(x, -520), (x, drop - 120 * scale)], 4, INK.lit(0.1))
            with c.at(x, drop, scale):
                c.poly([(-84, 10), (84, 10), (190, 150), (-190, 150)], glow.glass(70))
                c.lathe(0, turned([(-130, 14), (-110, 18), (-84, 60), (-30, 108), (0, 116)]), 22, tone)
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
        c.lathe(
            0,
            turned([(-190, 14), (-176, 22), (-140, 78), (-84, 92), (-34, 56), (-12, 46), (0, 58)]),
            12,
            body,
        )
        c.rect(-64, -6, 128, 12, WALNUT, r=5)
        c.rect(-6, -214, 12, 30, GOLD)
    c.lathe(0, [(height, 92), (height + 150, 150)], 22, tone.lit(0.02), shine=0.07)
    c.oval(0, height, 92, 15, glow)
    c.line(arc_points(0, height + 150, 150, 22, 4, 176), 4, tone.lit(-0.10))
    c.line(arc_points(0, height + 2, 92, 15, 4, 176), 3, tone.lit(-0.08))
