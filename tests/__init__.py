"""Every test of the house, on a real PostgreSQL."""
