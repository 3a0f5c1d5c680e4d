"""Colours for the drawings, in OKLCH so that tones of different hues sit at the same weight side by side."""

import math
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

# A painter's hue (0 red, 60 yellow, 120 green, 240 blue) to OKLCH's, by straight lines between these points.
_HUES = (
    (0, 27),
    (30, 55),
    (60, 95),
    (90, 125),
    (120, 145),
    (180, 195),
    (210, 235),
    (240, 265),
    (300, 325),
    (360, 387),
)


class Tone(NamedTuple):
    """A colour: lightness 0–1, chroma 0–0.2 or so, OKLCH hue in degrees, opacity 0–255."""

    light: float
    chroma: float
    hue: float
    alpha: int = 255

    def lit(self, step: float) -> "Tone":
        """Give the same colour lighter (or, negative, darker) by a step of lightness."""
        return self._replace(light=min(0.985, max(0.08, self.light + step)))

    def muted(self, factor: float) -> "Tone":
        """Give the same colour with its chroma scaled."""
        return self._replace(chroma=self.chroma * factor)

    def glass(self, alpha: int) -> "Tone":
        """Give the same colour, see-through."""
        return self._replace(alpha=alpha)

    def rgba(self) -> tuple[int, int, int, int]:
        """Give the colour as a screen shows it."""
        return _rgba(self)


@lru_cache(maxsize=4096)
def _rgba(tone: Tone) -> tuple[int, int, int, int]:
    a = tone.chroma * math.cos(math.radians(tone.hue))
    b = tone.chroma * math.sin(math.radians(tone.hue))
    long = (tone.light + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (tone.light - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (tone.light - 0.0894841775 * a - 1.2914855480 * b) ** 3
    red = 4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short
    green = -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short
    blue = -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short
    return (_screen(red), _screen(green), _screen(blue), tone.alpha)


def _screen(linear: float) -> int:
    linear = min(1.0, max(0.0, linear))
    value = 12.92 * linear if linear <= 0.0031308 else 1.055 * linear ** (1 / 2.4) - 0.055
    return round(value * 255)


def painters(hue: float, light: float, chroma: float) -> Tone:
    """Give a tone from a painter's hue, as categories and industries name theirs."""
    hue %= 360
    for (low, start), (high, end) in pairwise(_HUES):
        if hue <= high:
            return Tone(light, chroma, start + (end - start) * (hue - low) / (high - low))
    raise AssertionError(hue)


PAPER = Tone(0.978, 0.005, 95)
WHITE = Tone(0.985, 0.003, 95)
IVORY = Tone(0.945, 0.022, 92)
INK = Tone(0.32, 0.03, 265)
IRON = Tone(0.55, 0.018, 255)
SILVER = Tone(0.82, 0.012, 250)
WOOD = Tone(0.66, 0.085, 68)
WALNUT = Tone(0.46, 0.06, 55)
KRAFT = Tone(0.77, 0.065, 75)
GOLD = Tone(0.78, 0.12, 85)
LEAF = Tone(0.60, 0.11, 140)
CINNABAR = Tone(0.58, 0.17, 32)
COBALT = Tone(0.45, 0.13, 262)

# The glazes of the trade: what goods that come in any colour are coloured with.
GLAZES: dict[str, Tone] = {
    "moon": Tone(0.93, 0.012, 230),
    "celadon": Tone(0.80, 0.055, 168),
    "sky": Tone(0.77, 0.065, 225),
    "cobalt": Tone(0.50, 0.12, 262),
    "ink": Tone(0.36, 0.03, 260),
    "oxblood": Tone(0.47, 0.145, 25),
    "coral": Tone(0.70, 0.13, 35),
    "apricot": Tone(0.84, 0.075, 70),
    "amber": Tone(0.75, 0.125, 75),
    "pine": Tone(0.50, 0.075, 160),
    "sage": Tone(0.72, 0.045, 140),
    "mist": Tone(0.83, 0.05, 15),
    "plum": Tone(0.48, 0.09, 345),
}
