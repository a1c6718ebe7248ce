"""The verbs of the mailroom: files, tasks, imports, templates."""
