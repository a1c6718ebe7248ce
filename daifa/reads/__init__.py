"""What each screen shows: read-only queries over every area."""
