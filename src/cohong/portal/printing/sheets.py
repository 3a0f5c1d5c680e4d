"""What is printed: frozen structs of texts, ready in the reader's language. A template knows nothing else."""

from typing import Literal

from msgspec import Struct

from cohong.statistics import api as statistics


class Place(Struct, frozen=True, kw_only=True):
    """A sender or a recipient. `region` is shown large: it is what sorting goes by."""

    title: str
    name: str
    phone: str = ""
    region: str = ""
    street: str = ""
    postcode: str = ""


class Goods(Struct, frozen=True, kw_only=True):
    """One line of goods in a parcel or on a slip."""

    title: str
    code: str = ""
    quantity: str
    unit_price: str = ""
    amount: str = ""


class Label(Struct, frozen=True, kw_only=True):
    """A shipping label, 100 by 150 mm: one for each package."""

    waybill: str
    bars: str
    qr: str
    carrier: str
    service: str
    carrier_number: str
    package: str
    sender: Place
    recipient: Place
    goods: tuple[Goods, ...]
    more: str
    facts: tuple[tuple[str, str], ...]


class Labels(Struct, frozen=True, kw_only=True):
    """Labels to print: each on a page of its own, or four on a sheet of A4."""

    paper: Literal["label", "a4"]
    title: str
    labels: tuple[Label, ...]


class Slip(Struct, frozen=True, kw_only=True):
    """A packing slip (发货单): what is in a shipment, for whoever unpacks it."""

    heading: str
    waybill: str
    bars: str
    sender: Place
    recipient: Place
    facts: tuple[tuple[str, str], ...]
    columns: tuple[str, ...]
    goods: tuple[Goods, ...]
    sums: tuple[tuple[str, str], ...]
    note: str
    signatures: tuple[str, ...]


class Slips(Struct, frozen=True, kw_only=True):
    """Packing slips to print, each beginning a page of its own."""

    title: str
    slips: tuple[Slip, ...]


class Row(Struct, frozen=True, kw_only=True):
    """A row of a statement: its cells, and whether it is a sum."""

    cells: tuple[str, ...]
    is_sum: bool = False


class Table(Struct, frozen=True, kw_only=True):
    """A table of a statement. `aligned` has a letter for each column: l or r."""

    heading: str
    columns: tuple[str, ...]
    aligned: str
    rows: tuple[Row, ...]
    empty: str = ""


class Statement(Struct, frozen=True, kw_only=True):
    """A settlement statement (结算单) of one month and currency."""

    title: str
    party: str
    facts: tuple[tuple[str, str], ...]
    sums: tuple[tuple[str, str], ...]
    closing: tuple[str, str]
    capitals: tuple[str, str]
    tables: tuple[Table, ...]
    note: str
    page: str


class Bulletin(Struct, frozen=True, kw_only=True):
    """The monthly statistics bulletin (统计月报), and when it was published, as people write it."""

    said: statistics.Bulletin
    published: str
