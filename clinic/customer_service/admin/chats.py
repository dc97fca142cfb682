"""Console screens of service chats and left messages: to look at; the desk works with them."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from clinic.core import audit
from clinic.core.columns import pill, state_column
from clinic.core.console import actor_of, holds
from clinic.core.history_rows import ActorInline
from clinic.core.masking import mask_phone
from clinic.core.screens import ReadOnlyAdmin, ReadOnlyInline
from clinic.customer_service.admin.roles import DESK
from clinic.customer_service.enums import ChatState, LeftMessageState
from clinic.customer_service.models import (
    ChatMove,
    Handling,
    LeftMessage,
    Note,
    ServiceChat,
    SlaTimer,
)


class OfCustomer(ReadOnlyAdmin):
    """A screen of what belongs to one customer, whose phone is masked; the desk reads the words."""

    readers = DESK

    @display(description=_("customer"), ordering="customer__name")
    def shown_customer(self, row: ServiceChat | LeftMessage) -> str:
        """The display name."""
        return str(row.customer)

    @display(description=_("phone"))
    def shown_phone(self, row: ServiceChat | LeftMessage) -> str:
        """The phone, masked."""
        return mask_phone(row.customer.phone)


def note_reading(request: HttpRequest, chat: ServiceChat) -> None:
    """Note who read a service chat on another screen than its own."""
    patient = chat.customer.public_id
    audit.read(actor_of(request), "service_chat", chat.public_id, patient=patient, how="console")


class MoveInline(ActorInline):
    """Every move."""

    model = ChatMove
    fields = ("at", "before", "after", "reason", "agent", "team", "shown_actor", "remark")
    readonly_fields = fields
    ordering = ("id",)
    show_change_link = False


class HandlingInline(ReadOnlyInline):
    """Who served it from when to when."""

    model = Handling
    fields = ("agent", "team", "how", "started_at", "ended_at", "ended_why")
    readonly_fields = fields
    ordering = ("id",)
    show_change_link = False


class NoteInline(ReadOnlyInline):
    """Internal notes."""

    model = Note
    fields = ("number", "created_at", "author", "body")
    readonly_fields = fields
    ordering = ("number",)
    show_change_link = False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002 Django's form
        """Only those who may read what was written."""
        return holds(request, DESK)


class SlaInline(ReadOnlyInline):
    """What was promised and whether it was kept."""

    model = SlaTimer
    fields = ("metric", "started_at", "due_at", "met_at", "broken_at")
    readonly_fields = fields
    ordering = ("id",)
    show_change_link = False


@admin.register(ServiceChat)
class ServiceChatAdmin(OfCustomer):
    """Service chats with everything that happened to them."""

    icon, place = "support_agent", 10
    list_display = (
        "created_at",
        "shown_state",
        "shown_customer",
        "side",
        "face",
        "team",
        "agent",
        "end_reason",
        "ended_at",
    )
    list_filter = ("state", "team", "agent", "side", "face", "end_reason", "tags")
    list_select_related = ("customer", "team", "agent")
    search_fields = ("public_id", "customer__name", "customer__phone", "conversation__topic")
    date_hierarchy = "created_at"
    ordering = ("-id",)
    inlines = (MoveInline, HandlingInline, NoteInline, SlaInline)
    shown_state = state_column(
        "state",
        _("state"),
        {ChatState.WAITING: "warning", ChatState.ACTIVE: "success", ChatState.ENDED: "info"},
    )
    readonly_fields = ("shown_state", "shown_customer", "shown_phone", "shown_thread", "shown_tags")
    fields = (
        ("shown_state", "state_since"),
        ("shown_customer", "shown_phone"),
        ("side", "face"),
        ("team", "agent"),
        ("language", "priority"),
        ("enqueued_at", "assigned_at"),
        ("first_reply_at", "activity_at"),
        ("ended_at", "end_reason"),
        ("shown_tags", "shown_thread"),
        "public_id",
    )

    @display(description=_("tags"))
    def shown_tags(self, chat: ServiceChat) -> str:
        """The tags in words."""
        return ", ".join(str(tag) for tag in chat.tags.all()) or "-"

    @display(description=_("messages"))
    def shown_thread(self, chat: ServiceChat) -> str:
        """A link to what was said; opening it is noted as well."""
        address = reverse("admin:chat_conversation_change", args=[chat.conversation_id])
        return format_html(
            '<a class="console-link" href="{}">{}</a>', address, _("Open the thread")
        )


@admin.register(LeftMessage)
class LeftMessageAdmin(OfCustomer):
    """Messages left while nobody was there; agents answer them at the desk."""

    icon, place = "voicemail", 20
    list_display = (
        "created_at",
        "shown_state",
        "shown_customer",
        "side",
        "team",
        "language",
        "answered_by",
        "answered_at",
    )
    list_filter = ("state", "team", "side", "face")
    list_select_related = ("customer", "team", "answered_by")
    search_fields = ("public_id", "customer__name", "customer__phone")
    ordering = ("-id",)
    shown_state = state_column(
        "state",
        _("state"),
        {LeftMessageState.OPEN: "warning", LeftMessageState.ANSWERED: "success"},
    )
    readonly_fields = ("shown_state", "shown_customer", "shown_phone")
    shown = (
        ("shown_state", "created_at"),
        ("shown_customer", "shown_phone"),
        ("side", "face"),
        ("team", "language"),
        ("answered_by", "answered_at"),
        "chat",
    )

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:  # noqa: ARG002 Django's form
        """Give the words only to those who may read them."""
        return (*self.shown, "body") if holds(request, DESK) else self.shown


@admin.register(SlaTimer)
class SlaTimerAdmin(ReadOnlyAdmin):
    """Promises: due when, met or broken when."""

    icon, place = "timer", 100
    list_display = ("chat", "metric", "started_at", "due_at", "met_at", "shown_kept")
    list_filter = (
        "metric",
        ("broken_at", admin.EmptyFieldListFilter),
        ("met_at", admin.EmptyFieldListFilter),
        "chat__team",
    )
    list_select_related = ("chat",)
    search_fields = ("chat__public_id",)
    date_hierarchy = "started_at"
    ordering = ("-id",)

    @display(description=_("kept"))
    def shown_kept(self, timer: SlaTimer) -> str:
        """Kept, broken or running."""
        if timer.broken_at is not None:
            return pill(_("broken"), "danger")
        return pill(_("kept"), "success") if timer.met_at else pill(_("running"), "info")
