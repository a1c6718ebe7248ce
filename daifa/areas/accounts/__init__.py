"""People, roles, shops, settings, and the doors through which a request finds its tenant."""
