"""What will be told about an appointment, and when."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from appointments.models.appointment import Appointment


class Reminder(models.Model):
    """One reminder, made with the booking and made anew when it moves."""

    appointment = models.ForeignKey(Appointment, on_delete=models.CASCADE, related_name="reminders")
    before = models.DurationField(_("ahead of the start"))
    due_at = models.DateTimeField(_("due at"))
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    failed_at = models.DateTimeField(_("failed at"), null=True, blank=True)

    class Meta:
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        constraints = [
            models.UniqueConstraint(
                fields=["appointment", "before"], name="one_reminder_per_appointment_and_time"
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at"], condition=Q(sent_at=None, failed_at=None), name="reminder_due"
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.appointment_id} {self.before}"
