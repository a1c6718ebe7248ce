"""Connectors: one folder per outside company; the registry finds them."""
