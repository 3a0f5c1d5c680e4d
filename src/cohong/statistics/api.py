"""The door of statistics."""

from typing import Final

__all__: Final[list[str]] = []
