"""The documentation of the order's life says what the tables say."""

from pathlib import Path

from cohong.orders.life import page

PAGE = Path(__file__).parents[2] / "docs" / "order-life.md"


def test_the_page_is_what_the_tables_say():
    assert PAGE.read_text(encoding="utf-8") == page()
