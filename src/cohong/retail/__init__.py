"""Retail: the shop's way to a deal.

A *cart* keeps what a user thinks of taking for the party they act for: *lines* of a SKU and a quantity, from any
number of sellers. It is priced anew at each look; the price that was last agreed to is kept beside each line, so that a change
is seen. A *checkout* turns the whole cart into orders, one for each *parcel* (the lines of one seller in one
currency), all of them or none.

A *review* is what a buyer says, once, of an order line that they accepted; the seller may answer it. A *favourite* is a
listing or a seller that a user keeps an eye on. A *shop* is what a seller shows above its goods. A *standing* is how a
seller trades, or how a listing sells, counted from the journal; by it a seller is *trusted* or not, by a stated rule.
"""
