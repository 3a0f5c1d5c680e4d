"""`cohong`: the one command an operator runs.

`main` finds the sub-command and imports nothing else; `installation` gives it a database and Django;
`embedded` is the PostgreSQL that comes along.
"""
