"""Tables of appointments."""

from appointments.models.appointment import Appointment, AppointmentStep
from appointments.models.feed import CalendarFeed
from appointments.models.kind import AppointmentType
from appointments.models.move import CalendarMove
from appointments.models.offer import Offer
from appointments.models.reminder import Reminder

__all__ = [
    "Appointment",
    "AppointmentStep",
    "AppointmentType",
    "CalendarFeed",
    "CalendarMove",
    "Offer",
    "Reminder",
]
