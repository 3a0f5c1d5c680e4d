"""The roof: every page, and what composes several modules.

Pages live by desk: `market` is what everyone sees, `my` the buyer's desk, `merchant` the seller's; `design` is the frame they
share. Views are thin: they read a request, call modules by their doors, and fill a template. What a party may see or do is
decided by the modules, not here.
"""
