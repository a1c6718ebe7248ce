"""Platform rules (deadlines, penalties) and blocklists."""
