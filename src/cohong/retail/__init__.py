"""Retail: the shop's way to a deal.

A *cart* keeps what a user thinks of taking for the party they act for: *lines* of a SKU and a quantity, from any
number of sellers. It is priced anew at each look; the price that was last agreed to is kept beside each line, so that a change
is seen. A *checkout* turns the whole cart into orders, one for each *parcel* (the lines of one seller in one
currency), all of them or none.
"""
