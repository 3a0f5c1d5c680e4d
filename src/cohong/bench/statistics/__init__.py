"""How long the whole tree of indicators takes over a hundred million order lines, against SQL that was written by hand.

`lines` makes the files, `by_hand` is the SQL, `measure` runs both on the same files, each in a process of its own so that its
memory can be told, and compares every figure of theirs.
"""
