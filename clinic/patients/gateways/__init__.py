"""Ports of the room to outside services."""
