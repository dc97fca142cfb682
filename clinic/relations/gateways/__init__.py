"""Doors to outside services."""
