"""Reads of complaints and of the quality of doctors."""
