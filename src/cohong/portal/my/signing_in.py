"""Moved: signing in is the account desk's."""

from cohong.portal.design.frame import own_address

__all__ = ["own_address"]
