"""A small drawing kit over Pillow: shapes in the picture's own units, smooth edges, round bodies.

Everything is drawn at twice the size and reduced once at the end. Coordinates are logical pixels with y
downwards; ``at`` moves, turns and scales what is drawn inside it, so a drawing can stand on (0, 0).
"""

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise

from PIL import Image, ImageDraw

from cohong.demo.pictures.tones import Tone

WIDTH, HEIGHT = 960, 720
_OVER = 2

Point = tuple[float, float]


class Canvas:
    """A picture being drawn."""

    def __init__(self, ground: Image.Image) -> None:
        """Start from a background of ``WIDTH`` × ``HEIGHT`` times ``over()``; it is copied."""
        self._image = ground.copy()
        self._solid = ImageDraw.Draw(self._image)
        self._clear = ImageDraw.Draw(self._image, "RGBA")
        self._matrix = (float(_OVER), 0.0, 0.0, 0.0, float(_OVER), 0.0)

    @staticmethod
    def over() -> int:
        """How many drawn pixels make one of the picture, each way."""
        return _OVER

    def finish(self) -> Image.Image:
        """Give the picture at its final size."""
        return self._image.reduce(_OVER)

    def underlay(self, mask: Image.Image, box: tuple[float, float, float, float], tone: Tone) -> None:
        """Colour through a soft mask stretched over (left, top, right, bottom): shadows and glows."""
        left, top = self._map((box[0], box[1]))
        right, bottom = self._map((box[2], box[3]))
        size = (max(1, round(right - left)), max(1, round(bottom - top)))
        self._image.paste(tone.rgba()[:3], (round(left), round(top)), mask.resize(size))

    @contextmanager
    def at(self, x: float, y: float, scale: float = 1.0, turn: float = 0.0) -> Iterator[None]:
        """Draw inside with the origin at (x, y), scaled, and turned clockwise by degrees."""
        kept = self._matrix
        a, b, c, d, e, f = kept
        cos, sin = math.cos(math.radians(turn)) * scale, math.sin(math.radians(turn)) * scale
        self._matrix = (
            a * cos + b * sin,
            b * cos - a * sin,
            a * x + b * y + c,
            d * cos + e * sin,
            e * cos - d * sin,
            d * x + e * y + f,
        )
        try:
            yield
        finally:
            self._matrix = kept

    def _map(self, point: Point) -> Point:
        a, b, c, d, e, f = self._matrix
        x, y = point
        return (a * x + b * y + c, d * x + e * y + f)

    def poly(self, points: Sequence[Point], tone: Tone) -> None:
        """Draw a filled polygon."""
        pen = self._solid if tone.alpha == 255 else self._clear
        pen.polygon([self._map(point) for point in points], fill=tone.rgba())

    def rect(self, x: float, y: float, w: float, h: float, tone: Tone, r: float = 0) -> None:
        """Draw a rectangle, its corners rounded by ``r``."""
        self.poly(_rounded(x, y, w, h, min(r, w / 2, h / 2)), tone)

    def oval(self, x: float, y: float, rx: float, ry: float, tone: Tone) -> None:
        """Draw an ellipse around (x, y)."""
        self.poly(arc_points(x, y, rx, ry, 0, 360), tone)

    def ring(self, x: float, y: float, rx: float, ry: float, width: float, tone: Tone) -> None:
        """Draw the outline of an ellipse."""
        outer = arc_points(x, y, rx + width / 2, ry + width / 2, 0, 360)
        inner = arc_points(x, y, rx - width / 2, ry - width / 2, 0, 360)
        self.poly([*outer, outer[0], inner[0], *reversed(inner)], tone)

    def arc(
        self, x: float, y: float, rx: float, ry: float, start: float, end: float, width: float, tone: Tone
    ) -> None:
        """Draw a stroke along an ellipse, degrees clockwise from three o'clock, with round ends."""
        self.line(arc_points(x, y, rx, ry, start, end), width, tone)

    def line(self, points: Sequence[Point], width: float, tone: Tone) -> None:
        """Draw a stroke with round ends and joints."""
        if tone.alpha == 255 and width > 1.5:
            # A finely divided curve needs no rounding at its joints, only at its ends.
            for x, y in points if len(points) <= 8 else (points[0], points[-1]):
                self.oval(x, y, width / 2, width / 2, tone)
        left: list[Point] = []
        right: list[Point] = []
        for position, (x, y) in enumerate(points):
            ahead = points[min(position + 1, len(points) - 1)]
            behind = points[max(position - 1, 0)]
            dx, dy = ahead[0] - behind[0], ahead[1] - behind[1]
            reach = math.hypot(dx, dy) or 1.0
            nx, ny = -dy / reach * width / 2, dx / reach * width / 2
            left.append((x + nx, y + ny))
            right.append((x - nx, y - ny))
        self.poly([*left, *reversed(right)], tone)

    def curve(self, points: Sequence[Point], width: float, tone: Tone) -> None:
        """Draw a smooth stroke through points."""
        self.line(smooth(points), width, tone)

    def blob(self, points: Sequence[Point], tone: Tone) -> None:
        """Draw a smooth closed shape through points."""
        self.poly(smooth(points, closed=True), tone)

    def pillar(
        self, x: float, top: float, w: float, h: float, ry: float, tone: Tone, shine: float = 0.10
    ) -> None:
        """Draw an upright cylinder centred on x, lit from the left, with its lid seen."""
        self.lathe(x, [(top, w / 2), (top + h, w / 2)], ry, tone, shine)
        self.oval(x, top, w / 2, ry, tone.lit(0.07))

    def lathe(self, x: float, profile: Sequence[Point], bow: float, tone: Tone, shine: float = 0.10) -> None:
        """Draw a turned body: ``profile`` is (y, radius) downwards; ``bow`` is how far level lines bow down.

        The shade runs from the light on the left to the dark on the right, as on a glazed vase.
        """
        slices = 34
        # White glaze has no room to grow lighter, so its brightest slice is the tone itself.
        level = 0.72 if tone.light < 0.9 else 0.97
        edges = [-math.cos(math.pi * step / slices) for step in range(slices + 1)]
        widest = max(radius for _, radius in profile) or 1.0
        for left, edge in pairwise(edges):
            middle = (left + edge) / 2
            light = math.sqrt(max(0.0, 1 - (middle + 0.38) ** 2 / 1.9))
            band = tone.lit((light - level) * 3.2 * shine)
            # A hair's overlap to the right keeps seams from showing; the next slice covers it.
            right = min(1.0, edge + 0.012)
            down = [(x + radius * left, y + _bow(bow, radius / widest, left)) for y, radius in profile]
            up = [
                (x + radius * right, y + _bow(bow, radius / widest, right)) for y, radius in reversed(profile)
            ]
            self.poly([*down, *up], band)

    def box(self, x: float, y: float, w: float, h: float, depth: float, tone: Tone) -> None:
        """Draw a box standing on y, its front centred on x, its top and right side receding by ``depth``."""
        left, right, top = x - w / 2, x + w / 2, y - h
        rise = depth * 0.5
        self.poly(
            [(left, top), (left + depth, top - rise), (right + depth, top - rise), (right, top)],
            tone.lit(0.06),
        )
        self.poly(
            [(right, top), (right + depth, top - rise), (right + depth, y - rise), (right, y)],
            tone.lit(-0.09),
        )
        self.rect(left, top, w, h, tone)


