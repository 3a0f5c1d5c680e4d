"""The acts, one file for each group of them."""
