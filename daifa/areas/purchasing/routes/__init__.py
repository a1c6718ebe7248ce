"""The routes of purchasing, one module per subject; each has ``router``."""
