"""What every picture shares: porcelain ground, a plate, arch or band behind the goods, and their palette."""

import math
from dataclasses import dataclass
from functools import cache
from random import Random

from PIL import Image, ImageDraw, ImageFilter

from cohong.demo.pictures.canvas import HEIGHT, WIDTH, Canvas, arc_points
from cohong.demo.pictures.tones import GLAZES, PAPER, Tone, painters

GROUND_Y = 598
"""The line that goods stand on."""


@dataclass(frozen=True, slots=True)
class Kit:
    """What a drawing works with: its own dice, the industry's tones, and a glaze for the goods.

    ``main`` to ``ink`` are tones of the category's hue from middling to darkest; ``pale`` is nearly paper.
    ``accent`` stands across from the hue. ``glaze`` is the colour this listing's goods come in. ``facts`` are
    the listing's attributes with its first SKU's, as text.
    """

    rng: Random
    facts: dict[str, str]
    main: Tone
    light: Tone
    pale: Tone
    deep: Tone
    ink: Tone
    accent: Tone
    glaze: Tone

    def one(self, *names: str) -> Tone:
        """One of the named glazes, by the listing's dice."""
        return GLAZES[self.rng.choice(names)]

    def between(self, low: int, high: int) -> int:
        """Give a whole number by the listing's dice, both ends possible."""
        return self.rng.randint(low, high)


# Words in the code of a colour option, and the glaze that shows it; the first that fits wins.
_COLOUR_WORDS = (
    ("white", "moon"),
    ("silver", "moon"),
    ("oat", "moon"),
    ("blue-and", "cobalt"),
    ("black", "ink"),
    ("obsidian", "ink"),
    ("graphite", "ink"),
    ("navy", "cobalt"),
    ("denim", "cobalt"),
    ("deep-blue", "cobalt"),
    ("sea-blue", "cobalt"),
    ("blue", "sky"),
    ("celadon", "celadon"),
    ("jade", "celadon"),
    ("crimson", "oxblood"),
    ("cinnabar", "oxblood"),
    ("red", "oxblood"),
    ("flamb", "plum"),
    ("bean-green", "sage"),
    ("green", "pine"),
    ("olive", "sage"),
    ("pink", "mist"),
    ("apricot", "apricot"),
    ("camel", "apricot"),
    ("khaki", "apricot"),
    ("terracotta", "coral"),
    ("orange", "amber"),
    ("cream", "apricot"),
)


def _glaze(rng: Random, facts: dict[str, str]) -> Tone:
    """Give the glaze that shows a listing's colour, or one by the dice where it names none."""
    code = facts.get("colour") or facts.get("glaze") or ""
    chance = GLAZES[rng.choice(sorted(GLAZES))]
    return next((GLAZES[name] for word, name in _COLOUR_WORDS if word in code), chance)


def kit(rng: Random, hue: int, facts: dict[str, str]) -> Kit:
    """Give the kit for a listing of a hue, a few degrees to either side of it."""
    glaze = _glaze(rng, facts)
    hue += rng.randint(-9, 9)
    return Kit(
        rng=rng,
        facts=facts,
        main=painters(hue, 0.60, 0.105),
        light=painters(hue, 0.80, 0.06),
        pale=painters(hue, 0.925, 0.024),
        deep=painters(hue, 0.43, 0.085),
        ink=painters(hue, 0.31, 0.045),
        accent=painters((hue + 170) % 360, 0.70, 0.115),
        glaze=glaze,
    )


@cache
def _porcelain() -> Image.Image:
    """White with a breath of shade towards the foot: drawn once, copied for every picture."""
    over = Canvas.over()
    ramp = Image.linear_gradient("L").resize((1, HEIGHT * over))
    top, foot = PAPER.rgba(), PAPER.lit(-0.030).rgba()
    column = Image.composite(
        Image.new("RGB", ramp.size, foot[:3]), Image.new("RGB", ramp.size, top[:3]), ramp
    )
    return column.resize((WIDTH * over, HEIGHT * over))


@cache
def _soft() -> Image.Image:
    """Give a soft-edged oval for shadows."""
    size = 256
    spot = Image.new("L", (size, size), 0)
    ImageDraw.Draw(spot).ellipse((58, 58, size - 58, size - 58), fill=255)
    return spot.filter(ImageFilter.GaussianBlur(30))


def begin() -> Canvas:
    """Give a canvas with nothing but the porcelain ground."""
    return Canvas(_porcelain())


