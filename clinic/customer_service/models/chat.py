"""A service chat: its place in the queue, who serves it, and every move."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from chat.models import Conversation
from clinic.core.clock import now
from clinic.core.models import PublicModel
from clinic.customer_service.enums import ChatState, Face, How, MoveReason, Side
from clinic.customer_service.models.agent import Agent
from clinic.customer_service.models.team import Team


class Tag(models.Model):
    """What a chat was about, in words that staff keeps."""

    name_zh = models.CharField(_("name in Chinese"), max_length=20, unique=True)
    name_en = models.CharField(_("name in English"), max_length=30, unique=True)
    colour = models.CharField(_("colour"), max_length=7, default="#64748b")
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("chat tag")
        verbose_name_plural = _("chat tags")
        ordering = ["name_zh"]

    def __str__(self) -> str:
        return self.name_zh


class ServiceChat(PublicModel):
    """One visit of a customer at the desk, over one conversation of the chat room.

    ``enqueued_at`` is kept when the chat goes back to the queue, so it stands at the head again.
    ``activity_at`` moves by typing and reading as well; messages move the conversation's own times.
    """

    conversation = models.OneToOneField(
        Conversation, on_delete=models.PROTECT, related_name="+", verbose_name=_("conversation")
    )
    customer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("customer"),
    )
    side = models.CharField(_("side"), max_length=10, choices=Side.choices)
    face = models.CharField(_("face"), max_length=10, choices=Face.choices, default=Face.SERVICE)
    team = models.ForeignKey(
        Team, on_delete=models.PROTECT, related_name="chats", verbose_name=_("team")
    )
    language = models.CharField(_("language"), max_length=10)
    priority = models.PositiveSmallIntegerField(_("priority"), default=0)
    state = models.CharField(_("state"), max_length=10, choices=ChatState.choices)
    state_since = models.DateTimeField(_("since"), default=now)
    enqueued_at = models.DateTimeField(_("in the queue since"), default=now)
    agent = models.ForeignKey(
        Agent,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="chats",
        verbose_name=_("agent"),
    )
    assigned_at = models.DateTimeField(_("with the agent since"), null=True, blank=True)
    first_reply_at = models.DateTimeField(_("first reply at"), null=True, blank=True)
    activity_at = models.DateTimeField(_("last sign of the customer"), default=now)
    warned_at = models.DateTimeField(_("warned at"), null=True, blank=True)
    alarmed_at = models.DateTimeField(_("agent reminded at"), null=True, blank=True)
    held_until = models.DateTimeField(_("on hold until"), null=True, blank=True)
    told_position = models.PositiveIntegerField(_("position told"), null=True, blank=True)
    told_wait_seconds = models.PositiveIntegerField(_("wait told, seconds"), null=True, blank=True)
    last_note = models.PositiveIntegerField(_("last note"), default=0)
    tags = models.ManyToManyField(Tag, related_name="chats", blank=True, verbose_name=_("tags"))
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    end_reason = models.CharField(
        _("why ended"), max_length=30, choices=MoveReason.choices, blank=True
    )

    class Meta:
        verbose_name = _("service chat")
        verbose_name_plural = _("service chats")
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "face"],
                condition=~Q(state=ChatState.ENDED),
                name="one_open_chat_per_customer",
            ),
            models.CheckConstraint(
                condition=Q(state=ChatState.ACTIVE, agent__isnull=False, assigned_at__isnull=False)
                | Q(state=ChatState.WAITING, agent=None)
                | Q(state=ChatState.ENDED),
                name="only_active_chat_has_agent",
            ),
            models.CheckConstraint(
                condition=Q(state=ChatState.ENDED, ended_at__isnull=False) & ~Q(end_reason="")
                | ~Q(state=ChatState.ENDED) & Q(ended_at=None, end_reason=""),
                name="ended_chat_has_reason",
            ),
        ]
        indexes = [
            models.Index(
                "team",
                F("priority").desc(),
                "enqueued_at",
                "id",
                condition=Q(state=ChatState.WAITING),
                name="service_queue",
            ),
            models.Index(
                fields=["agent"], condition=Q(state=ChatState.ACTIVE), name="service_served"
            ),
            models.Index(fields=["customer", "-id"], name="service_of_customer"),
            models.Index(fields=["-ended_at"], name="service_ended"),
        ]

    def __str__(self) -> str:
        return str(self.public_id)


class Handling(models.Model):
    """An agent serves a chat from ``started_at`` to ``ended_at`` and takes one place meanwhile.

    Only the end can be written, once; reports read these rows and never the chat's own columns.
    """

    chat = models.ForeignKey(
        ServiceChat,
        on_delete=models.PROTECT,
        related_name="handlings",
        verbose_name=_("service chat"),
    )
    agent = models.ForeignKey(
        Agent, on_delete=models.PROTECT, related_name="handlings", verbose_name=_("agent")
    )
    team = models.ForeignKey(
        Team, on_delete=models.PROTECT, related_name="+", verbose_name=_("team")
    )
    how = models.CharField(_("how"), max_length=20, choices=How.choices)
    actor = models.CharField(_("actor"), max_length=80)
    started_at = models.DateTimeField(_("started at"), default=now)
    ended_at = models.DateTimeField(_("ended at"), null=True)
    ended_why = models.CharField(
        _("why ended"), max_length=30, choices=MoveReason.choices, blank=True
    )

    class Meta:
        verbose_name = _("handling")
        verbose_name_plural = _("handlings")
        constraints = [
            models.UniqueConstraint(
                fields=["chat"], condition=Q(ended_at=None), name="one_agent_per_chat"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_why="")
                | (Q(ended_at__gte=F("started_at")) & ~Q(ended_why="")),
                name="handling_ends_with_a_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["agent", "started_at"], name="handling_of_agent"),
            models.Index(fields=["chat", "id"], name="handling_of_chat"),
            models.Index(fields=["started_at"], name="handling_started"),
            models.Index(fields=["ended_at"], name="handling_ended"),
            models.Index(fields=["team", "ended_at"], name="handling_freed"),
        ]
        triggers = [
            pgtrigger.ReadOnly(name="handling_start_is_fixed", exclude=["ended_at", "ended_why"]),
            pgtrigger.Protect(
                name="handling_end_is_final",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__ended_at__isnull=False),
            ),
            pgtrigger.Protect(name="handling_stays", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.agent_id} serves {self.chat_id}"


class ChatMove(models.Model):
    """One move of a service chat, for ever. ``detail`` holds ids and codes, never words."""

    chat = models.ForeignKey(
        ServiceChat, on_delete=models.PROTECT, related_name="moves", verbose_name=_("service chat")
    )
    before = models.CharField(_("from"), max_length=10, choices=ChatState.choices, blank=True)
    after = models.CharField(_("to"), max_length=10, choices=ChatState.choices)
    reason = models.CharField(_("reason"), max_length=30, choices=MoveReason.choices)
    remark = models.CharField(_("remark of staff"), max_length=200, blank=True)
    actor = models.CharField(_("actor"), max_length=80)
    agent = models.ForeignKey(
        Agent, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("agent")
    )
    team = models.ForeignKey(
        Team, on_delete=models.PROTECT, related_name="+", verbose_name=_("team")
    )
    at = models.DateTimeField(_("at"), default=now)

    class Meta:
        verbose_name = _("move of a service chat")
        verbose_name_plural = _("moves of service chats")
        indexes = [
            models.Index(fields=["chat", "id"], name="move_of_chat"),
            models.Index(fields=["at"], name="move_at"),
        ]
        triggers = [
            pgtrigger.Protect(
                name="chat_moves_append_only", operation=pgtrigger.Update | pgtrigger.Delete
            )
        ]

    def __str__(self) -> str:
        return f"{self.before} -> {self.after}"
