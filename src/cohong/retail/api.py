"""The door of retail: the cart and the checkout."""

from cohong.retail.carts import add, agree_prices, count, look, put, remove
from cohong.retail.checkouts import checkout, outcome
from cohong.retail.refusals import (
    CartEmpty,
    CartFull,
    CheckoutReused,
    DeliveryTwice,
    LineNotOrderable,
    NoSuchCheckout,
    NoSuchLine,
    NotOffered,
    PriceChanged,
    StockShort,
    TotalChanged,
)
from cohong.retail.shapes import (
    CartItem,
    CartView,
    CheckedOut,
    CheckoutWish,
    DeliveryChoice,
    DeliveryOffer,
    LineView,
    Parcel,
    PlacedOrder,
)

__all__ = [
    "CartEmpty",
    "CartFull",
    "CartItem",
    "CartView",
    "CheckedOut",
    "CheckoutReused",
    "CheckoutWish",
    "DeliveryChoice",
    "DeliveryOffer",
    "DeliveryTwice",
    "LineNotOrderable",
    "LineView",
    "NoSuchCheckout",
    "NoSuchLine",
    "NotOffered",
    "Parcel",
    "PlacedOrder",
    "PriceChanged",
    "StockShort",
    "TotalChanged",
    "add",
    "agree_prices",
    "checkout",
    "count",
    "look",
    "outcome",
    "put",
    "remove",
]
