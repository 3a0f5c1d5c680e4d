"""Drawings of views, stays and journeys."""

from cohong.demo.pictures.canvas import Canvas, Point, smooth
from cohong.demo.pictures.scene import Kit, shadow
from cohong.demo.pictures.solids import spark
from cohong.demo.pictures.tones import (
    CINNABAR,
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


def _peak(c: Canvas, x: float, w: float, h: float, tone: Tone, foot: float) -> None:
    """Draw a tall rounded hill of the karst and red-cliff country."""
    c.poly(
        smooth(
            [
                (x - w / 2, foot),
                (x - w * 0.36, foot - h * 0.55),
                (x - w * 0.12, foot - h * 0.96),
                (x + w * 0.10, foot - h),
                (x + w * 0.34, foot - h * 0.6),
                (x + w / 2, foot),
            ]
        ),
        tone,
    )
    c.poly(
        smooth(
            [
                (x + w * 0.04, foot),
                (x + w * 0.12, foot - h * 0.4),
                (x + w * 0.02, foot - h * 0.7),
                (x + w * 0.10, foot - h),
                (x + w * 0.34, foot - h * 0.6),
                (x + w / 2, foot),
            ]
        ),
        tone.lit(-0.045),
    )


def scenic(c: Canvas, k: Kit) -> None:
    """Draw hills and water under a sun: a pagoda on a lake, red cliffs, or a lighthouse by the sea."""
    city = k.facts.get("city", "")
    far, near = k.light.lit(-0.01), k.main.lit(0.06)
    if city == "韶关":
        near = Tone(0.62, 0.11, 45)
    evening = k.rng.random() < 0.35
    c.rect(
        -300, -440, 600, 452, GLAZES["apricot"].lit(0.07).muted(0.5) if evening else k.pale.lit(-0.01), r=18
    )
    c.oval(
        k.between(-120, 170), k.between(-372, -330), 46, 46, GOLD.lit(0.04) if evening else CINNABAR.lit(0.08)
    )
    if city == "阳江":
        _coast(c, k)
        return
    for x, w, h in ((-186, 190, 210), (40, 250, 262), (206, 170, 190)):
        _peak(c, x + k.between(-24, 24), w, h + k.between(-40, 30), far, -96)
    for x, w, h in ((-110, 180, 190), (146, 190, 160)):
        _peak(c, x + k.between(-30, 30), w, h + k.between(-30, 30), near, -84)
    for x, y in ((-230, -300), (70, -392), (190, -286)):
        _cloud(c, x + k.between(-30, 30), y)
    c.poly([(-300, -96), (300, -96), (300, -6), (282, 12), (-282, 12), (-300, -6)], k.light.lit(0.05))
    _ripples(c, -78)
    side = k.rng.choice((-1, 1))
    bank = [(-300, -96), (-236, -128), (-150, -136), (-70, -100), (-40, -84), (-300, -84)]
    c.poly([(side * -x, y) for x, y in bank], k.deep.lit(0.08))
    if city != "韶关":
        with c.at(side * 172, -128, 0.92):
            _pagoda(c, k)
    with c.at(side * -130, -42, 0.8):
        c.blob([(-80, -18), (80, -18), (52, 8), (-52, 8)], WALNUT)
        c.arc(0, -18, 38, 34, 180, 360, 11, KRAFT.lit(-0.1))
        c.line([(56, -14), (84, -76)], 4, WALNUT)


def _cloud(c: Canvas, x: float, y: float) -> None:
    c.rect(x - 60, y, 120, 17, WHITE.glass(215), r=8)
    c.rect(x - 24, y - 13, 92, 17, WHITE.glass(215), r=8)


def _ripples(c: Canvas, top: float) -> None:
    for row in range(5):
        for place in range(4):
            x = -250 + place * 142 + row * 37 % 90
            c.line([(x, top + row * 17), (x + 54, top + row * 17)], 3, WHITE.glass(190))


def _coast(c: Canvas, k: Kit) -> None:
    """Draw a lighthouse on its rock and a walk of planks along the sea."""
    sea = Tone(0.68, 0.085, 225)
    c.poly([(-300, -190), (300, -190), (300, -6), (282, 12), (-282, 12), (-300, -6)], sea)
    c.poly(
        [
            *smooth([(-300, -110), (-100, -96), (100, -120), (300, -100)]),
            (300, -6),
            (282, 12),
            (-282, 12),
            (-300, -6),
        ],
        sea.lit(0.06),
    )
    for x, y in ((-160, -340), (60, -386)):
        _cloud(c, x + k.between(-30, 30), y)
    _ripples(c, -166)
    c.poly(
        [*smooth([(60, -60), (110, -170), (180, -214), (250, -196), (300, -206)]), (300, -40), (60, -40)],
        k.deep.lit(0.06),
    )
    c.poly(
        [*smooth([(140, -40), (190, -130), (250, -150), (300, -140)]), (300, -30), (140, -30)],
        k.deep.lit(-0.01),
    )
    c.poly([(172, -204), (184, -340), (224, -340), (236, -204)], WHITE)
    c.poly([(176, -246), (179, -282), (229, -282), (232, -246)], CINNABAR)
    c.poly([(212, -340), (224, -340), (236, -204), (218, -204)], INK.glass(34))
    c.rect(176, -354, 56, 16, INK.lit(0.1), r=3)
    c.rect(188, -384, 32, 32, GOLD.lit(0.1), r=3)
    c.poly([(180, -384), (204, -410), (228, -384)], CINNABAR)
    c.poly([(-300, -56), (300, -30), (300, -6), (282, 12), (-282, 12), (-300, -6)], WOOD)
    for plank in range(14):
        x = -300 + plank * 44
        c.line([(x, -54 + plank * 1.9), (x - 12 if plank else x, 8)], 3, WOOD.lit(-0.09))
    for post in range(6):
        x = -270 + post * 108
        c.rect(x, -104 + post * 4.6, 11, 56, WALNUT, r=4)
    c.line([(-300, -96), (300, -70)], 5, WALNUT.lit(0.04))


def _pagoda(c: Canvas, k: Kit) -> None:
    wall, roof = IVORY, k.ink.lit(0.06)
    y = 0.0
    for level in range(5):
        half = 54 - level * 8
        height = 40 - level * 2
        c.rect(-half * 0.72, y - height, half * 1.44, height, wall)
        c.rect(half * 0.30, y - height, half * 0.42, height, wall.lit(-0.07))
        c.rect(-8, y - height + 13, 16, height - 13, CINNABAR.lit(-0.06), r=7)
        y -= height
        c.poly(
            [
                (-half * 1.24, y + 3),
                (-half * 1.06, y - 1),
                (-half * 0.66, y - 15),
                (half * 0.66, y - 15),
                (half * 1.06, y - 1),
                (half * 1.24, y + 3),
                (half * 0.8, y + 5),
                (-half * 0.8, y + 5),
            ],
            roof,
        )
        y -= 14
    c.poly([(-6, y), (0, y - 44), (6, y)], GOLD)
    c.oval(0, y - 17, 7, 7, GOLD)


def hotel(c: Canvas, k: Kit) -> None:
    """Draw a made bed by a window on the hills, or a guest house at dusk."""
    shadow(c, 0, 8, 430, 32)
    c.rect(-250, -440, 250, 236, WOOD, r=6)
    c.rect(-238, -428, 226, 212, k.pale, r=3)
    c.oval(-70, -376, 28, 28, GOLD.lit(0.05))
    c.poly(
        [
            *smooth([(-238, -270), (-190, -330), (-140, -290), (-90, -344), (-12, -270)]),
            (-12, -216),
            (-238, -216),
        ],
        k.light,
    )
    c.poly(
        [*smooth([(-238, -240), (-160, -276), (-80, -244), (-12, -262)]), (-12, -216), (-238, -216)], k.main
    )
    c.line([(-125, -428), (-125, -216)], 7, WOOD)
    curtain = k.one("mist", "apricot", "celadon", "sky")
    for side, x in ((-1, -258), (1, -4)):
        c.poly(
            smooth(
                [(x - 26, -452), (x + 26, -452), (x + 26 - side * 12, -320), (x + 24, -186), (x - 26, -186)],
                closed=True,
                steps=4,
            ),
            curtain,
        )
        c.line([(x, -440), (x - side * 4, -192)], 4, curtain.lit(-0.07))
    c.rect(-296, -462, 330, 11, WALNUT, r=5)
    c.rect(40, -300, 226, 180, WOOD.lit(-0.06), r=20)
    c.rect(56, -286, 194, 150, k.main.lit(0.06), r=14)
    for step in range(1, 4):
        c.line([(56 + step * 48, -280), (56 + step * 48, -140)], 2.6, k.main.lit(-0.01))
    blanket = k.glaze if k.glaze.light < 0.88 else k.one("coral", "celadon", "sky", "apricot")
    c.rect(-250, -150, 516, 120, WHITE.lit(-0.035), r=20)
    c.poly(
        smooth(
            [(-262, -150), (-120, -168), (60, -160), (76, -96), (70, -24), (-120, -22), (-262, -26)],
            closed=True,
            steps=6,
        ),
        blanket,
    )
    c.poly(
        smooth(
            [(-262, -70), (-120, -62), (60, -70), (74, -24), (-120, -22), (-262, -26)], closed=True, steps=6
        ),
        blanket.lit(-0.05),
    )
    c.poly([(40, -162), (82, -158), (96, -30), (60, -24)], WHITE.lit(-0.01))
    for x, y, turn in ((196, -160, -6), (150, -152, 4)):
        with c.at(x, y, turn=turn):
            c.blob(
                [(-62, -32), (0, -40), (62, -32), (66, 0), (60, 30), (0, 36), (-60, 30), (-66, 0)],
                WHITE.lit(-0.005 if turn > 0 else -0.04),
            )
    for x in (-238, 238):
        c.rect(x - 10, -34, 20, 36, WALNUT, r=4)


def tour(c: Canvas, k: Kit) -> None:
    """Draw a river boat under sail, a coach or a train, with the country behind."""
    c.rect(-300, -440, 600, 452, k.pale.lit(-0.01), r=18)
    c.oval(150, -338, 52, 52, GLAZES["coral"].lit(0.04))
    for x, w, h in ((-200, 240, 190), (0, 260, 150), (214, 172, 200)):
        _peak(c, x + k.between(-24, 24), w, h + k.between(-20, 30), k.light.lit(0.0 if x else 0.03), -116)
    kind = k.facts.get("transport", "boat")
    if kind == "boat":
        _junk(c, k)
        return
    c.poly(
        [(-300, -120), (300, -120), (300, -14), (274, 12), (-274, 12), (-300, -14)], LEAF.lit(0.20).muted(0.6)
    )
    c.rect(-300, -70, 600, 56, INK.lit(0.26))
    if kind == "coach":
        for x in range(-280, 280, 90):
            c.rect(x, -44, 46, 5, WHITE)
        _coach(c, k)
    else:
        c.rect(-300, -50, 600, 6, SILVER)
        c.rect(-300, -26, 600, 6, SILVER)
        _train(c, k)


def _junk(c: Canvas, k: Kit) -> None:
    c.poly([(-300, -120), (300, -120), (300, -14), (274, 12), (-274, 12), (-300, -14)], k.main.lit(0.14))
    c.line([(-10, -96), (-10, -390)], 9, WALNUT)
    c.line([(120, -96), (120, -296)], 7, WALNUT)
    sail = k.one("oxblood", "amber", "coral", "plum")
    for x, top, w, h in ((-10, -380, 150, 250), (120, -290, 92, 168)):
        outline = [
            (x - w * 0.78, top + h * 0.10),
            (x + w * 0.24, top),
            (x + w * 0.42, top + h * 0.40),
            (x + w * 0.40, top + h),
            (x - w * 0.82, top + h * 0.94),
        ]
        c.poly(smooth(outline, closed=True, steps=4), sail)
        for rib in range(1, 5):
            y = top + h * (0.08 + rib * 0.18)
            c.curve([(x - w * 0.82, y + 8), (x, y + 2), (x + w * 0.42, y - 3)], 4, sail.lit(-0.12))
    c.poly(
        smooth(
            [
                (-212, -128),
                (-196, -100),
                (0, -86),
                (160, -98),
                (206, -150),
                (196, -66),
                (150, -40),
                (-140, -40),
                (-188, -76),
            ],
            closed=True,
            steps=5,
        ),
        WALNUT,
    )
    c.poly(
        smooth(
            [(-204, -92), (0, -74), (196, -92), (188, -66), (148, -42), (-138, -42), (-184, -72)],
            closed=True,
            steps=5,
        ),
        CINNABAR.lit(-0.05),
    )
    c.oval(168, -104, 11, 11, WHITE)
    c.oval(169, -104, 5, 5, INK)
    for row in range(4):
        for place in range(5):
            x = -270 + place * 112 + row * 41 % 80
            c.curve(
                [(x, -36 + row * 13), (x + 22, -42 + row * 13), (x + 44, -36 + row * 13)],
                3.4,
                WHITE.glass(200),
            )


def _coach(c: Canvas, k: Kit) -> None:
    tone = k.one("coral", "sky", "celadon", "amber", "cobalt")
    shadow(c, 0, -42, 480, 22, 120)
    c.rect(-232, -232, 464, 176, tone, r=28)
    c.rect(-232, -112, 464, 56, WHITE.lit(-0.03), r=20)
    c.rect(-232, -116, 464, 28, WHITE.lit(-0.03))
    c.rect(-216, -214, 428, 78, INK.lit(0.12), r=16)
    for step in range(5):
        c.rect(-206 + step * 68, -206, 60, 62, GLAZES["sky"].lit(0.05), r=8)
        c.poly(
            [
                (-196 + step * 68, -206),
                (-172 + step * 68, -206),
                (-198 + step * 68, -144),
                (-206 + step * 68, -144),
                (-206 + step * 68, -170),
            ],
            WHITE.glass(110),
        )
    c.rect(136, -206, 70, 62, GLAZES["sky"].lit(0.09), r=10)
    c.rect(216, -104, 17, 24, GOLD.lit(0.1), r=6)
    for x in (-140, 150):
        c.oval(x, -56, 40, 40, INK)
        c.oval(x, -56, 20, 20, SILVER)
        c.oval(x, -56, 8, 8, INK)


def _train(c: Canvas, k: Kit) -> None:
    shadow(c, 0, -34, 560, 20, 120)
    nose: list[Point] = [
        (-292, -52),
        (-292, -196),
        (60, -200),
        (160, -184),
        (232, -128),
        (272, -74),
        (262, -52),
    ]
    c.poly([nose[0], nose[1], *smooth(nose[2:])], WHITE.lit(-0.03))
    c.poly([(-292, -92), (252, -92), (272, -74), (262, -52), (-292, -52)], k.one("cobalt", "oxblood", "pine"))
    c.rect(-292, -170, 330, 46, INK.lit(0.10), r=10)
    for step in range(5):
        c.rect(-282 + step * 64, -164, 54, 34, GLAZES["sky"].lit(0.06), r=6)
    c.poly(smooth([(94, -178), (156, -164), (206, -128), (128, -128)], closed=True, steps=5), INK.lit(0.12))
    c.poly([(110, -170), (136, -164), (120, -134), (112, -134)], WHITE.glass(90))
    c.oval(236, -92, 11, 6, GOLD.lit(0.14))
    spark(c, 250, -118, 15, WHITE)
