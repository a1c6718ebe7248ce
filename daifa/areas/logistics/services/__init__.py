"""The verbs of logistics: parcels, claims, ship files, and the shared table of couriers."""
