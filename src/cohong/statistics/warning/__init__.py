"""Early warning (预警): what in the figures, or in how they come in, calls for somebody, with its evidence.

An *alarm* is one finding about one thing: the same rule, series and period make the same alarm, and a revision renews its
evidence. Rules are data (`statistics/data/alarms.toml`). The detector is pure: no database, no clock.
"""
