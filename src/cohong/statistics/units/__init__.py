"""The register of reporting units (名录库): who they are, what happened to them, and who of two sources is the same one."""
