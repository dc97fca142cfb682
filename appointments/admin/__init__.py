"""Console screens of appointments."""

from appointments.admin import (
    appointments,
    calendars,
    front_desk,
    kinds,
    leaves,
    log,
    statistics,
)

__all__ = ["appointments", "calendars", "front_desk", "kinds", "leaves", "log", "statistics"]
