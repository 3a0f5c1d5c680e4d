"""Indicators (指标): what is counted, how, and of what; as data.

`definitions` reads and checks them, `expressions` turns their formulas into Ibis, `computing` computes the whole tree on any
engine that Ibis speaks to.
"""
