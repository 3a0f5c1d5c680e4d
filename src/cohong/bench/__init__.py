"""Measurements: figures, and their ratio to a limit that is taken in the same run on the same machine."""
