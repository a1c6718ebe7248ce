"""Pure decisions of the catalogue: which of our SKUs a listing SKU is, and why. One idea per module."""
