"""What we need from any outside company, in our words: frozen values and protocols."""
