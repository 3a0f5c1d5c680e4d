"""Who: people and organisations that can act, their roles, and the regions, industries and markets they act in."""
