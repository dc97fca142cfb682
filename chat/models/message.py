"""A message, and how fast a person writes."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from chat.enums import MemberRole, MessageKind
from chat.models.conversation import Conversation
from clinic.core.models import PublicModel


class Message(PublicModel):
    """One stored message; the database refuses change and removal (it is medical record).

    ``created_at`` is when it was sent. A system message has no sender, a ``code`` and ``params``
    (ids, names of things, numbers); its sentence is made in the reader's language.
    """

    conversation = models.ForeignKey(
        Conversation, on_delete=models.PROTECT, related_name="messages", db_index=False
    )
    seq = models.PositiveIntegerField(_("number"))
    sender = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        db_index=False,
    )
    role = models.CharField(_("role"), max_length=10, choices=MemberRole.choices, blank=True)
    client_id = models.CharField(_("client id"), max_length=64, blank=True)
    kind = models.CharField(_("kind"), max_length=10, choices=MessageKind.choices)
    body = models.TextField(_("body"), blank=True)
    extra = models.JSONField(_("extra"), null=True, blank=True)
    code = models.CharField(_("code"), max_length=40, blank=True)
    params = models.JSONField(_("parameters"), null=True, blank=True)

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        constraints = [
            models.UniqueConstraint(fields=["conversation", "seq"], name="one_message_per_number"),
            models.UniqueConstraint(
                fields=["conversation", "sender", "client_id"],
                condition=Q(sender__isnull=False),
                name="one_message_per_client_id",
            ),
            models.CheckConstraint(
                condition=Q(kind=MessageKind.SYSTEM, sender=None)
                | (~Q(kind=MessageKind.SYSTEM) & Q(sender__isnull=False) & ~Q(client_id="")),
                name="only_system_has_no_sender",
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="message_append_only", operation=pgtrigger.Update | pgtrigger.Delete
            )
        ]

    def __str__(self) -> str:
        return f"#{self.conversation_id}.{self.seq}"


class Pace(models.Model):
    """How many messages a person sent in the running minute, over all devices and doors."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    window_start = models.DateTimeField(_("window start"))
    used = models.PositiveIntegerField(_("used"))

    class Meta:
        verbose_name = _("sending pace")
        verbose_name_plural = _("sending paces")

    def __str__(self) -> str:
        return f"#{self.user_id}: {self.used}"
