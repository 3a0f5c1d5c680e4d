"""Orders: the one hall that every way of trade leads into.

However people came to a deal, it ends here as an *order* with *lines*: parties, agreed prices, terms of payment and
terms of delivery. From there on it has one life: placed, paid into escrow, shipped, accepted, settled; or
lapsed, or cancelled; and what comes back is a *return*.
"""
