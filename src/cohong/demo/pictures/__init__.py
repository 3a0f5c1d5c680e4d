"""Pictures of the demo's listings, drawn by the program: porcelain, one hue an industry, no lettering.

``draw`` gives the WebP bytes of a listing's picture: 960 × 720, the same for the same listing.
"""

from collections.abc import Callable
from io import BytesIO
from random import Random

from PIL import Image

from cohong.demo.industries import category
from cohong.demo.listings import Listing
from cohong.demo.pictures import (
    ceramics,
    culture,
    devices,
    foods,
    furniture,
    materials,
    services,
    travel,
    vehicles,
    wear,
)
from cohong.demo.pictures.canvas import HEIGHT, WIDTH, Canvas
from cohong.demo.pictures.scene import GROUND_Y, Kit, backdrop, begin, kit

MEDIA_TYPE = "image/webp"

Drawing = Callable[[Canvas, Kit], None]

MOTIFS: dict[str, Drawing] = {
    "coil": materials.coil,
    "rebar": materials.rebar,
    "pipe": materials.pipe,
    "plate": materials.plate,
    "section": materials.section,
    "lubricant": materials.lubricant,
    "solvent": materials.solvent,
    "coating": materials.coating,
    "asphalt": materials.asphalt,
    "resin": materials.resin,
    "film": materials.film,
    "crate": materials.crate,
    "sheet": materials.sheet,
    "rice": foods.rice,
    "oil": foods.oil,
    "flour": foods.flour,
    "beans": foods.beans,
    "sedan": vehicles.sedan,
    "suv": vehicles.suv,
    "van": vehicles.van,
    "tyre": vehicles.tyre,
    "phone": devices.phone,
    "laptop": devices.laptop,
    "headphones": devices.headphones,
    "chip": devices.chip,
    "display": devices.display,
    "fridge": devices.fridge,
    "aircon": devices.aircon,
    "washer": devices.washer,
    "cooker": devices.cooker,
    "fan": devices.fan,
    "bowl": ceramics.bowl,
    "vase": ceramics.vase,
    "teapot": ceramics.teapot,
    "tile": ceramics.tile,
    "basin": ceramics.basin,
    "dress": wear.dress,
    "shirt": wear.shirt,
    "trousers": wear.trousers,
    "jacket": wear.jacket,
    "shoe": wear.shoe,
    "chair": furniture.chair,
    "sofa": furniture.sofa,
    "table": furniture.table,
    "wardrobe": furniture.wardrobe,
    "lamp": furniture.lamp,
    "fruit": foods.fruit,
    "tea": foods.tea,
    "vegetable": foods.vegetable,
    "fish": foods.fish,
    "egg": foods.egg,
    "book": culture.book,
    "ticket": culture.ticket,
    "brush": culture.brush,
    "instrument": culture.instrument,
    "scenic": travel.scenic,
    "hotel": travel.hotel,
    "tour": travel.tour,
    "truck": vehicles.truck,
    "parcel": services.parcel,
    "warehouse": services.warehouse,
    "coldchain": vehicles.coldchain,
    "language": services.language,
    "skills": services.skills,
    "children": services.children,
    "checkup": services.checkup,
    "dental": services.dental,
    "herbal": services.herbal,
}


# Drawings of a view fill the picture instead of standing before a backdrop.
_FRAMED = {"scenic", "tour"}

# How much to enlarge a drawing and how far to lift it off the ground line, where the usual does not suit.
_FITS: dict[str, tuple[float, int]] = {
    "rebar": (1.22, 20),
    "coil": (1.2, 0),
    "pipe": (1.14, 20),
    "plate": (1.14, 40),
    "beans": (1.42, 40),
    "rice": (1.2, 0),
    "egg": (1.2, 50),
    "fish": (1.2, 30),
    "fruit": (1.25, 0),
    "vegetable": (1.2, 0),
    "sedan": (1.24, 50),
    "suv": (1.2, 30),
    "van": (1.2, 20),
    "truck": (1.12, 20),
    "coldchain": (1.12, 20),
    "shoe": (1.32, 40),
    "bowl": (1.25, 20),
    "teapot": (1.24, 20),
    "sofa": (1.12, 40),
    "table": (1.14, 20),
    "basin": (1.08, 0),
    "vase": (1.1, -6),
    "lamp": (1.08, 0),
    "dress": (1.12, -14),
    "shirt": (1.14, -6),
    "jacket": (1.08, -10),
    "trousers": (1.1, -4),
    "instrument": (1.02, -8),
    "ticket": (1.08, -10),
    "children": (1.14, -10),
    "hotel": (1.06, -6),
    "skills": (1.06, -10),
    "chip": (1.1, -30),
    "aircon": (1.1, -6),
    "warehouse": (1.12, 20),
}


def draw(listing: Listing) -> bytes:
    """Draw the picture of a listing as WebP bytes."""
    out = BytesIO()
    image(listing).save(out, "WEBP", quality=88, method=2)
    return out.getvalue()


def image(listing: Listing) -> Image.Image:
    """Draw the picture of a listing, before it is encoded."""
    leaf = category(listing.category)
    rng = Random(f"picture:{listing.picture}")
    shown = rng.choice(listing.skus)
    facts = {code: str(value) for code, value in (*listing.attributes, *shown.attributes)}
    tones = kit(rng, leaf.hue, facts)
    canvas = begin()
    if leaf.motif in _FRAMED:
        frame = canvas.at(WIDTH / 2, HEIGHT - 42, 1.5)
    else:
        backdrop(canvas, tones)
        scale, lift = _FITS.get(leaf.motif, (1.14, 0))
        frame = canvas.at(WIDTH / 2, GROUND_Y - lift, scale * tones.rng.uniform(0.97, 1.02))
    with frame:
        MOTIFS[leaf.motif](canvas, tones)
    return canvas.finish()
