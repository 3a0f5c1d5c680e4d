"""The acts, by use case."""
