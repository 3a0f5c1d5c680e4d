"""Facts (事实表): every trade as lines of columnar files, written from the journal alone.

`shapes` says what a fact holds, `known` who and what the journal's ids stand for, `writing` turns documents into facts,
`store` keeps the files and knows which of them count, `reading` opens them to Ibis, and
`taking_over` takes facts of the past from elsewhere.
"""
