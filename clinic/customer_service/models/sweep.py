"""When the sweep of the desk last ran."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class SweepClock(models.Model):
    """The one row by which the sweep knows whether it slept.

    ``awake_since`` is since when it has run without a gap: warnings given before count only from
    then, so nobody is put out after an outage in which he could not answer.
    """

    name = models.CharField(_("sweep"), max_length=20, primary_key=True)
    ran_at = models.DateTimeField(_("ran at"))
    awake_since = models.DateTimeField(_("awake since"))

    class Meta:
        verbose_name = _("clock of a sweep")
        verbose_name_plural = _("clocks of sweeps")

    def __str__(self) -> str:
        return self.name
