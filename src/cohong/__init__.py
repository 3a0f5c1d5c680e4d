"""Cohong 公行: one open platform on which a whole region trades online."""

__version__ = "0.1.0"
