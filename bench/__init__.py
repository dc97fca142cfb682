"""Measures the clinic against raw SQL and an empty view, side by side in one run."""
