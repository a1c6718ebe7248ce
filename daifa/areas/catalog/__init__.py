"""Products, SKUs, and what each listing SKU of a shop means in them."""
