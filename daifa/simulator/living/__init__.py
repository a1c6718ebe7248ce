"""The running world: a clock, the books, whoever lives in them, and the companies that speak for them over HTTP."""
