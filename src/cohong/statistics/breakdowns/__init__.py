"""Breakdowns beyond what is published: researchers ask over the facts, and each answer is screened against all that is known.

Known is what is published, and what was ever answered to anybody: two researchers may be friends. `rights` says who may ask,
`counting` works a question out over the facts, `asking` screens, answers and keeps the ledger.
"""
