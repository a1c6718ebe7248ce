"""What arrived and what was produced: files, imports, tasks, mapping templates."""
