"""The market: what everyone sees."""
