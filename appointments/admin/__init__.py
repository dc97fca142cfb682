"""Console screens of appointments."""

from appointments.admin import appointments, front_desk, kinds, leaves, log, statistics

__all__ = ["appointments", "front_desk", "kinds", "leaves", "log", "statistics"]
