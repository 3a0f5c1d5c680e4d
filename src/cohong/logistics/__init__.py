"""Logistics: goods on the move.

Its nouns: a *carrier* is a party that offers services; a *tariff* says what a service costs between two
zones; a *shipment* (运单) is a consignment of packages under one *waybill number*; *tracking events* say
where it is; a *pick-up code* is what goods are handed over against when the buyer fetches them.
"""
