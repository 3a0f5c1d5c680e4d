"""Observing: from facts to observations with vintages, and reading these.

`computing` runs the tree of indicators over what has changed and keeps what came out differently as a new vintage; `selectors`
reads series and tables, as they are or as they were; `checking` compares them with the ledger.
"""
