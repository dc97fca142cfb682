"""Console side of the room."""

from clinic.privacy.admin import emergency, reads, regulator, screens, users

__all__ = ["emergency", "reads", "regulator", "screens", "users"]
