"""The portal (门户): every page, by desk, and what of the HTTP interface belongs to no single module.

`market` is what everyone sees, `my` the buyer's desk, `merchant` the seller's; `design` is the frame they share. Views
are thin: they read a request, call modules by their doors, and fill a template. What a party may see or do is decided by the
modules, not here.
"""
