"""Console screens of conversations. Reading one is noted in the audit log."""

from typing import Any

from django.contrib import admin
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest
from django.template.defaultfilters import linebreaksbr
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from chat.enums import MessageKind, Writing
from chat.models import Conversation, Member, Message, MessageRevision
from chat.rules import system_text
from clinic.core.columns import state_column
from clinic.core.console import holds
from clinic.core.roles import Role
from clinic.core.screens import ReadOnlyAdmin, ReadOnlyInline

# Who may read what patients wrote; others see that there is a conversation and how it goes.
READERS = frozenset({Role.ADMIN, Role.CUSTOMER_SERVICE})


class MemberInline(ReadOnlyInline):
    """Who takes part and how far each has read."""

    model = Member
    fields = (
        "user",
        "role",
        "display_name",
        "joined_at",
        "delivered_seq",
        "read_seq",
        "sent_count",
        "left_seq",
    )
    readonly_fields = fields
    ordering = ("id",)
    show_change_link = False


class MessageInline(ReadOnlyInline):
    """What was said, in order."""

    model = Message
    fields = ("seq", "created_at", "role", "kind", "shown_text", "shown_changes")
    readonly_fields = fields
    ordering = ("seq",)
    per_page = 50
    show_change_link = False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002 Django's form
        """Only those who may read patients' words."""
        return holds(request, READERS)

    @display(description=_("text"))
    def shown_text(self, message: Message) -> str:
        """The text; that of a system message in the reader's language."""
        if message.kind == MessageKind.SYSTEM:
            return system_text(message.code, message.params)
        return message.body

    @display(description=_("former texts"))
    def shown_changes(self, message: Message) -> str:
        """What it held before it was edited or recalled, oldest first."""
        return linebreaksbr("\n".join(_former(revision) for revision in message.revisions.all()))

    def get_queryset(self, request: HttpRequest) -> QuerySet[Message]:
        """Load former texts with their messages."""
        former = MessageRevision.objects.order_by("replaced_rev")
        rows: QuerySet[Message] = super().get_queryset(request)
        return rows.prefetch_related(Prefetch("revisions", former))


def _former(revision: MessageRevision) -> str:
    moment = date_format(localtime(revision.replaced_at), "SHORT_DATETIME_FORMAT")
    word = _("recalled") if revision.is_recall else _("edited")
    text = " · ".join(filter(None, [moment, str(word), revision.reason]))
    return f"{revision.body} ({text})"


@admin.register(Conversation)
class ConversationAdmin(ReadOnlyAdmin):
    """Threads with their members and messages."""

    icon, place = "forum", 10
    readers = READERS
    list_display = (
        "shown_topic",
        "kind",
        "shown_writing",
        "last_seq",
        "last_sender_role",
        "last_message_at",
    )
    list_filter = ("kind", "writing", "last_sender_role")
    search_fields = ("topic", "public_id")
    ordering = ("-id",)
    inlines = (MessageInline, MemberInline)
    fields = (
        "kind", "shown_writing", "writing_until", "last_message_at", "last_sender_role",
        "last_patient_message_at", "last_doctor_message_at", "last_seq", "last_rev", "changed_at",
        "topic", "public_id",
    )  # fmt: skip
    readonly_fields = ("shown_writing",)
    shown_writing = state_column(
        "writing",
        _("writing"),
        {Writing.OPEN: "success", Writing.LIMITED: "warning", Writing.CLOSED: "info"},
    )

    @display(description=_("conversation"), ordering="topic")
    def shown_topic(self, conversation: Conversation) -> str:
        """What it belongs to, in words, with the end of its id."""
        return str(conversation)
