"""Bodies that several drawings share: tubes, extrusions, sacks, wheels, leaves, heaps."""

import math
from collections.abc import Sequence

from cohong.demo.pictures.canvas import Canvas, Point, arc_points, smooth
from cohong.demo.pictures.scene import Kit
from cohong.demo.pictures.tones import INK, SILVER, Tone


def tube(
    c: Canvas, x: float, y: float, rx: float, ry: float, dx: float, dy: float, tone: Tone, bore: float = 0.0
) -> None:
    """Draw a round bar from a face at (x, y) back along (dx, dy); ``bore`` is the hole's share of it."""
    away = math.degrees(math.atan2(dy / ry, dx / rx))
    steps = 20
    for step in range(steps):
        start = away - 90 + 180 * step / steps
        end = away - 90 + 180 * (step + 1.25) / steps
        # Lit from above and a little from the left.
        light = -math.sin(math.radians((start + end) / 2 + 12))
        edge = arc_points(x, y, rx, ry, start, end)
        c.poly([*edge, *((px + dx, py + dy) for px, py in reversed(edge))], tone.lit(0.13 * light - 0.02))
    c.oval(x, y, rx, ry, tone.lit(0.09))
    if bore:
        c.oval(x, y, rx * bore, ry * bore, tone.lit(-0.30))
        inner = arc_points(x, y, rx * bore, ry * bore, 20, 160)
        c.poly([*inner, *((px, py - ry * bore * 0.22) for px, py in reversed(inner))], tone.lit(-0.16))


def extrude(c: Canvas, outline: Sequence[Point], dx: float, dy: float, tone: Tone) -> None:
    """Draw a prism: its outline (clockwise on screen) in front, receding to the right and up by (dx, dy)."""
    edges = list(zip(outline, [*outline[1:], outline[0]], strict=True))
    seen = [(a, b) for a, b in edges if (b[1] - a[1]) * dx - (b[0] - a[0]) * dy > 0]
    for a, b in sorted(seen, key=lambda edge: -(edge[0][1] + edge[1][1])):
        # Tops catch the light, sides lie in shade.
        level = abs(b[0] - a[0]) / (math.hypot(b[0] - a[0], b[1] - a[1]) or 1.0)
        face = [a, b, (b[0] + dx, b[1] + dy), (a[0] + dx, a[1] + dy)]
        c.poly(face, tone.lit(0.17 * level - 0.10))
    c.poly(outline, tone)


def sack(c: Canvas, x: float, w: float, h: float, tone: Tone, band: Tone) -> None:
    """Draw a filled sack standing on the ground, tied flat at the top, with a coloured band."""
    body = [
        (x - w * 0.46, -h * 0.03),
        (x - w * 0.51, -h * 0.35),
        (x - w * 0.47, -h * 0.74),
        (x - w * 0.42, -h * 0.90),
        (x - w * 0.40, -h * 0.97),
        (x, -h * 0.955),
        (x + w * 0.40, -h * 0.97),
        (x + w * 0.42, -h * 0.90),
        (x + w * 0.47, -h * 0.74),
        (x + w * 0.51, -h * 0.35),
        (x + w * 0.46, -h * 0.03),
        (x, h * 0.012),
    ]
    c.blob(body, tone)
    right = [
        (x + w * 0.46, -h * 0.03),
        (x + w * 0.51, -h * 0.35),
        (x + w * 0.47, -h * 0.74),
        (x + w * 0.41, -h * 0.93),
        (x + w * 0.33, -h * 0.72),
        (x + w * 0.36, -h * 0.36),
        (x + w * 0.30, -h * 0.02),
    ]
    c.blob(right, tone.lit(-0.055))
    c.poly(
        [
            (x - w * 0.507, -h * 0.52),
            (x, -h * 0.50),
            (x + w * 0.507, -h * 0.52),
            (x + w * 0.508, -h * 0.26),
            (x, -h * 0.235),
            (x - w * 0.508, -h * 0.26),
        ],
        band,
    )
    c.poly(
        [
            (x + w * 0.36, -h * 0.512),
            (x + w * 0.507, -h * 0.52),
            (x + w * 0.508, -h * 0.26),
            (x + w * 0.35, -h * 0.25),
        ],
        band.lit(-0.05),
    )
    c.line([(x - w * 0.37, -h * 0.925), (x, -h * 0.912), (x + w * 0.37, -h * 0.925)], 3, tone.lit(-0.16))
    c.curve(
        [(x - w * 0.30, -h * 0.88), (x - w * 0.25, -h * 0.78), (x - w * 0.27, -h * 0.68)], 3, tone.lit(-0.07)
    )
    c.curve(
        [(x + w * 0.14, -h * 0.88), (x + w * 0.10, -h * 0.76), (x + w * 0.13, -h * 0.66)], 3, tone.lit(-0.07)
    )


