"""A conversation, who takes part in it, and when each received and read."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from chat.enums import ConversationKind, MemberRole, Writing
from clinic.core.clock import now
from clinic.core.models import PublicModel


class Conversation(PublicModel):
    """One thread of messages, counted without a gap by ``last_seq``.

    ``topic`` names what it belongs to, for example ``consultation:<public id>``. The row is the
    lock of the thread: every message moves ``last_seq`` in the transaction that stores it, and
    everything members can see happen (message, edit, recall) moves ``last_rev`` and ``changed_at``.
    """

    kind = models.CharField(_("kind"), max_length=20, choices=ConversationKind.choices)
    topic = models.CharField(_("topic"), max_length=100, unique=True)
    writing = models.CharField(
        _("writing"), max_length=10, choices=Writing.choices, default=Writing.OPEN
    )
    writing_until = models.DateTimeField(_("writing until"), null=True, blank=True)
    last_seq = models.PositiveIntegerField(_("last number"), default=0)
    last_rev = models.PositiveIntegerField(_("last revision"), default=0)
    changed_at = models.DateTimeField(_("changed at"), null=True, blank=True)
    last_message_at = models.DateTimeField(_("last message at"), null=True, blank=True)
    last_patient_message_at = models.DateTimeField(
        _("last patient message at"), null=True, blank=True
    )
    last_doctor_message_at = models.DateTimeField(
        _("last doctor message at"), null=True, blank=True
    )
    last_sender_role = models.CharField(
        _("last sender"), max_length=10, choices=MemberRole.choices, blank=True
    )

    class Meta:
        verbose_name = _("conversation")
        verbose_name_plural = _("conversations")
        constraints = [
            models.CheckConstraint(
                condition=Q(writing=Writing.LIMITED, writing_until__isnull=False)
                | (~Q(writing=Writing.LIMITED) & Q(writing_until=None)),
                name="limited_writing_has_end",
            ),
        ]
        indexes = [models.Index(fields=["-last_message_at"], name="conversation_latest")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} …{self.topic[-6:]}"


class Member(models.Model):
    """One person in a conversation with his watermarks: delivered and read up to a number.

    ``left_seq`` is the last number he may read after leaving, ``left_rev`` the last revision; while
    they are null he takes part. ``writes_left`` counts down while writing is limited; null means
    unlimited till the end. ``display_name`` is shown in place of the account's name when given.
    """

    conversation = models.ForeignKey(Conversation, on_delete=models.PROTECT, related_name="members")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(_("role"), max_length=10, choices=MemberRole.choices)
    display_name = models.CharField(_("name shown"), max_length=50, blank=True)
    joined_at = models.DateTimeField(_("joined at"), default=now)
    left_seq = models.PositiveIntegerField(_("left at number"), null=True, blank=True)
    left_rev = models.PositiveIntegerField(_("left at revision"), null=True, blank=True)
    delivered_seq = models.PositiveIntegerField(_("delivered up to"), default=0)
    read_seq = models.PositiveIntegerField(_("read up to"), default=0)
    sent_count = models.PositiveIntegerField(_("messages sent"), default=0)
    writes_left = models.PositiveIntegerField(_("messages left"), null=True, blank=True)

    class Meta:
        verbose_name = _("member")
        verbose_name_plural = _("members")
        constraints = [
            models.UniqueConstraint(fields=["conversation", "user"], name="one_seat_per_member"),
            models.CheckConstraint(
                condition=Q(read_seq__lte=F("delivered_seq")), name="read_within_delivered"
            ),
            models.CheckConstraint(
                condition=Q(left_seq=None, left_rev=None)
                | Q(left_seq__isnull=False, left_rev__isnull=False),
                name="left_at_number_and_revision",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} of #{self.conversation_id}"


class WatermarkMove(models.Model):
    """A member's watermarks after they moved: when each message was delivered and read.

    Written in the statement that moves them. A message was read when ``read_seq`` first reached it.
    """

    member = models.ForeignKey(
        Member, on_delete=models.PROTECT, related_name="moves", db_index=False
    )
    delivered_seq = models.PositiveIntegerField(_("delivered up to"))
    read_seq = models.PositiveIntegerField(_("read up to"))
    at = models.DateTimeField(_("moved at"))

    class Meta:
        verbose_name = _("receipt")
        verbose_name_plural = _("receipts")
        indexes = [
            models.Index(fields=["member", "delivered_seq", "at"], name="move_delivered"),
            models.Index(fields=["member", "read_seq", "at"], name="move_read"),
        ]
        triggers = [
            pgtrigger.Protect(
                name="receipts_append_only", operation=pgtrigger.Update | pgtrigger.Delete
            )
        ]

    def __str__(self) -> str:
        return f"#{self.member_id}: {self.delivered_seq}, {self.read_seq}"
