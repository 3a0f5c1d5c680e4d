"""The sandbox bank's pay page: plain, made for a phone, in Chinese and English at once.

The bank is an outside system: its words are its own and do not go through the platform's translations.
"""

from html import escape

from cohong.kernel.money import Money, format_money

_STATES = {"done": ("已付款", "Paid"), "failed": ("未付款", "Not paid")}

_PAGE = """<!doctype html>
<html lang="zh-Hans">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>沙盒银行 Sandbox Bank</title>
<style>
  :root {{ color-scheme: light dark; font: 17px/1.5 system-ui, sans-serif; }}
  body {{ margin: 0 auto; max-width: 26rem; padding: 1rem; }}
  header {{ opacity: .7; }}
  .amount {{ font-size: 2.4rem; font-weight: 600; margin: 1rem 0 0; overflow-wrap: anywhere; }}
  dl {{ display: grid; grid-template-columns: auto 1fr; gap: .25rem 1rem; }}
  dt {{ opacity: .7; }}
  dd {{ margin: 0; overflow-wrap: anywhere; }}
  button, a {{ box-sizing: border-box; display: block; width: 100%; min-height: 3.2rem; margin: .75rem 0;
    border: 1px solid #8888; border-radius: .6rem; font: inherit; padding: .75rem; text-align: center; }}
  button.pay {{ background: #0a5c36; border-color: #0a5c36; color: #fff; font-weight: 600; }}
  button.decline {{ background: none; color: inherit; }}
  small {{ opacity: .7; }}
</style>
</head>
<body>
<header>沙盒银行 · Sandbox Bank</header>
<main>
<p class="amount">{amount}</p>
<dl>
<dt>单号 <small lang="en">Number</small></dt><dd>{number}</dd>
<dt>说明 <small lang="en">For</small></dt><dd>{description}</dd>
</dl>
{rest}
<p><small>这是演示环境，不会动用真实资金。<br>
<span lang="en">A demonstration: no real money moves here.</span></small></p>
</main>
</body>
</html>
"""

_BUTTONS = """<form method="post">
<button class="pay" name="action" value="pay">付款 <span lang="en">Pay</span></button>
<button class="decline" name="action" value="decline">拒绝 <span lang="en">Decline</span></button>
</form>"""


def page(amount: Money, number: str, description: str, state: str, return_url: str) -> str:
    """Return the page of a payment: two buttons while it is open, afterwards what became of it."""
    rest = _BUTTONS
    if state in _STATES:
        chinese, english = _STATES[state]
        rest = f'<p role="status"><strong>{chinese} <span lang="en">{english}</span></strong></p>'
        if return_url:
            rest += f'<a href="{escape(return_url)}">返回商户 <span lang="en">Back to the shop</span></a>'
    return _PAGE.format(
        amount=escape(format_money(amount, "zh_Hans_CN")),
        number=escape(number),
        description=escape(description),
        rest=rest,
    )