def heap(c: Canvas, k: Kit, x: float, w: float, h: float, size: float, tones: Sequence[Tone]) -> None:
    """Draw a heap of grains on the ground, ``w`` wide and ``h`` high."""
    c.blob(
        [
            (x - w / 2, 0),
            (x - w * 0.28, -h * 0.55),
            (x, -h * 0.92),
            (x + w * 0.28, -h * 0.55),
            (x + w / 2, 0),
            (x, 5),
        ],
        tones[0].lit(-0.12),
    )
    rows = max(3, round(h / size / 1.1))
    for row in range(rows, -1, -1):
        half = w / 2 * (1 - row / (rows + 1)) ** 0.8
        number = max(1, round(half * 2 / size / 1.25))
        for position in range(number):
            px = x - half + (position + 0.5) * half * 2 / number + k.rng.uniform(-size, size) * 0.3
            py = -row * size * 1.05 - size * 0.2 + k.rng.uniform(-size, size) * 0.25
            tone = k.rng.choice(tones)
            with c.at(px, py, turn=k.rng.uniform(-40, 40)):
                c.oval(0, 0, size * 0.72, size * 0.52, tone.lit(k.rng.uniform(-0.05, 0.03)))
                c.oval(-size * 0.18, -size * 0.16, size * 0.24, size * 0.14, tone.lit(0.09))


def wheel(c: Canvas, x: float, y: float, r: float, *, spokes: int = 5, rim: Tone = SILVER) -> None:
    """Draw a car's wheel seen from the side."""
    c.oval(x, y, r, r, INK.lit(-0.06))
    c.oval(x, y, r * 0.68, r * 0.68, rim.lit(-0.10))
    c.oval(x, y, r * 0.62, r * 0.62, INK.lit(0.08))
    for spoke in range(spokes):
        with c.at(x, y, turn=360 * spoke / spokes):
            c.poly([(-r * 0.10, 0), (-r * 0.15, -r * 0.62), (r * 0.15, -r * 0.62), (r * 0.10, 0)], rim)
    c.ring(x, y, r * 0.65, r * 0.65, r * 0.07, rim)
    c.oval(x, y, r * 0.15, r * 0.15, rim.lit(-0.18))


def leaf(c: Canvas, x: float, y: float, length: float, turn: float, tone: Tone, width: float = 0.34) -> None:
    """Draw a leaf from its stem at (x, y), pointing right before it is turned."""
    with c.at(x, y, turn=turn):
        half = length * width / 2
        c.poly([*_leaf_edge(length, half, -1), (0, 0)], tone)
        c.poly([*_leaf_edge(length, half, 1), (0, 0)], tone.lit(-0.06))
        c.line([(0, 0), (length * 0.92, 0)], max(1.6, length * 0.018), tone.lit(-0.13))


def _leaf_edge(length: float, half: float, side: int) -> list[Point]:
    return [(length * step / 10, side * half * math.sin(math.pi * (step / 10) ** 0.8)) for step in range(11)]


def spark(c: Canvas, x: float, y: float, r: float, tone: Tone) -> None:
    """Draw a small four-pointed glint."""
    q = r * 0.2
    c.poly(
        [
            (x, y - r),
            (x + q, y - q),
            (x + r, y),
            (x + q, y + q),
            (x, y + r),
            (x - q, y + q),
            (x - r, y),
            (x - q, y - q),
        ],
        tone,
    )


def screw_lid(c: Canvas, x: float, top: float, w: float, h: float, tone: Tone) -> None:
    """Draw a ribbed cap."""
    c.lathe(x, [(top, w * 0.47), (top + h * 0.12, w * 0.5), (top + h, w * 0.5)], h * 0.10, tone)
    for step in range(7):
        px = x - w * 0.40 + w * 0.80 * step / 6
        c.line([(px, top + h * 0.3), (px, top + h * 0.85)], 2, tone.lit(-0.09))
    c.oval(x, top, w * 0.47, h * 0.10, tone.lit(0.07))


def turned(profile: Sequence[Point]) -> list[Point]:
    """Smooth the profile of a turned body, (y, radius) downwards, into many small steps."""
    return [(y, max(1.0, radius)) for y, radius in smooth(profile, steps=5)]
