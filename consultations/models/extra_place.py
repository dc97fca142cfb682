"""Places that staff gave a full doctor for a while, beyond his own limit."""

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from clinic.core.clock import now
from consultations.models.consultation import Consultation
from doctors.models import Doctor


class ExtraPlace(models.Model):
    """One place beyond the limit, made for a case and taken back with the doctor's next free place.

    ``limit`` is the limit with this place, ``own_limit`` the doctor's own one before it, null when
    his level sets it. Its end alone can be written, once.
    """

    consultation = models.ForeignKey(
        Consultation,
        on_delete=models.PROTECT,
        related_name="extra_places",
        db_index=False,
        verbose_name=_("case"),
    )
    doctor = models.ForeignKey(
        Doctor,
        on_delete=models.PROTECT,
        related_name="extra_places",
        db_index=False,
        verbose_name=_("doctor"),
    )
    limit = models.PositiveSmallIntegerField(_("limit with this place"))
    own_limit = models.PositiveSmallIntegerField(_("own limit before"), null=True, blank=True)
    started_at = models.DateTimeField(_("started at"), default=now)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    class Meta:
        verbose_name = _("extra place")
        verbose_name_plural = _("extra places")
        constraints = [
            models.UniqueConstraint(
                fields=["doctor", "limit"],
                condition=Q(ended_at=None),
                name="one_extra_place_per_limit",
            ),
            models.CheckConstraint(
                condition=Q(own_limit=None) | Q(own_limit__lt=F("limit")),
                name="extra_place_is_beyond_the_limit",
            ),
        ]
        indexes = [models.Index(fields=["consultation"], name="extra_place_of_case")]
        triggers = [
            pgtrigger.ReadOnly(name="extra_place_is_fixed", exclude=["ended_at"]),
            pgtrigger.Protect(
                name="extra_place_ends_once",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__ended_at__isnull=False),
            ),
            pgtrigger.Protect(name="extra_place_is_kept", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.doctor_id}: {self.limit}"