def _bow(bow: float, share: float, across: float) -> float:
    return bow * share * math.sqrt(max(0.0, 1 - across * across))


def arc_points(x: float, y: float, rx: float, ry: float, start: float, end: float) -> list[Point]:
    """Points along an ellipse, enough of them to look round at this size."""
    steps = max(6, min(72, round(abs(end - start) / 360 * (16 + max(rx, ry) * 0.45))))
    angles = (math.radians(start + (end - start) * step / steps) for step in range(steps + 1))
    return [(x + rx * math.cos(angle), y + ry * math.sin(angle)) for angle in angles]


def smooth(points: Sequence[Point], *, closed: bool = False, steps: int = 8) -> list[Point]:
    """Give a Catmull-Rom curve through points."""
    count = len(points)
    spans = count if closed else count - 1
    found: list[Point] = []
    for index in range(spans):
        if closed:
            p0, p1, p2, p3 = (points[(index + shift) % count] for shift in (-1, 0, 1, 2))
        else:
            p0, p1, p2, p3 = (points[min(max(index + shift, 0), count - 1)] for shift in (-1, 0, 1, 2))
        found += [_between(p0, p1, p2, p3, step / steps) for step in range(steps)]
    if not closed:
        found.append(points[-1])
    return found


def _between(p0: Point, p1: Point, p2: Point, p3: Point, t: float) -> Point:
    t2, t3 = t * t, t * t * t
    w0, w1 = (-t3 + 2 * t2 - t) / 2, (3 * t3 - 5 * t2 + 2) / 2
    w2, w3 = (-3 * t3 + 4 * t2 + t) / 2, (t3 - t2) / 2
    return (
        p0[0] * w0 + p1[0] * w1 + p2[0] * w2 + p3[0] * w3,
        p0[1] * w0 + p1[1] * w1 + p2[1] * w2 + p3[1] * w3,
    )


def _rounded(x: float, y: float, w: float, h: float, r: float) -> list[Point]:
    if r <= 0:
        return [(x, y), (x + w, y), (x + w, y + h), (x, y + h)]
    corners = (
        (x + w - r, y + r, -90),
        (x + w - r, y + h - r, 0),
        (x + r, y + h - r, 90),
        (x + r, y + r, 180),
    )
    return [point for cx, cy, start in corners for point in arc_points(cx, cy, r, r, start, start + 90)]
