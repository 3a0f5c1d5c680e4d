"""Notices: they follow the journal and tell people, in the portal and by mail, what concerns them."""
