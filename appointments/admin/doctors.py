"""Console screen of doctors. It stands here because it shows what is done to appointments."""

from dataclasses import replace

from django.contrib import admin
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from appointments.admin.hours import TellsOutside
from appointments.selectors.hits import of_doctor
from clinic.core.clock import now
from doctors.admin import DoctorAdmin
from doctors.models import Doctor


def what_suspending_does(doctor: Doctor) -> str:
    """Say how many appointments ahead lose their doctor, and what becomes of them."""
    hits = of_doctor(doctor.pk, now()).count()
    if not hits:
        return _("No new patients. The doctor has no appointments ahead.")
    told = ngettext(
        "No new patients. %(count)s appointment ahead goes to another doctor at the same time, or "
        "is cancelled and paid back in full; the patient is told. Restoring brings none back.",
        "No new patients. %(count)s appointments ahead go to other doctors at the same time, or "
        "are cancelled and paid back in full; the patients are told. Restoring brings none back.",
        hits,
    )
    return told % {"count": hits}


@admin.register(Doctor)
class DoctorOfAppointmentsAdmin(TellsOutside, DoctorAdmin):
    """Doctors, with what a step or other hours do to their appointments."""

    owner = "doctor"

    steps = tuple(
        replace(step, asks=what_suspending_does) if step.name == "suspend" else step
        for step in DoctorAdmin.steps
    )
