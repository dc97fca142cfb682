"""What agents write beside the conversation: notes, drafts, canned replies."""

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from clinic.core.models import PublicModel
from clinic.customer_service.enums import DraftMode
from clinic.customer_service.models.agent import Agent
from clinic.customer_service.models.chat import ServiceChat, Tag
from clinic.customer_service.models.team import Team
from clinic.settings import rules


class Note(PublicModel):
    """An internal note; it has a counter of its own, so that the customer sees no gap."""

    chat = models.ForeignKey(ServiceChat, on_delete=models.PROTECT, related_name="notes")
    number = models.PositiveIntegerField(_("number"))
    author = models.ForeignKey(
        Agent, on_delete=models.PROTECT, related_name="+", verbose_name=_("author")
    )
    body = models.TextField(_("text"), max_length=rules.MESSAGE_MAX_CHARS)
    mentions = ArrayField(models.BigIntegerField(), default=list, blank=True)

    class Meta:
        verbose_name = _("internal note")
        verbose_name_plural = _("internal notes")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["chat", "number"], name="one_note_per_number"),
        ]
        triggers = [
            pgtrigger.Protect(
                name="notes_append_only", operation=pgtrigger.Update | pgtrigger.Delete
            )
        ]

    def __str__(self) -> str:
        return f"#{self.chat_id}.{self.number}"


class ChatDraft(models.Model):
    """Words an agent has not sent yet, kept per chat and mode."""

    chat = models.ForeignKey(ServiceChat, on_delete=models.CASCADE, related_name="drafts")
    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="drafts")
    mode = models.CharField(_("mode"), max_length=10, choices=DraftMode.choices)
    body = models.TextField(_("text"), max_length=rules.MESSAGE_MAX_CHARS)
    updated_at = models.DateTimeField(_("updated at"))

    class Meta:
        verbose_name = _("draft")
        verbose_name_plural = _("drafts")
        constraints = [
            models.UniqueConstraint(
                fields=["chat", "agent", "mode"], name="one_draft_per_chat_and_mode"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.mode} of #{self.agent_id}"


class CannedReply(PublicModel):
    """A canned reply, found by ``/shortcut``. Without team and owner everybody may use it.

    The text may name ``{customer}``, ``{agent}`` and ``{team}``.
    """

    shortcut = models.SlugField(_("shortcut"), max_length=30, allow_unicode=True)
    title = models.CharField(_("title"), max_length=60)
    text_zh = models.TextField(_("text in Chinese"), max_length=2000, blank=True)
    text_en = models.TextField(_("text in English"), max_length=2000, blank=True)
    team = models.ForeignKey(
        Team,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("team"),
    )
    owner = models.ForeignKey(
        Agent,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("owner"),
    )
    used_count = models.PositiveIntegerField(_("times used"), default=0, editable=False)
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("canned reply")
        verbose_name_plural = _("canned replies")
        ordering = [F("used_count").desc(), "shortcut"]
        constraints = [
            models.UniqueConstraint(
                fields=["shortcut", "team", "owner"],
                name="one_canned_reply_per_shortcut",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=~Q(text_zh="", text_en=""), name="canned_reply_says_something"
            ),
        ]

    def __str__(self) -> str:
        return f"/{self.shortcut}"


class Macro(PublicModel):
    """Several steps in one click: say something, tag, then transfer or end."""

    title = models.CharField(_("title"), max_length=60)
    reply = models.ForeignKey(
        CannedReply,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("says"),
    )
    tags = models.ManyToManyField(Tag, related_name="+", blank=True, verbose_name=_("adds tags"))
    transfer_to = models.ForeignKey(
        Team,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("then transfers to"),
    )
    ends_chat = models.BooleanField(_("then ends the chat"), default=False)
    team = models.ForeignKey(
        Team,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("for the team"),
    )
    used_count = models.PositiveIntegerField(_("times used"), default=0, editable=False)
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("macro")
        verbose_name_plural = _("macros")
        ordering = [F("used_count").desc(), "title"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_chat=False) | Q(transfer_to=None),
                name="macro_transfers_or_ends",
            ),
        ]

    def __str__(self) -> str:
        return self.title
