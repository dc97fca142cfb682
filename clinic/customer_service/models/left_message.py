"""A message left while the desk is closed."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clinic.core.models import PublicModel
from clinic.customer_service.enums import Face, LeftMessageState, Side
from clinic.customer_service.models.agent import Agent
from clinic.customer_service.models.chat import ServiceChat
from clinic.customer_service.models.team import Team
from clinic.settings import rules


class LeftMessage(PublicModel):
    """Words of a customer to whom nobody could answer (留言); an agent answers by a chat."""

    customer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("customer"),
    )
    side = models.CharField(_("side"), max_length=10, choices=Side.choices)
    face = models.CharField(_("face"), max_length=10, choices=Face.choices, default=Face.SERVICE)
    team = models.ForeignKey(
        Team, on_delete=models.PROTECT, related_name="+", verbose_name=_("team")
    )
    language = models.CharField(_("language"), max_length=10)
    body = models.TextField(_("text"), max_length=rules.LEFT_MESSAGE_MAX_CHARS)
    state = models.CharField(
        _("state"),
        max_length=10,
        choices=LeftMessageState.choices,
        default=LeftMessageState.OPEN,
    )
    answered_by = models.ForeignKey(
        Agent,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("answered by"),
    )
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    chat = models.ForeignKey(
        ServiceChat,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="left_messages",
        verbose_name=_("service chat"),
    )

    class Meta:
        verbose_name = _("left message")
        verbose_name_plural = _("left messages")
        constraints = [
            models.CheckConstraint(
                condition=Q(state=LeftMessageState.OPEN, answered_at=None)
                | ~Q(state=LeftMessageState.OPEN) & Q(answered_at__isnull=False),
                name="left_message_answered_has_time",
            ),
        ]
        indexes = [
            models.Index(
                fields=["team", "id"],
                condition=Q(state=LeftMessageState.OPEN),
                name="left_message_open",
            ),
            models.Index(fields=["customer", "-id"], name="left_message_of_customer"),
            models.Index(fields=["created_at"], name="left_message_left"),
        ]

    def __str__(self) -> str:
        return str(self.public_id)
