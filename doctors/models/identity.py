"""Proofs that the doctor himself sits there. Only what came of them is kept."""

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clinic.core.clock import now
from doctors.enums import IdentityMethod
from doctors.models.doctor import Doctor


class IdentityCheck(models.Model):
    """One passed check; it is good for IDENTITY_CHECK_VALID. The database refuses change.

    ``picture_hash`` is the SHA-256 of the live picture, empty for other ways: none counts twice.
    """

    doctor = models.ForeignKey(
        Doctor, on_delete=models.PROTECT, related_name="identity_checks", verbose_name=_("doctor")
    )
    method = models.CharField(_("way"), max_length=10, choices=IdentityMethod)
    picture_hash = models.CharField(_("hash of the live picture"), max_length=64, blank=True)
    passed_at = models.DateTimeField(_("passed at"), default=now)

    class Meta:
        verbose_name = _("identity check")
        verbose_name_plural = _("identity checks")
        constraints = [
            models.UniqueConstraint(
                fields=["picture_hash"],
                condition=~Q(picture_hash=""),
                name="live_picture_counts_once",
            ),
        ]
        indexes = [models.Index(fields=["doctor", "-passed_at"], name="identity_of_doctor")]
        triggers = [
            pgtrigger.Protect(
                name="identity_append_only", operation=pgtrigger.Update | pgtrigger.Delete
            )
        ]

    def __str__(self) -> str:
        return f"{self.doctor_id}: {self.method}"
