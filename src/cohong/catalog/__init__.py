"""What is offered: categories, listings with their SKUs and prices, pictures, holds; and the stock behind.

A *category* says which attributes its goods have. A *listing* is what a seller offers, in one or more *SKUs*,
each with its own attributes, quantity price *tiers*, minimum order and order multiple. *Stock* is how many
sale units of a SKU lie at a *location* of the seller's; a *reservation* keeps some of it for an order line, a
*movement* records every change of what is there. A *hold* is a reasoned stop that an authority places on a
listing.
"""
