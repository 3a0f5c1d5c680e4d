"""What machines read on a sheet: bar codes (Code 128) and QR codes, as small SVG drawings."""

import re
from io import BytesIO
from typing import Final

import segno
from barcode import Code128

_QUIET: Final = 10  # modules left white on each side, as the standard asks
_BARS = re.compile("1+")


def code128(text: str) -> str:
    """Draw a text as Code 128: one path of bars, a module wide 1 and as high as the frame makes it."""
    [modules] = Code128(text).build()
    bars = "".join(
        f"M{found.start() + _QUIET} 0h{found.end() - found.start()}v1h-{found.end() - found.start()}z"
        for found in _BARS.finditer(modules)
    )
    width = len(modules) + 2 * _QUIET
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} 1" width="{width}" height="1"'
        f' preserveAspectRatio="none" shape-rendering="crispEdges"><path d="{bars}"/></svg>'
    )


def qr(text: str) -> str:
    """Draw a text as a QR code that still reads with a quarter of it scratched."""
    drawn = BytesIO()
    segno.make(text, error="q", micro=False).save(drawn, kind="svg", xmldecl=False, border=2)
    return drawn.getvalue().decode()
