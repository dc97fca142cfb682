"""A place that was offered to somebody on the waiting list."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from appointments.models.appointment import Appointment
from clinic.core.clock import now
from doctors.models import Doctor


class Offer(models.Model):
    """One place offered to one waiting appointment: the same place is never offered to it twice.

    What became of it stands in the appointment's steps.
    """

    appointment = models.ForeignKey(
        Appointment, on_delete=models.PROTECT, related_name="offers",
        verbose_name=_("appointment"),
    )  # fmt: skip
    doctor = models.ForeignKey(
        Doctor, on_delete=models.PROTECT, related_name="+", verbose_name=_("doctor")
    )
    starts_at = models.DateTimeField(_("starts at"))
    made_at = models.DateTimeField(_("made at"), default=now)

    class Meta:
        verbose_name = _("offer of a place")
        verbose_name_plural = _("offers of places")
        constraints = [
            models.UniqueConstraint(
                fields=["appointment", "doctor", "starts_at"], name="one_offer_of_a_place"
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.appointment_id} {self.starts_at}"
