"""The verbs of compliance, one file per subject."""
