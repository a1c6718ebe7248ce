"""Plain Python that every floor may use: no Django, no database, no network."""
