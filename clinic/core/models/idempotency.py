"""Answers kept so that a repeated request is harmless."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from clinic.core.clock import now


class IdempotencyRecord(models.Model):
    """The first answer to (user, operation, key); kept 24 hours."""

    user_id = models.BigIntegerField(_("user"))
    operation = models.CharField(_("operation"), max_length=200)
    key = models.CharField(_("key"), max_length=255)
    request_hash = models.CharField(_("request hash"), max_length=64)
    status = models.PositiveSmallIntegerField(_("status"), null=True)
    body = models.JSONField(_("body"), null=True)
    created_at = models.DateTimeField(_("created at"), default=now)

    class Meta:
        verbose_name = _("idempotency record")
        verbose_name_plural = _("idempotency records")
        constraints = [
            models.UniqueConstraint(
                fields=["user_id", "operation", "key"], name="idempotency_once_per_key"
            ),
        ]
        indexes = [models.Index(fields=["created_at"], name="idempotency_age")]

    def __str__(self) -> str:
        return f"{self.operation} {self.key}"
