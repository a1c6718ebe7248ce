"""The verbs of orders, one file per subject."""
