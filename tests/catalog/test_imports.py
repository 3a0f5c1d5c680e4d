"""Import of listings: encodings, broken files, and errors row by row."""

import csv
import io
import zipfile
from typing import Any

import pytest
from catalog_market import Market, refused
from django.db import transaction
from django.utils.translation import override
from openpyxl import Workbook, load_workbook

from cohong.catalog import api as catalog
from cohong.catalog import refusals as no
from cohong.kernel import sets
from cohong.kernel.money import Money
from cohong.parties import api as parties
from cohong.parties.api import Restriction

pytestmark = pytest.mark.django_db

HEADER = [
    *(
        "商品键",
        "类目",
        "标题",
        "英文标题",
        "描述",
        "币种",
        "单位",
        "SKU 编码",
        "价格",
        "起订量",
        "订购倍数",
        "单重（克）",
    ),
    *("牌号", "厚度 (mm)", "宽度", "镀锌"),
]
FIRST = [
    *(
        "A-1",
        "steel.coil",
        "冷轧钢卷",
        "Cold-rolled coil",
        "一行\n两行",
        "CNY",
        "千克",
        "A-1-1",
        "100:3.95; 1000:3.80",
    ),
    *("100", "50", "1,000", "SPCC", "1.50", "1,250", "是"),
]
SECOND = ["A-1", "", "", "", "", "", "", "A-1-2", "4.1", "", "", "", "", "2.0", "", ""]
OTHER = [
    *("B-1", "钢卷", "热轧钢卷", "", "", "hkd", "kg", "B-1-1", "5", "", "", "", "q235b", "3", "", "no"),
]


def as_csv(rows: Any, *, delimiter: Any = ","):
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter).writerows(rows)
    return out.getvalue()


def as_xlsx(rows: Any):
    workbook = Workbook()
    for row in rows:
        workbook.active.append(row)
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def bring(market: Market, file: Any, filename: Any = "goods.csv", **more: Any):
    content = file.encode() if isinstance(file, str) else file
    return catalog.import_listings(
        actor=market.seller, seller_id=market.seller_id, file=content, filename=filename, **more
    )


def nothing_made():
    return sets.fetch("select count(*) from catalog_listing") == [(0,)]


def check_made(market: Market, report: Any):
    assert (report.rows, report.created, report.errors) == (3, 2, ())
    first, other = (catalog.listings(ids=[ids.listing_id])[ids.listing_id] for ids in report.listings)
    assert (first.key, first.category_code, first.title, first.title_en, first.description) == (
        *("A-1", "steel.coil", "冷轧钢卷", "Cold-rolled coil", "一行\n两行"),
    )
    assert (first.unit, first.attributes) == ("kg", {"grade": "spcc", "width": 1250, "galvanised": True})
    assert (first.price_from, first.price_to, first.state) == (Money(380, "CNY"), Money(410, "CNY"), "draft")
    one, two = first.skus
    assert (one.code, one.attributes, one.min_order, one.multiple, one.weight_grams) == (
        *("A-1-1", {"thickness": "1.50"}, 100, 50, 1000),
    )
    assert one.tiers == (catalog.Tier(100, 395), catalog.Tier(1000, 380))
    assert (two.code, two.attributes, two.tiers, two.min_order) == (
        *("A-1-2", {"thickness": "2.0"}, (catalog.Tier(1, 410),), 1),
    )
    assert (other.key, other.price_from, other.attributes) == (
        *("B-1", Money(500, "HKD"), {"grade": "q235b", "galvanised": False}),
    )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030"])
def test_every_encoding_that_is_about_is_read(market: Market, encoding: Any):
    check_made(market, bring(market, as_csv([HEADER, FIRST, SECOND, OTHER]).encode(encoding)))


@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_every_delimiter_that_is_about_is_read(market: Market, delimiter: Any):
    check_made(market, bring(market, as_csv([HEADER, FIRST, SECOND, OTHER], delimiter=delimiter)))


