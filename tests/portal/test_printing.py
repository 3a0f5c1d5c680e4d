"""What is printed can be read: by a scanner, by a machine that reads text, and by a cashier who mistrusts digits."""

import io
import time

import pytest
import zxingcpp
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from cohong.kernel.money import Money
from cohong.portal.printing import codes, typesetting
from cohong.portal.printing.capitals import in_capitals
from cohong.portal.printing.sheets import Goods, Label, Labels, Place

HOSTILE = '#import "/etc/passwd" #panic("x") $x$ *b* _i_ `r` <l> @r \\ "q" ]]] {{{ // /* = - +'


def label(number: str = "7K3M-9QX2-W", *, title: str = "真丝连衣裙") -> Label:
    return Label(
        waybill=number,
        bars=codes.code128(number),
        qr=codes.qr(number),
        carrier="岭南快运",
        service="标准快递",
        carrier_number="",
        package="1/1",
        sender=Place(title="寄", name="甲服装厂", region="广东省 广州市"),
        recipient=Place(title="收", name="陈小明", phone="13812345678", region="广东省 深圳市", street=title),
        goods=(Goods(title=title, quantity="×2"),),
        more="",
        facts=(("订单", "8QWX-2222-3"),),
    )


def sheet(*labels: Label, paper: str = "label") -> Labels:
    return Labels(paper=paper, title="x", labels=labels)


def read(picture: bytes) -> list[tuple[str, str]]:
    found = zxingcpp.read_barcodes(Image.open(io.BytesIO(picture)))
    return sorted((one.format.name, one.text) for one in found)


def test_a_scanner_reads_the_exact_number():
    for number in ("7K3M-9QX2-W", "0000-0000-0", "ZZZZ-ZZZZ-Z"):
        [picture] = typesetting.pictures("labels", sheet(label(number)), ppi=203)
        assert read(picture) == [("Code128", number), ("QRCode", number)]


def test_a_sheet_of_a4_carries_four_labels():
    numbers = [f"7K3M-9QX{digit}-W" for digit in range(5)]
    pages = typesetting.pictures("labels", sheet(*map(label, numbers), paper="a4"), ppi=200)
    assert [len(read(page)) for page in pages] == [8, 2]
    first = Image.open(io.BytesIO(pages[0]))
    assert (round(first.width / 200 * 25.4), round(first.height / 200 * 25.4)) == (210, 297)
    assert read(pages[1]) == [("Code128", numbers[4]), ("QRCode", numbers[4])]


def test_a_label_is_a_hundred_by_a_hundred_and_fifty_millimetres():
    [picture] = typesetting.pictures("labels", sheet(label(title="长" * 400)), ppi=254)
    assert Image.open(io.BytesIO(picture)).size == (1000, 1500)


def test_users_text_is_never_markup():
    plain = typesetting.pdf("labels", sheet(label(title=HOSTILE)))
    assert plain.startswith(b"%PDF")
    [hostile] = typesetting.pictures("labels", sheet(label(title=HOSTILE)), ppi=203)
    assert read(hostile) == [("Code128", "7K3M-9QX2-W"), ("QRCode", "7K3M-9QX2-W")]


@given(text=st.text(max_size=80))
def test_no_text_whatever_breaks_a_label(text: str):
    assert typesetting.pdf("labels", sheet(label(title=text))).startswith(b"%PDF")


def test_each_language_has_its_own_forms_of_the_characters():
    made = []
    for language in ("zh-hans", "zh-hant"):
        with translation.override(language):
            made.append(typesetting.pictures("labels", sheet(label(title="骨角直")))[0])
    assert made[0] != made[1]


def test_a_hundred_labels_take_seconds():
    labels = [label(f"7K3M-9Q{number:02}-W") for number in range(100)]
    began = time.monotonic()
    made = typesetting.pdf("labels", sheet(*labels))
    assert time.monotonic() - began < 10
    assert made.count(b"/Type /Page\n") + made.count(b"/Type/Page\n") in {0, 100}


@pytest.mark.parametrize(
    ("minor", "said"),
    [
        (0, "人民币零元整"),
        (5, "人民币伍分"),
        (50, "人民币伍角整"),
        (105, "人民币壹元零伍分"),
        (110, "人民币壹元壹角整"),
        (101_005, "人民币壹仟零壹拾元零伍分"),
        (1_050_000, "人民币壹万零伍佰元整"),
        (10_001_030, "人民币壹拾万零壹拾元叁角整"),
        (12_345_678_901, "人民币壹亿贰仟叁佰肆拾伍万陆仟柒佰捌拾玖元零壹分"),
        (10_000_000_100, "人民币壹亿零壹元整"),
        (120_000_000_000_050, "人民币壹万贰仟亿元伍角整"),
        (-300, "人民币负叁元整"),
    ],
)
def test_amounts_in_capitals(minor: int, said: str):
    assert in_capitals(Money(minor, "CNY"), "zh-hans") == said


def test_capitals_in_other_places():
    assert in_capitals(Money(12_000_000, "HKD"), "zh-hant") == "港幣壹拾貳萬元整"
    assert in_capitals(Money(1, "CNY"), "en") == ""
    assert in_capitals(Money(1, "JPY"), "zh-hans") == ""


VALUES = {digit: value for value, digit in enumerate("零壹贰叁肆伍陆柒捌玖")}


@given(minor=st.integers(0, 2**53 - 1))
def test_capitals_say_the_amount(minor: int):
    """Read back by place, the words give the amount again, and no zero is said twice."""
    said = in_capitals(Money(minor, "CNY"), "zh-hans").removeprefix("人民币")
    assert "零零" not in said
    total, section, group, digit = 0, 0, 0, 0
    fen = 0
    for letter in said:
        if letter in VALUES:
            digit = VALUES[letter]
        elif letter in "拾佰仟":
            group, digit = group + digit * {"拾": 10, "佰": 100, "仟": 1000}[letter], 0
        elif letter == "万":
            section, group, digit = section + (group + digit) * 10_000, 0, 0
        elif letter == "亿":
            total, section, group, digit = total + (section + group + digit) * 10**8, 0, 0, 0
        elif letter == "元":
            total, section, group, digit = total + section + group + digit, 0, 0, 0
        elif letter == "角":
            fen, digit = fen + digit * 10, 0
        elif letter == "分":
            fen, digit = fen + digit, 0
    assert total * 100 + fen == minor
