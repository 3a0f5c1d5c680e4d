"""Money: exact reading, exact sums, splits that add up."""

import math
from decimal import Decimal

import pytest
from django.utils import translation
from hypothesis import example, given
from hypothesis import strategies as st

from cohong.kernel.money import (
    EXPONENTS,
    MAX_MINOR,
    AmountTooLarge,
    CurrencyMismatch,
    Money,
    NegativeAmount,
    NotAnAmount,
    Rounding,
    TooManyDecimals,
    UnknownCurrency,
    exponent,
    format_money,
)

minors = st.integers(-MAX_MINOR, MAX_MINOR)
currencies = st.sampled_from(["CNY", "HKD", "MOP", "USD", "JPY", "KWD", "CLF"])
moneys = st.builds(Money, minors, currencies)
weight_lists = st.lists(st.integers(0, 10**12), min_size=1, max_size=40)


def cny(minor: int) -> Money:
    return Money(minor, "CNY")


class TestCurrencies:
    def test_scales_are_iso_4217s(self):
        found = {code: exponent(code) for code in ("CNY", "HKD", "MOP", "USD", "GBP", "JPY", "KWD", "CLF")}
        assert found == {
            "CNY": 2,
            "HKD": 2,
            "MOP": 2,
            "USD": 2,
            "GBP": 2,
            "JPY": 0,
            "KWD": 3,
            "CLF": 4,
        }
        assert len(EXPONENTS) > 150

    @pytest.mark.parametrize(
        "code", ["RMB", "cny", "", "XAU", "XDR", "XXX", "XTS", "CNY ", None, 156, ["CNY"]]
    )
    def test_what_is_no_currency_is_refused(self, code: object):
        with pytest.raises(UnknownCurrency) as refused:
            Money(1, code)  # type: ignore[arg-type]
        assert refused.value.code == "UnknownCurrency"


class TestMaking:
    def test_minor_units_are_an_int_and_nothing_like_it(self):
        for minor in (1.0, True, "1", Decimal(1), None):
            with pytest.raises(TypeError):
                Money(minor, "CNY")  # type: ignore[arg-type]

    def test_the_limit_is_what_json_holds_exactly(self):
        assert MAX_MINOR == 9_007_199_254_740_991
        assert Money(MAX_MINOR, "JPY").minor == int(float(MAX_MINOR))
        for minor in (MAX_MINOR + 1, -MAX_MINOR - 1):
            with pytest.raises(AmountTooLarge):
                Money(minor, "CNY")

    def test_it_cannot_be_changed_and_can_be_a_key(self):
        with pytest.raises(AttributeError):
            cny(1).minor = 2  # type: ignore[misc]
        assert {cny(1): "a"}[Money(1, "CNY")] == "a"
        assert Money(1, "CNY") != Money(1, "HKD")