def test_rows_of_one_listing_need_not_lie_together_and_blank_rows_do_not_count(market: Market):
    blank = [""] * len(HEADER)
    check_made(market, bring(market, as_csv([HEADER, FIRST, blank, OTHER, SECOND, blank])))


def test_english_headings_and_field_names_do_too(market: Market):
    english = [
        *(
            "Listing key",
            "CATEGORY",
            "title",
            "title_en",
            "description",
            "currency",
            "unit",
            "SKU code",
            "Price",
        ),
        *("min_order", "order  multiple", "weight_grams", "grade", "thickness", "width (mm)", "Galvanised"),
    ]
    check_made(market, bring(market, as_csv([english, FIRST, SECOND, OTHER])))


def test_a_workbook_is_read_with_numbers_as_they_were_typed(market: Market):
    rows = [HEADER, FIRST, list(SECOND), OTHER]
    rows[2][8], rows[2][13] = 4.1, 2.0
    report = bring(market, as_xlsx(rows), "goods.xlsx")
    assert report.errors == ()
    sku = catalog.skus(ids=[report.listings[0].sku_ids[1]])[report.listings[0].sku_ids[1]]
    assert (sku.tiers, sku.attributes) == ((catalog.Tier(1, 410),), {"thickness": "2"})


def test_binary_noise_in_a_price_is_not_a_price(market: Market):
    rows = [HEADER, list(OTHER)]
    rows[1][8] = 0.1 + 0.2
    report = bring(market, as_xlsx(rows), "goods.xlsx")
    assert catalog.listings(ids=[report.listings[0].listing_id])[
        report.listings[0].listing_id
    ].price_from == Money(30, "HKD")


def test_imported_listings_can_go_on_offer_at_once(market: Market):
    report = bring(market, as_csv([HEADER, FIRST, SECOND, OTHER]), publish=True)
    assert report.created == 2
    assert len(catalog.browse().items) == 2
    parties.restrict(
        actor=market.platform, party_id=market.seller_id, restriction=Restriction.PUBLISH, reason="核查"
    )
    with refused(no.PublishingRestricted):
        bring(market, as_csv([HEADER, [*["C-1"], *OTHER[1:]]]), publish=True)


# --- errors row by row -----------------------------------------------------------------------------------


def changed(row: Any, **cells: Any):
    names = {"key": 0, "category": 1, "title": 2, "currency": 5, "unit": 6, "code": 7, "price": 8, "min": 9}
    names |= {"multiple": 10, "weight": 11, "grade": 12, "thickness": 13, "width": 14, "zinc": 15}
    copy = list(row)
    for name, text in cells.items():
        copy[names[name]] = text
    return copy


