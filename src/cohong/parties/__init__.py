"""Who: people and organisations that can act, their roles, their regions, industries and markets."""
