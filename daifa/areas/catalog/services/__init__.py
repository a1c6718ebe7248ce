"""The verbs of the catalog: goods, and what listings mean in them."""
