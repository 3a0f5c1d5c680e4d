"""The sandbox bank's pay page, made for a phone, in three languages.

The bank is an outside system: its words are its own and do not go through the platform's translations.
"""

from html import escape

from cohong.kernel.money import Money, format_money

#: What the page is called in, by the address's `lang`; the first one is what a phone gets that reads none.
LANGUAGES = {"zh-hans": "简体", "zh-hant": "繁體", "en": "English"}
_LOCALES = {"zh-hans": "zh_Hans_CN", "zh-hant": "zh_Hant_HK", "en": "en"}

_WORDS: dict[str, dict[str, str]] = {
    "zh-hans": {
        "bank": "沙盒银行",
        "number": "付款单号",
        "for": "订单",
        "confirm": "确认付款",
        "decline": "拒绝付款",
        "later": "稍后再付",
        "back": "返回商户",
        "done": "付款成功",
        "failed": "未付款",
        "sandbox": "这是沙盒银行，仅供演示，不动用真实资金。",
        "languages": "语言",
    },
    "zh-hant": {
        "bank": "沙盒銀行",
        "number": "付款單號",
        "for": "訂單",
        "confirm": "確認付款",
        "decline": "拒絕付款",
        "later": "稍後再付",
        "back": "返回商戶",
        "done": "付款成功",
        "failed": "未付款",
        "sandbox": "這是沙盒銀行，只供示範，不涉及真實資金。",
        "languages": "語言",
    },
    "en": {
        "bank": "Sandbox Bank",
        "number": "Payment",
        "for": "Order",
        "confirm": "Pay now",
        "decline": "Decline",
        "later": "Pay later",
        "back": "Back to the shop",
        "done": "Paid",
        "failed": "Not paid",
        "sandbox": "This is a sandbox bank for demonstrations: no real money moves here.",
        "languages": "Language",
    },
}
_TAGS = {"zh-hans": "zh-Hans", "zh-hant": "zh-Hant", "en": "en"}

#: How browsers call them, by the beginning of the tag, the narrower ones first.
_ACCEPTED = (
    *(("zh-hant", "zh-hant"), ("zh-tw", "zh-hant"), ("zh-hk", "zh-hant"), ("zh-mo", "zh-hant")),
    *(("zh", "zh-hans"), ("en", "en")),
)

_CURRENT = 'aria-current="true"'

_PAGE = """<!doctype html>
<html lang="{tag}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{bank}</title>
<style>
  :root {{ font: 17px/1.5 system-ui, -apple-system, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif; }}
  body {{ margin: 0; min-height: 100vh; background: #eef4f0; color: #14261d; }}
  header {{ display: flex; align-items: center; justify-content: space-between; gap: .5rem; padding: .75rem 1rem;
    background: #0b4f35; color: #fff; font-weight: 600; }}
  nav {{ display: flex; font-size: .8125rem; font-weight: 400; }}
  nav a {{ padding: .5rem; color: #cfe6da; text-decoration: none; }}
  nav a[aria-current] {{ color: #fff; text-decoration: underline; }}
  main {{ box-sizing: border-box; max-width: 26rem; margin: 1.25rem auto; padding: 1.25rem;
    background: #fff; border-radius: .75rem; box-shadow: 0 1px 8px rgb(11 79 53 / 15%); }}
  h1 {{ margin: 0; font-size: 2.25rem; line-height: 1.2; overflow-wrap: anywhere; font-variant-numeric: tabular-nums; }}
  dl {{ display: grid; grid-template-columns: auto 1fr; gap: .25rem 1rem; margin: 1rem 0; padding: .75rem 0;
    border: solid #d9e5de; border-width: 1px 0; }}
  dt {{ color: #4d6257; }}
  dd {{ margin: 0; overflow-wrap: anywhere; text-align: right; }}
  button, .way {{ box-sizing: border-box; display: block; width: 100%; min-height: 3.25rem; margin: .625rem 0; padding: .75rem;
    border: 1px solid #9db5a8; border-radius: .6rem; background: #fff; color: #14261d; font: inherit; text-align: center;
    text-decoration: none; cursor: pointer; }}
  .pay {{ border-color: #0b4f35; background: #0b4f35; color: #fff; font-weight: 600; }}
  button:focus-visible, a:focus-visible {{ outline: 3px solid #6fb394; outline-offset: 2px; }}
  .state {{ font-size: 1.125rem; font-weight: 600; }}
  .done {{ color: #0b6b45; }}
  .failed {{ color: #a32a17; }}
  footer {{ max-width: 26rem; margin: 0 auto; padding: 0 1.25rem 2rem; color: #4d6257; font-size: .8125rem; }}
</style>
</head>
<body>
<header><span>{bank}</span><nav aria-label="{languages}">{links}</nav></header>
<main>
<h1>{amount}</h1>
<dl><dt>{for}</dt><dd>{description}</dd><dt>{number}</dt><dd>{reference}</dd></dl>
{rest}
</main>
<footer>{sandbox}</footer>
</body>
</html>
"""


def language_of(accepted: str) -> str:
    """Choose among the page's languages by what a browser accepts, in the browser's order; "" if it reads none of them."""
    for tag in accepted.lower().split(","):
        plain = tag.partition(";")[0].strip()
        for begins, language in _ACCEPTED:
            if plain == begins or plain.startswith(f"{begins}-"):
                return language
    return ""


def page(
    amount: Money, number: str, description: str, state: str, return_url: str, *, language: str = ""
) -> str:
    """Return the page of a payment: to be confirmed, declined or put off while it is open; afterwards what became of it."""
    chosen = language if language in LANGUAGES else next(iter(LANGUAGES))
    words = _WORDS[chosen]
    links = "".join(
        f'<a href="?lang={code}" lang="{_TAGS[code]}" {_CURRENT if code == chosen else ""}>{name}</a>'
        for code, name in LANGUAGES.items()
    )
    return _PAGE.format(
        **words,
        tag=_TAGS[chosen],
        links=links,
        amount=escape(format_money(amount, _LOCALES[chosen])),
        reference=escape(number),
        description=escape(description),
        rest=_rest(words, state, return_url, chosen),
    )


def _rest(words: dict[str, str], state: str, return_url: str, language: str) -> str:
    there = escape(return_url)
    if state in ("done", "failed"):
        back = f'<a class="way pay" href="{there}">{words["back"]}</a>' if return_url else ""
        return f'<p class="state {state}" role="status">{words[state]}</p>{back}'
    later = f'<a class="way" href="{there}">{words["later"]}</a>' if return_url else ""
    return (
        f'<form method="post" action="?lang={language}">'
        f'<button class="pay" name="action" value="pay">{words["confirm"]}</button>'
        f'<button name="action" value="decline">{words["decline"]}</button></form>{later}'
    )
