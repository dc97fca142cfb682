"""Console screens of appointments."""

from appointments.admin import (
    appointments,
    calendars,
    doctors,
    front_desk,
    kinds,
    leaves,
    log,
    statistics,
)

__all__ = [
    "appointments",
    "calendars",
    "doctors",
    "front_desk",
    "kinds",
    "leaves",
    "log",
    "statistics",
]
