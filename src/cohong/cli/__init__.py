"""`cohong`: the one command an operator runs."""
