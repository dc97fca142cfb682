"""Breaches of the promises of this room; all empty when everything is right."""
