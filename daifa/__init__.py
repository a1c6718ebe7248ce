"""代发: an open drop-shipping ERP. Read docs/tour.md first."""
