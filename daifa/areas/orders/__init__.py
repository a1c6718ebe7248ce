"""Platform orders, what must be supplied because of them, and why they wait."""
