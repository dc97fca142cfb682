"""Console screens of appointments."""

from appointments.admin import appointments, kinds, log

__all__ = ["appointments", "kinds", "log"]
