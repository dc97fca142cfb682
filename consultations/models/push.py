"""What a doctor is to be told of a case, at once or when his hours open."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clinic.core.clock import now
from consultations.enums import PushKind
from consultations.models.consultation import Consultation
from doctors.models import Doctor


class DoctorPush(models.Model):
    """One thing that a doctor outside his hours has not been pushed; ``told_at`` is when he was.

    Within his hours nothing is kept: he is told at once.
    """

    consultation = models.ForeignKey(
        Consultation, on_delete=models.PROTECT, related_name="pushes", verbose_name=_("case")
    )
    doctor = models.ForeignKey(
        Doctor, on_delete=models.PROTECT, related_name="+", verbose_name=_("doctor")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=PushKind.choices)
    at = models.DateTimeField(_("at"), default=now)
    told_at = models.DateTimeField(_("told at"), null=True)

    class Meta:
        verbose_name = _("delayed push")
        verbose_name_plural = _("delayed pushes")
        constraints = [
            models.UniqueConstraint(
                fields=["consultation", "doctor", "kind"], name="one_push_of_a_kind"
            ),
        ]
        indexes = [
            models.Index(fields=["doctor"], condition=Q(told_at=None), name="push_untold"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} #{self.pk}"
