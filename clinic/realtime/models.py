"""Tickets for the socket."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from clinic.accounts.models import DeviceSession
from clinic.core.clock import now


class SocketTicket(models.Model):
    """Opens one socket within 30 seconds; only the SHA-256 of the ticket is stored."""

    token_hash = models.CharField(_("token hash"), max_length=64, unique=True)
    session = models.ForeignKey(DeviceSession, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField(_("created at"), default=now)
    expires_at = models.DateTimeField(_("expires at"), db_index=True)

    class Meta:
        verbose_name = _("socket ticket")
        verbose_name_plural = _("socket tickets")

    def __str__(self) -> str:
        return f"ticket #{self.pk}"