class TestParsing:
    @pytest.mark.parametrize(
        ("value", "currency", "minor"),
        [
            ("12.34", "CNY", 1234),
            ("12.3", "CNY", 1230),
            ("12", "CNY", 1200),
            (" 12. ", "CNY", 1200),
            (".5", "CNY", 50),
            ("+0.01", "CNY", 1),
            ("0", "CNY", 0),
            ("-0.00", "CNY", 0),
            ("007.10", "CNY", 710),
            ("12.3400", "CNY", 1234),
            ("1.2e3", "CNY", 120000),
            ("125E-2", "CNY", 125),
            ("0e999", "CNY", 0),
            ("12", "JPY", 12),
            ("12.0", "JPY", 12),
            ("1.234", "KWD", 1234),
            ("90071992547409.91", "CNY", MAX_MINOR),
            (Decimal("12.34"), "CNY", 1234),
            (Decimal("1E+2"), "CNY", 10000),
            (Decimal("12.340000"), "CNY", 1234),
        ],
    )
    def test_what_is_read(self, value: str | Decimal, currency: str, minor: int):
        assert Money.parse(value, currency) == Money(minor, currency)

    @pytest.mark.parametrize(
        ("value", "currency", "refusal"),
        [
            ("12.345", "CNY", TooManyDecimals),
            ("0.5", "JPY", TooManyDecimals),
            ("1e-3", "CNY", TooManyDecimals),
            ("1e-999", "CNY", TooManyDecimals),
            (Decimal("0.001"), "CNY", TooManyDecimals),
            (Decimal("1E-999999"), "CNY", TooManyDecimals),
            (Decimal("1E-9999999999"), "CNY", TooManyDecimals),
            (Decimal("1.00000000000000000000000000000000000001"), "CNY", TooManyDecimals),
            ("-1", "CNY", NegativeAmount),
            (Decimal("-0.01"), "CNY", NegativeAmount),
            ("90071992547409.92", "CNY", AmountTooLarge),
            ("1e999", "CNY", AmountTooLarge),
            (Decimal("1E+999999"), "CNY", AmountTooLarge),
            ("9" * 60, "CNY", AmountTooLarge),
            ("9" * 70, "CNY", NotAnAmount),
            ("", "CNY", NotAnAmount),
            (".", "CNY", NotAnAmount),
            ("1e9999", "CNY", NotAnAmount),
            ("1,234.50", "CNY", NotAnAmount),
            ("1_000", "CNY", NotAnAmount),
            ("¥12", "CNY", NotAnAmount),
            ("１２", "CNY", NotAnAmount),
            ("٣", "CNY", NotAnAmount),
            ("0x10", "CNY", NotAnAmount),
            ("nan", "CNY", NotAnAmount),
            ("Infinity", "CNY", NotAnAmount),
            (Decimal("NaN"), "CNY", NotAnAmount),
            (Decimal("sNaN"), "CNY", NotAnAmount),
            (Decimal("-Infinity"), "CNY", NotAnAmount),
            (12.34, "CNY", NotAnAmount),
            (12, "CNY", NotAnAmount),
            pytest.param(10**5000, "CNY", NotAnAmount, id="too long to be written out"),
            (True, "CNY", NotAnAmount),
            (None, "CNY", NotAnAmount),
            ({"a": 1}, "CNY", NotAnAmount),
            ("1", "RMB", UnknownCurrency),
        ],
    )
    def test_what_is_refused(self, value: object, currency: str, refusal: type[Exception]):
        with pytest.raises(refusal):
            Money.parse(value, currency)  # type: ignore[arg-type]

    def test_below_zero_where_that_makes_sense(self):
        assert Money.parse("-12.34", "CNY", allow_negative=True) == cny(-1234)

    def test_a_refusal_says_what_is_wrong_and_stays_short(self):
        with pytest.raises(TooManyDecimals) as refused:
            Money.parse("12.345", "CNY")
        assert refused.value.params == {"value": "12.345", "currency": "CNY", "decimals": 2}
        with translation.override("en"):
            assert str(refused.value) == "“12.345” is finer than the 2 decimal places of CNY."
        with translation.override("zh-hans"):
            assert str(refused.value) == "“12.345”的小数位超过了CNY允许的2位。"
        with pytest.raises(NotAnAmount) as refused_too:
            Money.parse("x" * 1000, "CNY")
        assert refused_too.value.params == {"value": "x" * 39 + "…"}

    @given(moneys)
    def test_what_is_written_plain_is_read_back(self, money: Money):
        assert Money.parse(money.plain, money.currency, allow_negative=True) == money
        assert Money.parse(money.major, money.currency, allow_negative=True) == money

    @given(st.decimals(allow_nan=False, allow_infinity=False), currencies)
    def test_reading_loses_nothing(self, value: Decimal, currency: str):
        try:
            money = Money.parse(value, currency, allow_negative=True)
        except (TooManyDecimals, AmountTooLarge):
            return
        assert money.major == value


