"""The door of statistics."""

from cohong.statistics import disclosure

__all__ = ["disclosure"]
