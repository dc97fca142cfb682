"""Telling the relation of doctor and patient that they have an appointment."""

from appointments.models import Appointment
from clinic.relations.enums import Source
from clinic.relations.services.relations import relate


def note_known(appointment_id: int) -> None:
    """Put the patient of an appointment into the list of its doctor. Repeatable."""
    rows = Appointment.objects.filter(pk=appointment_id, doctor__isnull=False)
    appointment = rows.select_related("doctor").first()
    if appointment is not None and appointment.doctor is not None:
        relate(
            doctor=appointment.doctor,
            patient_id=appointment.patient_id,
            source=Source.APPOINTMENT,
        )
