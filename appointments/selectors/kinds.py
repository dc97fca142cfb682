"""Reads of appointment types."""

from django.db.models import QuerySet

from appointments.models import AppointmentType


def open_types() -> QuerySet[AppointmentType]:
    """Return what can be booked, with the doctors and branches that give it."""
    rows = AppointmentType.objects.filter(is_active=True).order_by("position", "id")
    return rows.prefetch_related("doctors", "branches")