@pytest.mark.parametrize(
    ("rows", "errors"),
    [
        ([changed(OTHER, key="")], [(2, "商品键", "CellMissing")]),
        ([changed(OTHER, code="")], [(2, "SKU 编码", "CellMissing")]),
        ([changed(OTHER, price="")], [(2, "价格", "CellMissing")]),
        ([changed(OTHER, title="")], [(2, "标题", "CellMissing")]),
        ([changed(OTHER, title="长" * 201)], [(2, "标题", "TextTooLong")]),
        ([changed(OTHER, currency="RMB")], [(2, "币种", "UnknownCurrency")]),
        ([changed(OTHER, unit="吨")], [(2, "单位", "NoSuchUnit")]),
        ([changed(OTHER, category="火箭")], [(2, "类目", "NoSuchCategory")]),
        ([changed(OTHER, price="5,00")], [(2, "价格", "NotAnAmount")]),
        ([changed(OTHER, price="5.001")], [(2, "价格", "TooManyDecimals")]),
        ([changed(OTHER, price="-5")], [(2, "价格", "NegativeAmount")]),
        ([changed(OTHER, price="0")], [(2, "价格", "PriceNotPositive")]),
        ([changed(OTHER, price="1:5; 10")], [(2, "价格", "CellInvalid")]),
        ([changed(OTHER, price="1:5; 10:6")], [(2, "价格", "TiersDisordered")]),
        ([changed(OTHER, price="10:5")], [(2, "价格", "TierGap")]),
        ([changed(OTHER, min="1.5")], [(2, "起订量", "CellInvalid")]),
        ([changed(OTHER, min="1,5")], [(2, "起订量", "CellInvalid")]),
        ([changed(OTHER, min="-1")], [(2, "起订量", "NotAWholeNumber")]),
        ([changed(OTHER, min="5", multiple="2")], [(2, "起订量", "OrderLimitsWrong")]),
        ([changed(OTHER, weight="abc")], [(2, "单重（克）", "CellInvalid")]),
        ([changed(OTHER, grade="")], [(2, "牌号", "AttributeMissing")]),
        ([changed(OTHER, grade="Q999")], [(2, "牌号", "AttributeInvalid")]),
        ([changed(OTHER, thickness="厚")], [(2, "厚度 (mm)", "AttributeInvalid")]),
        ([changed(OTHER, width="12.5")], [(2, "宽度", "AttributeInvalid")]),
        ([changed(OTHER, zinc="也许")], [(2, "镀锌", "AttributeInvalid")]),
        ([changed(OTHER, title="=1+1")], [(2, "标题", "FormulaNotRead")]),
        ([[*OTHER, "", "多"]], [(2, "", "CellUnexpected")]),
        ([FIRST, changed(SECOND, title="别的")], [(3, "标题", "RowsDiffer")]),
        ([FIRST, changed(SECOND, grade="q235b")], [(3, "牌号", "RowsDiffer")]),
        ([FIRST, changed(SECOND, code="A-1-1")], [(3, "SKU 编码", "CodeRepeated")]),
        (
            [changed(FIRST, currency="RMB"), OTHER, changed(SECOND, thickness="", min="x")],
            [(2, "币种", "UnknownCurrency"), (4, "起订量", "CellInvalid")],
        ),
        (
            [changed(OTHER, price="", min="?", grade="Q9")],
            [
                (2, "价格", "CellMissing"),
                (2, "起订量", "CellInvalid"),
                (2, "牌号", "AttributeInvalid"),
            ],
        ),
    ],
)
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_each_error_is_told_with_its_row_and_column_and_nothing_is_made(
    market: Market, rows: Any, errors: Any, kind: Any
):
    table = [HEADER, *rows]
    file = as_csv(table) if kind == "csv" else as_xlsx(table)
    report = bring(market, file, f"goods.{kind}")
    told = [(error.row, error.column, error.refusal.code) for error in report.errors]
    assert sorted(told) == sorted(errors)
    assert [row for row, _, _ in told] == sorted(row for row, _, _ in told)
    assert all(str(error.refusal) for error in report.errors)
    assert report.created == 0
    assert nothing_made()


def test_good_listings_are_made_beside_bad_ones_if_asked(market: Market):
    rows = [HEADER, FIRST, changed(SECOND, price="x"), OTHER]
    report = bring(market, as_csv(rows), all_or_nothing=False)
    assert (report.rows, report.created) == (3, 1)
    assert [(error.row, error.column) for error in report.errors] == [(3, "价格")]
    assert [
        card.title for card in catalog.sellers_listings(actor=market.seller, seller_id=market.seller_id).items
    ] == ["热轧钢卷"]


def test_the_same_file_again_makes_nothing_twice(market: Market):
    file = as_csv([HEADER, FIRST, SECOND, OTHER])
    bring(market, file)
    report = bring(market, file, all_or_nothing=False)
    assert report.created == 0
    assert [(error.row, error.column, error.refusal.code) for error in report.errors] == [
        (2, "商品键", "KeyTaken"),
        (4, "商品键", "KeyTaken"),
    ]
    assert len(catalog.sellers_listings(actor=market.seller, seller_id=market.seller_id).items) == 2


