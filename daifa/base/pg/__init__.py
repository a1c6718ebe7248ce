"""PostgreSQL as a multi-tenant store: plain migrations come out with composite keys, row security and grants."""
