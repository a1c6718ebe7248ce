"""The routes of flows, one module per story; each has ``router``."""
