"""The chaos week: a company that lives by API in a world where everything goes wrong; then both books are compared."""
