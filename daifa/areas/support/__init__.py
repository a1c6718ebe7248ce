"""After-sale cases and the steps that follow from them."""
