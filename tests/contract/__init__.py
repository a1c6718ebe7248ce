"""One suite per port, over every connector that the registry finds × its company in the world × what can go wrong."""
