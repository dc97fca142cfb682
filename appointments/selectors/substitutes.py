"""Who could take an appointment at its own time instead of its doctor."""

from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from appointments.enums import Act
from appointments.models import Appointment, AppointmentStep
from appointments.rules import bookable
from appointments.selectors.calendars import calendars_of
from appointments.selectors.choosing import by_load, doctors_of
from appointments.selectors.slots import place_of, terms_of
from clinic.relations.selectors.relations import blocked_doctor_ids
from doctors.models import Doctor


def substitutes(appointment: Appointment, moment: datetime) -> list[Doctor]:
    """Return doctors who are free at the same time and never had it, the least busy first.

    Any minute and any notice will do: the patient has the time already. Prices are not looked at.
    """
    starts_at, ends_at = appointment.starts_at, appointment.ends_at
    if starts_at is None or ends_at is None:
        return []
    kind = appointment.kind
    rows = doctors_of(kind, moment).exclude(pk=appointment.doctor_id or 0)
    rows = rows.exclude(public_id__in=_had_it(appointment)).exclude(user_id=appointment.patient_id)
    rows = rows.exclude(pk__in=blocked_doctor_ids(appointment.patient_id))
    place, terms = place_of(kind, appointment.branch), terms_of(kind).at_the_desk()
    day = starts_at.astimezone(ZoneInfo(place.zone)).date()
    found = calendars_of(place, day, day, step=0, moment=moment)
    return [
        doctor
        for doctor in by_load(rows, starts_at, moment=moment)
        if doctor.pk in found
        and bookable(starts_at, ends_at, terms=terms, calendar=found[doctor.pk], moment=moment)
        is None
    ]


def was_reassigned(appointment: Appointment) -> bool:
    """Say whether the clinic gave it to another doctor since the patient chose time or doctor."""
    steps = AppointmentStep.objects.filter(
        appointment=appointment, act__in=[Act.REASSIGNED, Act.MOVED]
    )
    last = steps.order_by("-id").values_list("act", "actor").first()
    by_patient = f"user:{appointment.patient.public_id}"
    return last is not None and last[0] == Act.REASSIGNED and last[1] != by_patient


def _had_it(appointment: Appointment) -> list[UUID]:
    notes = AppointmentStep.objects.filter(appointment=appointment, act=Act.REASSIGNED)
    told = (note.get("from_doctor") for note in notes.values_list("note", flat=True))
    return [UUID(one) for one in told if one]
