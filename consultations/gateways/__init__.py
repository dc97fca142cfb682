"""Doors of consultations to outside services."""
