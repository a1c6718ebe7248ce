"""The verbs of purchasing, one file per subject."""
