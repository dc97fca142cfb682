"""Notices to people."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clinic.core.models import PublicModel
from clinic.notifications.enums import NoticeKind


class Notice(PublicModel):
    """One thing a person should know; the words are made from the kind when he reads it.

    ``params`` holds what the sentence names (a name, an amount in fen), never medical text.
    ``subject_kind`` and ``subject_public_id`` tell the client what to open.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    kind = models.CharField(_("kind"), max_length=40, choices=NoticeKind.choices)
    params = models.JSONField(_("parameters"), default=dict)
    subject_kind = models.CharField(_("subject kind"), max_length=40, blank=True)
    subject_public_id = models.UUIDField(_("subject"), null=True, blank=True)
    read_at = models.DateTimeField(_("read at"), null=True, blank=True)

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        indexes = [
            models.Index(fields=["user", "-id"], name="notice_of_user"),
            models.Index(fields=["user"], condition=Q(read_at=None), name="notice_unread"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} #{self.pk}"
