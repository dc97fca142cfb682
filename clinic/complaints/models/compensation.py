"""Money that a decision on a complaint gives back: one row for each round."""

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clinic.complaints.models.complaint import Complaint
from clinic.core.clock import now
from payments.models import RefundRequest


class Compensation(models.Model):
    """What was asked for from payments when a round was decided.

    The request says what became of it. A round has one at most, and a request serves one round; the
    database refuses change.
    """

    complaint = models.ForeignKey(
        Complaint,
        on_delete=models.PROTECT,
        related_name="compensations",
        db_index=False,
        verbose_name=_("complaint ticket"),
    )
    round = models.PositiveSmallIntegerField(_("round"))
    request = models.OneToOneField(
        RefundRequest,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("refund request"),
    )
    at = models.DateTimeField(_("at"), default=now)

    class Meta:
        verbose_name = _("compensation")
        verbose_name_plural = _("compensations")
        ordering = ["round"]
        constraints = [
            models.UniqueConstraint(
                fields=["complaint", "round"], name="one_compensation_per_round"
            ),
            models.CheckConstraint(
                condition=Q(round__gte=1, round__lte=2), name="compensation_of_a_round"
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="compensations_append_only", operation=pgtrigger.Update | pgtrigger.Delete
            )
        ]

    def __str__(self) -> str:
        return f"round {self.round}"
