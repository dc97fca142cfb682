"""Ports of the room."""
