"""Counters for limits that must hold even when Redis is away."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class RateCounter(models.Model):
    """How often something was tried in one window; keys hold hashes, never a phone number."""

    key = models.CharField(_("key"), max_length=120, primary_key=True)
    window_start = models.DateTimeField(_("window start"))
    count = models.PositiveIntegerField(_("count"))

    class Meta:
        verbose_name = _("rate counter")
        verbose_name_plural = _("rate counters")

    def __str__(self) -> str:
        return self.key
