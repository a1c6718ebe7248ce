"""Suppliers, offers, supply links, purchase orders and what was sent to suppliers."""