class TestWriting:
    def test_plain_and_with_its_currency(self):
        assert cny(1234).plain == "12.34"
        assert str(cny(-5)) == "-0.05 CNY"
        assert str(Money(1500, "JPY")) == "1500 JPY"
        assert str(Money(1, "KWD")) == "0.001 KWD"
        assert cny(MAX_MINOR).plain == "90071992547409.91"
        assert Money.zero("CNY").plain == "0.00"

    @pytest.mark.parametrize(
        ("money", "locale", "text"),
        [
            (cny(123450), "zh_Hans_CN", "¥1,234.50"),
            (cny(123450), "zh-hans", "¥1,234.50"),
            (cny(-123450), "zh_Hant_HK", "-CN¥1,234.50"),
            (cny(123450), "zh-hant", "CN¥1,234.50"),
            (Money(123450, "HKD"), "zh_Hant_HK", "HK$1,234.50"),
            (cny(123450), "en", "CN¥1,234.50"),
            (Money(123450, "USD"), "en", "$1,234.50"),
            (Money(1234, "JPY"), "zh_Hans_CN", "JP¥1,234"),
            (Money(1234567, "IQD"), "en", "IQD1,234.567"),
            (cny(MAX_MINOR), "zh_Hans_CN", "¥90,071,992,547,409.91"),
        ],
    )
    def test_as_people_of_the_place_write_it(self, money: Money, locale: str, text: str):
        assert format_money(money, locale) == text

    def test_without_a_locale_the_readers_language_counts(self):
        with translation.override("zh-hant"):
            assert format_money(cny(100)) == "CN¥1.00"
        with translation.override("zh-hans"):
            assert format_money(cny(100)) == "¥1.00"
        with translation.override(None):
            assert format_money(cny(100)) == "CN¥1.00"


class TestArithmetic:
    def test_sums_and_multiples(self):
        assert cny(500) + cny(250) == cny(750)
        assert cny(500) - cny(750) == cny(-250)
        assert -cny(5) == cny(-5)
        assert abs(cny(-5)) == cny(5)
        assert cny(333) * 3 == 3 * cny(333) == cny(999)
        assert sum([cny(1), cny(2)], Money.zero("CNY")) == cny(3)
        assert cny(0).is_zero
        assert not cny(1).is_zero

    def test_comparison(self):
        assert cny(1) < cny(2) <= cny(2)
        assert cny(2) > cny(1) >= cny(1)
        assert max(cny(3), cny(7), cny(5)) == cny(7)

    def test_two_currencies_never_meet(self):
        hkd = Money(1, "HKD")
        for meet in (
            lambda: cny(1) + hkd,
            lambda: cny(1) - hkd,
            lambda: cny(1) < hkd,
            lambda: cny(1) <= hkd,
            lambda: cny(1) > hkd,
            lambda: cny(1) >= hkd,
        ):
            with pytest.raises(CurrencyMismatch):
                meet()

    @pytest.mark.parametrize("other", [1, 1.0, Decimal(1), "1"])
    def test_money_and_numbers_do_not_add(self, other: object):
        with pytest.raises(TypeError):
            cny(1) + other  # type: ignore[operator]
        with pytest.raises(TypeError):
            cny(1) < other  # type: ignore[operator] # noqa: B015 - the comparison itself raises

    @pytest.mark.parametrize("times", [1.5, Decimal(2), True, "2", cny(2)])
    def test_only_whole_multiples(self, times: object):
        with pytest.raises(TypeError):
            cny(1) * times  # type: ignore[operator]

    def test_a_sum_beyond_the_limit_is_refused(self):
        with pytest.raises(AmountTooLarge):
            cny(MAX_MINOR) + cny(1)
        with pytest.raises(AmountTooLarge):
            cny(MAX_MINOR) * 2


