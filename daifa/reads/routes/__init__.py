"""The routes of reads, one module per screen; each has ``router``."""
