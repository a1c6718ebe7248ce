"""The platforms' own export files, one module per platform, from real headers (our own copy)."""
