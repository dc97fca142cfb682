"""Facts waiting for their handlers."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clinic.core.clock import now


class OutboxEvent(models.Model):
    """One published fact. ``pending`` names the handlers that have not finished yet.

    A row with an empty ``pending`` is done. ``next_at`` is when the relay hands it out (again).
    """

    kind = models.CharField(_("kind"), max_length=120)
    payload = models.JSONField(_("payload"))
    pending = ArrayField(models.CharField(max_length=200), verbose_name=_("pending handlers"))
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    created_at = models.DateTimeField(_("created at"), default=now)
    next_at = models.DateTimeField(_("next attempt at"), default=now)
    last_error = models.CharField(_("last error"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("outbox event")
        verbose_name_plural = _("outbox events")
        indexes = [
            models.Index(fields=["next_at", "id"], condition=~Q(pending=[]), name="outbox_due"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} #{self.pk}"
