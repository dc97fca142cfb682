"""Questions to the register whether a name and an ID number belong together."""

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clinic.core.clock import now
from clinic.patients.enums import CheckResult
from clinic.patients.models.person import VisitPerson


class RealNameCheck(models.Model):
    """One question and what came of it; neither name nor ID number is kept.

    ``day`` is a day of the clinic, ``try_number`` counts the person's questions of that day from 1.
    ``reference`` is the provider's number of the call. The database keeps results for ever.
    """

    person = models.ForeignKey(
        VisitPerson,
        on_delete=models.PROTECT,
        related_name="real_name_checks",
        verbose_name=_("visit person"),
    )
    day = models.DateField(_("day"))
    try_number = models.PositiveSmallIntegerField(_("try"))
    result = models.CharField(
        _("result"), max_length=10, choices=CheckResult, default=CheckResult.RUNNING
    )
    reference = models.CharField(_("provider's number"), max_length=80, blank=True)
    started_at = models.DateTimeField(_("asked at"), default=now)
    finished_at = models.DateTimeField(_("answered at"), null=True, editable=False)

    class Meta:
        verbose_name = _("real-name check")
        verbose_name_plural = _("real-name checks")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "day", "try_number"], name="real_name_try_counts_once"
            ),
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(result=CheckResult.RUNNING),
                name="one_running_real_name_check",
            ),
            models.CheckConstraint(
                condition=Q(result=CheckResult.RUNNING, finished_at=None)
                | (~Q(result=CheckResult.RUNNING) & Q(finished_at__isnull=False)),
                name="real_name_answer_has_a_moment",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="real_name_checks_stay", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="real_name_results_stay",
                operation=pgtrigger.Update,
                condition=~pgtrigger.Q(old__result=CheckResult.RUNNING),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.try_number}: {self.result}"
