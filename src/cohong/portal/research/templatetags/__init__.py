"""Tags of the research desk."""
