"""The tables of statistics, by topic."""