def shadow(canvas: Canvas, x: float, y: float, width: float, height: float, strength: int = 150) -> None:
    """Draw a soft shadow under something that stands on y. Not turned by ``at``."""
    mask = _soft().point([value * strength // 255 for value in range(256)])
    box = (x - width * 0.9, y - height * 0.9, x + width * 0.9, y + height * 0.9)
    canvas.underlay(mask, box, Tone(0.60, 0.02, 260))


def backdrop(canvas: Canvas, tones: Kit) -> None:
    """Draw a plate, a moon gate or a low band behind the goods, in the industry's palest tone."""
    style = tones.rng.choice((_plate, _plate, _plate, _arch, _band))
    style(canvas, tones)


def _plate(canvas: Canvas, tones: Kit) -> None:
    x, y, radius = WIDTH / 2 + tones.between(-26, 26), 352 + tones.between(-8, 8), 288
    line = tones.light.lit(0.03)
    canvas.oval(x, y, radius, radius, tones.pale)
    canvas.oval(x, y, radius - 44, radius - 44, tones.pale.lit(0.016))
    canvas.ring(x, y, radius - 6, radius - 6, 4, line)
    canvas.ring(x, y, radius - 44, radius - 44, 2.5, line)
    tones.rng.choice((_dots, _waves, _sprigs, _fret))(canvas, x, y, radius - 25, line)


def _round(number: int) -> list[float]:
    return [360 * step / number for step in range(number)]


def _dots(canvas: Canvas, x: float, y: float, radius: float, tone: Tone) -> None:
    for position, angle in enumerate(_round(56)):
        size = 4.6 if position % 2 else 2.4
        canvas.oval(x + radius * _cos(angle), y + radius * _sin(angle), size, size, tone)


def _waves(canvas: Canvas, x: float, y: float, radius: float, tone: Tone) -> None:
    points = [
        (x + (radius + 8 * _sin(angle * 30)) * _cos(angle), y + (radius + 8 * _sin(angle * 30)) * _sin(angle))
        for angle in _round(360)
    ]
    canvas.line([*points, points[0]], 2.6, tone)


def _sprigs(canvas: Canvas, x: float, y: float, radius: float, tone: Tone) -> None:
    for angle in _round(30):
        with canvas.at(x + radius * _cos(angle), y + radius * _sin(angle), turn=angle + 90):
            canvas.blob([(-2, 0), (5, -8), (15, -8), (9, 0)], tone)
            canvas.blob([(-2, 0), (5, 8), (15, 8), (9, 0)], tone)
            canvas.line([(-16, 0), (0, 0)], 2, tone)


def _fret(canvas: Canvas, x: float, y: float, radius: float, tone: Tone) -> None:
    for angle in _round(44):
        with canvas.at(x + radius * _cos(angle), y + radius * _sin(angle), turn=angle + 90):
            canvas.line([(-14, 8), (-14, -8), (8, -8), (8, 4), (-4, 4), (-4, -1)], 2.4, tone)


def _arch(canvas: Canvas, tones: Kit) -> None:
    half, top = 300, 92
    x = WIDTH / 2 + tones.between(-16, 16)
    for inset, tone in ((0, tones.pale), (14, tones.light.lit(0.05)), (17.5, tones.pale.lit(0.014))):
        head = arc_points(x, top + half, half - inset, half - inset, 180, 360)
        canvas.poly([*head, (x + half - inset, GROUND_Y + 22), (x - half + inset, GROUND_Y + 22)], tone)
    canvas.rect(x - half - 60, GROUND_Y + 22, half * 2 + 120, 5, tones.light.lit(0.04), r=2)


def _band(canvas: Canvas, tones: Kit) -> None:
    canvas.rect(0, GROUND_Y - 74, WIDTH, HEIGHT, tones.pale)
    canvas.rect(0, GROUND_Y - 74, WIDTH, 3, tones.light.lit(0.05))
    canvas.rect(0, GROUND_Y - 64, WIDTH, 1.6, tones.light.lit(0.08))
    side = tones.rng.choice((-1, 1))
    x, y = WIDTH / 2 + side * tones.between(120, 190), 250
    canvas.oval(x, y, 176, 176, tones.pale)
    canvas.ring(x, y, 164, 164, 2.5, tones.light.lit(0.06))


def _cos(angle: float) -> float:
    return math.cos(math.radians(angle))


def _sin(angle: float) -> float:
    return math.sin(math.radians(angle))
