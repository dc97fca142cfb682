"""Promises of the room."""
