"""The verbs of accounts, one file per subject."""
