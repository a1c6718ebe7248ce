"""Every stop of an order's way, one file each; each works on a set and is safe to repeat."""
