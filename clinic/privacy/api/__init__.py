"""HTTP side of the room."""