def test_errors_are_told_in_the_readers_language_and_the_files_headings(market: Market):
    rows = [
        changed(OTHER, grade="Q9"),
        changed(OTHER, key="B-2", min="-1"),
        changed(FIRST, title="电话13812345678"),
    ]
    file = as_csv([HEADER, *rows])
    with override("zh-hant"):
        report = bring(market, file)
        assert [(error.column, str(error.refusal)) for error in report.errors] == [
            ("牌号", "“Q9”不符合“牌號”。應填：選項之一。"),
            ("起订量", "“起訂量”必須是 1 到 1000000000000 之間的整數。"),
            ("标题", "請勿在“標題”中填寫身份證號或電話號碼。"),
        ]
        with pytest.raises(no.ColumnMissing) as found, transaction.atomic():
            bring(market, as_csv([["商品键"], ["A"]]))
        assert str(found.value) == "缺少“類目”一欄。"


# --- files that are no tables ----------------------------------------------------------------------------


def zipped(entries: Any):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in entries.items():
            package.writestr(name, content)
    return out.getvalue()


def with_sheet(change: Any):
    """Make a workbook and change its sheet's XML."""
    with zipfile.ZipFile(io.BytesIO(as_xlsx([HEADER, OTHER]))) as package:
        entries = {name: package.read(name) for name in package.namelist()}
    entries["xl/worksheets/sheet1.xml"] = change(entries["xl/worksheets/sheet1.xml"])
    return zipped(entries)


LAUGHS = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>'


