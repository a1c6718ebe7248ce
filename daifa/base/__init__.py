"""Django helpers under every area: tenancy, bulk writes, jobs, sealing, audit. Knows no area."""
