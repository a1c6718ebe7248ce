"""Rates and the margin of each order."""