@pytest.mark.parametrize(
    ("file", "filename", "kind"),
    [
        (b"", "goods.csv", no.FileEmpty),
        (b" \n \n", "goods.csv", no.FileEmpty),
        (as_csv([HEADER]), "goods.csv", no.FileEmpty),
        (as_csv([HEADER, OTHER]), "goods.pdf", no.FileKindUnknown),
        (as_csv([HEADER, OTHER]), "goods.xlsx", no.FileKindUnknown),
        (as_xlsx([HEADER, OTHER]), "goods.csv", no.FileKindUnknown),
        (b"\xff\xfe\x00\xd8\x41\x00", "goods.csv", no.EncodingUnknown),
        (b"\x80\x81\xff\xfe,\xff", "goods.csv", no.EncodingUnknown),
        (b"a,b\n\x01\x02,c\n", "goods.csv", no.EncodingUnknown),
        (as_csv([HEADER, OTHER]) + '"open', "goods.csv", no.QuotingBroken),
        (as_csv([HEADER]) + '"a"b,c\n', "goods.csv", no.QuotingBroken),
        (as_csv([["商品键", "类目"], ["A", "steel.coil"]]), "goods.csv", no.ColumnMissing),
        (as_csv([[*HEADER, "价钱"], OTHER]), "goods.csv", no.ColumnUnknown),
        (as_csv([[*HEADER, "标题"], OTHER]), "goods.csv", no.ColumnRepeated),
        (as_csv([[*HEADER, "Title"], OTHER]), "goods.csv", no.ColumnRepeated),
        (as_csv([[*HEADER, "=A1"], OTHER]), "goods.csv", no.FormulaNotRead),
        (as_csv([HEADER] + [changed(OTHER, key=f"K{n}") for n in range(5001)]), "goods.csv", no.TooManyRows),
        (as_csv([[f"c{n}" for n in range(121)], OTHER]), "goods.csv", no.TooManyColumns),
        (b"a" * (4 * 1024 * 1024 + 1), "goods.csv", no.FileTooLarge),
        (b"PK\x03\x04 not really", "goods.xlsx", no.WorkbookBroken),
        (zipped({"readme.txt": "hello"}), "goods.xlsx", no.WorkbookBroken),
        (zipped({f"{n}.txt": "" for n in range(501)}), "goods.xlsx", no.WorkbookBroken),
        (zipped({"xl/worksheets/sheet1.xml": b"0" * (33 << 20)}), "goods.xlsx", no.WorkbookBroken),
        (with_sheet(lambda xml: LAUGHS + xml), "goods.xlsx", no.WorkbookBroken),
        (with_sheet(lambda xml: xml[: len(xml) // 2]), "goods.xlsx", no.WorkbookBroken),
    ],
)
def test_a_file_that_is_no_table_is_refused_whole(market: Market, file: Any, filename: Any, kind: Any):
    with refused(kind):
        bring(market, file, filename)
    assert nothing_made()


def test_a_row_far_down_the_sheet_does_not_stop_the_program(market: Market):
    far = with_sheet(lambda xml: xml.replace(b'<row r="2"', b'<row r="999999999"'))
    with refused(no.TooManyRows):
        bring(market, far, "goods.xlsx")
    near = with_sheet(lambda xml: xml.replace(b'<row r="2"', b'<row r="19999"').replace(b'2"', b'19999"'))
    assert bring(market, near, "goods.xlsx").rows == 1


def test_formulas_and_errors_of_a_workbook_are_not_believed(market: Market):
    rows = [HEADER, list(OTHER), changed(OTHER, key="B-2")]
    rows[1][8] = "=2+3"
    workbook = load_workbook(io.BytesIO(as_xlsx(rows)))
    workbook.active["I3"].value = "#DIV/0!"
    workbook.active["I3"].data_type = "e"
    out = io.BytesIO()
    workbook.save(out)
    report = bring(market, out.getvalue(), "goods.xlsx")
    assert [(error.row, error.column, error.refusal.code) for error in report.errors] == [
        (2, "价格", "FormulaNotRead"),
        (3, "价格", "CellErroneous"),
    ]


# --- the template ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["zh-hans", "zh-hant", "en"])
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize("code", ["steel.coil", "clothing.dress"])
def test_the_template_can_be_sent_back_as_it_is(market: Market, language: Any, kind: Any, code: Any):
    file = catalog.import_template(category_code=code, format=kind, language=language)
    report = bring(market, file, f"template.{kind}")
    assert report.errors == ()
    assert report.created == 1
    view = catalog.listings(ids=[report.listings[0].listing_id])[report.listings[0].listing_id]
    assert (view.category_code, view.price_to) == (code, Money(1250, "CNY"))


def test_the_template_explains_itself(market: Market):
    workbook = load_workbook(
        io.BytesIO(catalog.import_template(category_code="clothing.dress", language="en"))
    )
    sheet, explained = workbook.worksheets
    assert [cell.value for cell in sheet[1]][-3:] == ["Fabric", "Size", "Colour"]
    assert sheet.data_validations.dataValidation[0].formula1 == '"Small,Medium,Large"'
    assert [cell.value for cell in explained[17]] == ["Fabric", "yes", None, "Text"]
    with refused(no.NoSuchCategory):
        catalog.import_template(category_code="nothing")
    with refused(no.FileKindUnknown):
        catalog.import_template(category_code="steel.coil", format="pdf")


def test_a_large_file_is_imported_with_a_fixed_number_of_statements(
    market: Market, monkeypatch: pytest.MonkeyPatch
):
    ran = []
    for name in ("fetch", "run", "insert"):
        real = getattr(sets, name)
        monkeypatch.setattr(sets, name, lambda *args, real=real: (ran.append(args[0]), real(*args))[1])
    counts = []
    for many in (1, 500):
        ran.clear()
        rows = [changed(OTHER, key=f"K{many}-{n}") for n in range(many)]
        assert bring(market, as_csv([HEADER, *rows])).created == many
        counts.append(len(ran))
    assert counts[0] == counts[1]
