"""Console screens of appointments."""

from appointments.admin.kinds import AppointmentTypeAdmin

__all__ = ["AppointmentTypeAdmin"]
