"""Titles and bodies of notices, by subject."""
