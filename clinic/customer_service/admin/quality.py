"""Console screens of quality checks: read a picked chat, grade it."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST
from unfold.decorators import display
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from chat.enums import MessageKind
from chat.models import Message
from chat.rules import system_text
from clinic.core.actor import Actor
from clinic.core.clock import clinic_time
from clinic.core.columns import pill
from clinic.core.console import actor_of, holds
from clinic.core.errors import ClinicError
from clinic.core.steps import StateAdmin, Step
from clinic.customer_service.admin.chats import note_reading
from clinic.customer_service.admin.roles import DESK
from clinic.customer_service.models import QualityCheck
from clinic.customer_service.services.quality import Grades, grade, pick_today

MESSAGES_SHOWN = 300
GRADES = (("5", "5"), ("4", "4"), ("3", "3"), ("2", "2"), ("1", "1"))


class GradesForm(forms.Form):
    """Asks for three grades and a remark; the remark must not hold medical text."""

    attitude = forms.TypedChoiceField(
        label=_("Attitude"), choices=GRADES, coerce=int, widget=UnfoldAdminSelectWidget
    )
    correctness = forms.TypedChoiceField(
        label=_("Correctness"), choices=GRADES, coerce=int, widget=UnfoldAdminSelectWidget
    )
    speed = forms.TypedChoiceField(
        label=_("Speed"), choices=GRADES, coerce=int, widget=UnfoldAdminSelectWidget
    )
    remark = forms.CharField(
        label=_("Remark"), max_length=500, required=False, widget=UnfoldAdminTextInputWidget
    )


def _grade(check: QualityCheck, actor: Actor, cleaned: dict[str, Any]) -> None:
    grade(check.pk, Grades(**cleaned), by=actor)


@admin.register(QualityCheck)
class QualityCheckAdmin(StateAdmin):
    """Chats picked for grading; grades are given once, beside the words."""

    icon, place = "grading", 50
    list_before_template = "console/quality_pick.html"
    list_display = (
        "chat",
        "shown_agent",
        "shown_done",
        "picked_at",
        "attitude",
        "correctness",
        "speed",
        "checked_by",
    )
    list_filter = (("checked_at", admin.EmptyFieldListFilter), "chat__team", "chat__agent")
    list_select_related = ("chat", "chat__agent", "checked_by")
    search_fields = ("chat__public_id", "chat__agent__nickname")
    date_hierarchy = "picked_at"
    ordering = ("-id",)
    steps = (
        Step(
            name="grade",
            label=_("Grade"),
            icon="grading",
            run=_grade,
            roles=DESK,
            form=GradesForm,
            when=lambda check: check.checked_at is None,
        ),
    )
    shown = (
        ("shown_chat", "shown_agent"),
        ("picked_at", "picked_by"),
        ("attitude", "correctness", "speed"),
        ("checked_by", "checked_at"),
        "remark",
    )
    readonly_fields = ("shown_chat", "shown_agent", "shown_words")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:  # noqa: ARG002 Django's form
        """Give the words only to those who may read them."""
        return (*self.shown, "shown_words") if holds(request, DESK) else self.shown

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show the chat and note who read it."""
        check = self.get_object(request, object_id)
        if check is not None and holds(request, DESK):
            note_reading(request, check.chat)
        answer: HttpResponse = super().change_view(request, object_id, form_url, extra_context)
        return answer

    @display(description=_("service chat"))
    def shown_chat(self, check: QualityCheck) -> str:
        """A link to the chat."""
        address = reverse("admin:customer_service_servicechat_change", args=[check.chat_id])
        return format_html('<a class="console-link" href="{}">{}</a>', address, check.chat)

    @display(description=_("agent"), ordering="chat__agent__nickname")
    def shown_agent(self, check: QualityCheck) -> str:
        """Who served it last."""
        return str(check.chat.agent or "-")

    @display(description=_("state"), ordering="checked_at")
    def shown_done(self, check: QualityCheck) -> str:
        """Graded or not."""
        return (
            pill(_("to be graded"), "warning")
            if check.checked_at is None
            else pill(_("graded"), "success")
        )

    @display(description=_("words"))
    def shown_words(self, check: QualityCheck) -> str:
        """What was said, oldest first."""
        rows = Message.objects.filter(conversation=check.chat.conversation_id).order_by("seq")
        lines = [
            (row.role or "system", f"{clinic_time(row.created_at):%H:%M:%S}", _who(row), _said(row))
            for row in rows[:MESSAGES_SHOWN]
        ]
        return format_html(
            '<div class="console-thread">{}</div>',
            format_html_join("", '<p class="{}"><small>{} {}</small><span>{}</span></p>', lines),
        )


def _who(message: Message) -> str:
    return str(message.get_role_display() or _("System"))


def _said(message: Message) -> str:
    if message.kind == MessageKind.SYSTEM:
        return system_text(message.code, message.params)
    return message.body or str(message.get_kind_display())


@require_POST
def pick(request: HttpRequest) -> HttpResponse:
    """Pick among today's ended chats now and go back to the list."""
    if not holds(request, DESK):
        raise PermissionDenied
    try:
        count = pick_today(by=actor_of(request))
    except ClinicError as error:
        messages.error(request, error.sentence)
    else:
        told = ngettext("%(count)s chat picked.", "%(count)s chats picked.", count)
        messages.success(request, told % {"count": count})
    return HttpResponseRedirect(reverse("admin:customer_service_qualitycheck_changelist"))
