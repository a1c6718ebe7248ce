"""Starting a process: settings, web, worker, command line, embedded database."""
