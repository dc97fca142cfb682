"""A private calendar address."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from clinic.core.models import PublicModel
from doctors.models import Doctor


class CalendarFeed(PublicModel):
    """A doctor's calendar as others' programs read it. Only the hash of the secret is kept."""

    doctor = models.ForeignKey(Doctor, on_delete=models.CASCADE, related_name="calendar_feeds")
    secret_hash = models.CharField(_("secret, hashed"), max_length=64, unique=True)
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)
    read_at = models.DateTimeField(_("last read at"), null=True, blank=True)

    class Meta:
        verbose_name = _("calendar feed")
        verbose_name_plural = _("calendar feeds")
        constraints = [
            models.UniqueConstraint(
                fields=["doctor"],
                condition=models.Q(revoked_at=None),
                name="one_calendar_feed_per_doctor",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.doctor_id}"
