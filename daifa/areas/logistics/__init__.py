"""Couriers, parcels, and what was told to the platforms about them."""