class TestAllocate:
    @pytest.mark.parametrize(
        ("whole", "weights", "shares"),
        [
            (100, [1, 1, 1], [34, 33, 33]),
            (5, [1, 1], [3, 2]),
            (100, [50, 30, 20], [50, 30, 20]),
            (10, [1, 2, 4], [1, 3, 6]),  # exact 1.43, 2.86, 5.71: two cents go to .86 and .71
            (1, [0, 3, 3], [0, 1, 0]),
            (7, [0, 0, 0], [3, 2, 2]),
            (0, [1, 2], [0, 0]),
            (-100, [1, 1, 1], [-34, -33, -33]),
            (-10, [1, 2, 4], [-1, -3, -6]),
            (2, [1, 1, 1, 1, 1], [1, 1, 0, 0, 0]),
            (9, [7], [9]),
        ],
    )
    def test_worked_examples(self, whole: int, weights: list[int], shares: list[int]):
        assert [share.minor for share in cny(whole).allocate(weights)] == shares

    @given(moneys, weight_lists)
    @example(cny(MAX_MINOR), [0, 10**12, 0])
    def test_shares_add_up_and_are_off_by_less_than_one(self, money: Money, weights: list[int]):
        shares = money.allocate(weights)
        assert sum(shares, Money.zero(money.currency)) == money
        total = sum(weights)
        for share, weight in zip(shares, weights, strict=True):
            assert share.minor * money.minor >= 0
            if total:
                assert abs(share.minor * total - money.minor * weight) < total
            if total and not weight:
                assert share.is_zero

    @given(moneys, weight_lists)
    def test_a_heavier_weight_never_gets_less(self, money: Money, weights: list[int]):
        shares = money.allocate(weights)
        for i, first in enumerate(weights):
            for j, second in enumerate(weights):
                if first > second or (first == second and i < j):
                    assert abs(shares[i]) >= abs(shares[j])

    @given(moneys, weight_lists)
    def test_a_negative_whole_splits_as_its_opposite(self, money: Money, weights: list[int]):
        assert (-money).allocate(weights) == [-share for share in money.allocate(weights)]

    @pytest.mark.parametrize("weights", [[], [1, -1], [-1]])
    def test_weights_that_make_no_sense(self, weights: list[int]):
        with pytest.raises(ValueError, match="weights"):
            cny(1).allocate(weights)


class TestPercent:
    @pytest.mark.parametrize(
        ("minor", "basis_points", "expected"),
        [
            (1000, 60, (6, 6, 6, 6)),
            (50, 100, (0, 1, 0, 1)),
            (150, 100, (2, 2, 1, 2)),
            (250, 100, (2, 3, 2, 3)),
            (251, 100, (3, 3, 2, 3)),
            (-250, 100, (-2, -3, -2, -3)),
            (-150, 100, (-2, -2, -1, -2)),
            (-149, 100, (-1, -1, -1, -2)),
            (1, 1, (0, 0, 0, 1)),
            (333, 10_000, (333, 333, 333, 333)),
            (333, 0, (0, 0, 0, 0)),
            (100, -60, (-1, -1, 0, -1)),
        ],
    )
    def test_worked_examples(self, minor: int, basis_points: int, expected: tuple[int, ...]):
        in_order = (Rounding.HALF_EVEN, Rounding.HALF_UP, Rounding.DOWN, Rounding.UP)
        assert tuple(cny(minor).percent(basis_points, rounding).minor for rounding in in_order) == expected
        assert cny(minor).percent(basis_points).minor == expected[0]

    @given(moneys, st.integers(0, 10_000))
    def test_rounding_is_off_by_less_than_one(self, money: Money, basis_points: int):
        exact = Decimal(money.minor * basis_points) / 10_000
        lower, upper = math.floor(exact), math.ceil(exact)
        for rounding in Rounding:
            assert lower <= money.percent(basis_points, rounding).minor <= upper

    def test_a_float_rate_is_a_mistake(self):
        with pytest.raises(TypeError):
            cny(100).percent(0.5)  # type: ignore[arg-type]
