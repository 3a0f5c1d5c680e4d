"""The e-commerce data centre (电子商务数据中心): the region's figures, drawn to be looked at.

Everyone sees what is published, protected as it was published. An officer with the statistics mandate may switch to the
working figures of the latest vintage, which are marked as such on every page.

- `figures`: the one place that reads figures; `writing` writes them (亿, bn); `desk` is what all pages share.
- `views_*`: the pages; `tiles` draws the map; `wording` says a formula in words; `vega` makes the interactive charts.
"""
