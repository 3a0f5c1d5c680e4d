"""Amounts in capital Chinese numerals (大写金额), as bank slips and statements carry them against forgery.

By the rules of the People's Bank for filling in vouchers (正确填写票据和结算凭证的基本规定): zeros inside are said once,
an amount that ends with yuan or jiao is closed with 整, one with fen is not.
"""

from typing import Final

from cohong.kernel.money import Money

_DIGITS: Final = {"zh-hans": "零壹贰叁肆伍陆柒捌玖", "zh-hant": "零壹貳叁肆伍陸柒捌玖"}
_PLACES: Final = ("", "拾", "佰", "仟")
#: Groups of four digits, from the lowest: yuan, ten thousands, hundred millions, billions (in the long scale).
_GROUPS: Final = {"zh-hans": ("", "万", "亿", "万"), "zh-hant": ("", "萬", "億", "萬")}
_NAMES: Final = {
    "CNY": {"zh-hans": "人民币", "zh-hant": "人民幣"},
    "HKD": {"zh-hans": "港币", "zh-hant": "港幣"},
    "MOP": {"zh-hans": "澳门币", "zh-hant": "澳門幣"},
    "USD": {"zh-hans": "美元", "zh-hant": "美元"},
}
_WHOLE: Final = {"zh-hans": "整", "zh-hant": "整"}
_UNIT: Final = {"zh-hans": "元", "zh-hant": "元"}
_BELOW: Final = {"zh-hans": "负", "zh-hant": "負"}
_TWO_PLACES, _GROUP = 2, 10_000


def in_capitals(money: Money, language: str) -> str:
    """Write an amount in capital numerals, or "" for a currency or a language in which nobody does."""
    names = _NAMES.get(money.currency)
    if names is None or language not in _DIGITS:
        return ""
    yuan, rest = divmod(abs(money.minor), 10**_TWO_PLACES)
    sign = _BELOW[language] if money.minor < 0 else ""
    return f"{names[language]}{sign}{_yuan(yuan, rest, language)}{_fraction(yuan, rest, language)}"


def _yuan(yuan: int, rest: int, language: str) -> str:
    if not yuan:
        return "" if rest else f"{_DIGITS[language][0]}{_UNIT[language]}"
    return f"{_whole(yuan, language)}{_UNIT[language]}"


def _whole(value: int, language: str) -> str:
    """Write a whole number above zero: by groups of four, with one zero where some are missing."""
    groups = []
    while value:
        value, group = divmod(value, _GROUP)
        groups.append(group)
    said = ""
    pending_zero = False
    for place in range(len(groups) - 1, -1, -1):
        group = groups[place]
        if not group:
            # The hundred millions are said even when only ten thousands of them are there.
            if place == 2 and said:  # noqa: PLR2004 - the third group from below
                said += _GROUPS[language][place]
            pending_zero = bool(said)
            continue
        if said and (pending_zero or group < _GROUP // 10):
            said += _DIGITS[language][0]
        said += _four(group, language) + _GROUPS[language][place]
        pending_zero = False
    return said


def _four(group: int, language: str) -> str:
    said = ""
    zero = False
    for place in range(3, -1, -1):
        digit = group // 10**place % 10
        if not digit:
            zero = bool(said)
            continue
        said += (_DIGITS[language][0] if zero else "") + _DIGITS[language][digit] + _PLACES[place]
        zero = False
    return said


def _fraction(yuan: int, rest: int, language: str) -> str:
    jiao, fen = divmod(rest, 10)
    digits = _DIGITS[language]
    if not rest:
        return _WHOLE[language]
    if not fen:
        return f"{digits[jiao]}角{_WHOLE[language]}"
    # Between yuan and fen the missing jiao is said; before it nothing is missing.
    between = f"{digits[jiao]}角" if jiao else digits[0] if yuan else ""
    return f"{between}{digits[fen]}分"
