"""When each periodic job ran last."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class JobRun(models.Model):
    """The heartbeat of one periodic task, written by the worker that ends it.

    ``last_error`` is the name of an exception class, never its text.
    """

    task = models.CharField(_("task"), max_length=120, primary_key=True)
    last_ended_at = models.DateTimeField(_("last ended at"))
    last_ms = models.PositiveIntegerField(_("last took (ms)"), null=True, blank=True)
    last_failed_at = models.DateTimeField(_("last failed at"), null=True, blank=True)
    last_error = models.CharField(_("last error"), max_length=120, blank=True)
    runs = models.PositiveBigIntegerField(_("runs"), default=0)
    failures = models.PositiveBigIntegerField(_("failures"), default=0)

    class Meta:
        verbose_name = _("run of a job")
        verbose_name_plural = _("runs of jobs")
        constraints = [
            models.CheckConstraint(
                condition=Q(failures__lte=models.F("runs")), name="job_fails_when_it_runs"
            ),
        ]

    def __str__(self) -> str:
        return self.task
