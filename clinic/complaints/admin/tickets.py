"""The work list of complaints: overdue ones first, the facts beside the words."""

from datetime import timedelta
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from clinic.complaints.admin.facts import fact_lines
from clinic.complaints.admin.steps import STEPS
from clinic.complaints.enums import PENDING, Side, State, Subject
from clinic.complaints.models import Complaint, ComplaintAlert, ComplaintNote, ComplaintStep
from clinic.complaints.selectors.measures import facts_of
from clinic.complaints.selectors.served import own_of
from clinic.complaints.selectors.staff import HANDLERS
from clinic.core.clock import clinic_time, now
from clinic.core.columns import pill, state_column
from clinic.core.console import actor_of, holds
from clinic.core.history_rows import ActorInline
from clinic.core.masking import mask_name
from clinic.core.money import display_fen
from clinic.core.roles import Role
from clinic.core.screens import ReadOnlyInline
from clinic.core.steps import StateAdmin
from clinic.files.selectors import judged
from clinic.files.serving import answer_with
from clinic.settings import rules

READERS = HANDLERS | {Role.AUDITOR}
TONES = {
    State.OPEN: "danger",
    State.IN_REVIEW: "warning",
    State.RESOLVED: "success",
    State.REJECTED: "info",
}

SCREENS = {
    Subject.CONSULTATION: "admin:consultations_consultation_changelist",
    Subject.APPOINTMENT: "admin:appointments_appointment_changelist",
    Subject.SERVICE_CHAT: "admin:customer_service_servicechat_changelist",
    Subject.DOCTOR: "admin:doctors_doctor_changelist",
}


def _round_in_words(number: int) -> str:
    return gettext("first") if number == 1 else gettext("second, by an appeal")


class OverdueFilter(admin.SimpleListFilter):
    """Missed promises, or the reader's own work."""

    title = _("work")
    parameter_name = "work"

    def lookups(self, _request: Any, _screen: Any) -> list[tuple[str, Any]]:
        """The two questions of the day."""
        return [("overdue", _("Overdue")), ("mine", _("With me")), ("pending", _("Not decided"))]

    def queryset(self, request: HttpRequest, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Narrow the list."""
        if self.value() == "overdue":
            return rows.filter(pk__in=Complaint.objects.overdue(now()))
        if self.value() == "mine":
            return rows.filter(handler_id=actor_of(request).user_id, state=State.IN_REVIEW)
        return rows.filter(state__in=PENDING) if self.value() == "pending" else rows


class NoteInline(ReadOnlyInline):
    """What was said, and who reads it."""

    model = ComplaintNote
    verbose_name_plural = _("Notes")
    fields = ("created_at", "shown_side", "shown_reader", "for_doctor", "doctor", "text")
    readonly_fields = fields
    show_change_link = False

    @display(description=_("written by"))
    def shown_side(self, note: ComplaintNote) -> str:
        """Whose words they are."""
        return note.get_side_display()

    @display(description=_("patient reads it"), boolean=True)
    def shown_reader(self, note: ComplaintNote) -> bool:
        """His own notes and what staff wrote for him."""
        return note.for_patient or note.side == Side.PATIENT


class StepInline(ActorInline):
    """What was done, and by whom."""

    model = ComplaintStep
    verbose_name_plural = _("Steps")
    fields = ("at", "act", "doctor", "before", "after", "shown_actor")
    readonly_fields = fields


class AlertInline(ReadOnlyInline):
    """Missed promises."""

    model = ComplaintAlert
    fields = ("at", "round", "deadline", "told")
    show_change_link = False


@admin.register(Complaint)
class ComplaintAdmin(StateAdmin):
    """Complaints, what is due first; opening one is in the audit log."""

    icon, place = "sentiment_dissatisfied", 10
    list_display = (
        "shown_id", "shown_due", "shown_state", "kind", "shown_subject", "doctor", "handler",
        "created_at",
    )  # fmt: skip
    list_filter = (OverdueFilter, "state", "kind", "subject")
    search_fields = ("public_id", "subject_public_id", "doctor__name")
    inlines = (NoteInline, StepInline, AlertInline)
    steps = STEPS
    shown_state = state_column("state", _("state"), TONES)
    readonly_fields = (
        "shown_state", "shown_due", "shown_link", "shown_patient", "shown_facts", "shown_files",
        "shown_round", "shown_answered", "shown_money",
    )  # fmt: skip
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("shown_state", "shown_due"),
                    ("kind", "shown_link"),
                    ("doctor", "shown_patient"),
                    "text",
                    "shown_files",
                    "shown_facts",
                    ("handler", "shown_round"),
                    ("shown_answered", "decided_at"),
                    "outcome",
                    ("accepted_at", "shown_money"),
                    "public_id",
                )
            },
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """What is due first; nobody reads what colleagues note about himself."""
        seen = super().get_queryset(request).values("pk")
        me = actor_of(request).user_id
        # Who has it and got the case afterwards can still give it back.
        own = own_of(me) & ~Q(state=State.IN_REVIEW, handler_id=me)
        rows = Complaint.objects.filter(pk__in=seen).exclude(own).by_urgency()
        return rows.select_related("patient", "doctor", "handler")

    def get_ordering(self, _request: HttpRequest) -> tuple[str, ...]:
        """As the rows come."""
        return ()

    def get_urls(self) -> list[URLPattern]:
        """Add the address of files."""
        view = self.admin_site.admin_view(self.file_view)
        name = "complaints_complaint_file"
        return [path("<int:pk>/file/<int:number>/", view, name=name), *super().get_urls()]

    def file_view(self, request: HttpRequest, pk: int, number: int) -> HttpResponse:
        """Answer one file to whoever may read complaints."""
        complaint = self.get_object(request, str(pk))
        if complaint is None or not holds(request, READERS):
            raise PermissionDenied
        taken = complaint.files.select_related("file").filter(pk=number).first()
        if taken is None:
            raise PermissionDenied
        return answer_with(judged(taken.file), request.headers)

    @display(description=_("number"))
    def shown_id(self, complaint: Complaint) -> str:
        """The end of the public id."""
        return f"…{str(complaint.public_id)[-6:]}"

    @display(description=_("complaint about"), ordering="subject")
    def shown_subject(self, complaint: Complaint) -> str:
        """What kind of thing."""
        return complaint.get_subject_display()

    @display(description=_("complaint about"))
    def shown_link(self, complaint: Complaint) -> str:
        """The way to the thing itself."""
        address = f"{reverse(SCREENS[Subject(complaint.subject)])}?q={complaint.subject_public_id}"
        told = f"{complaint.get_subject_display()} …{str(complaint.subject_public_id)[-6:]}"
        return format_html('<a class="console-link" href="{}">{}</a>', address, told)

    @display(description=_("first answer at"))
    def shown_answered(self, complaint: Complaint) -> str:
        """When the patient was first answered."""
        moment = complaint.answered_at
        return date_format(clinic_time(moment), "DATETIME_FORMAT") if moment else "-"

    @display(description=_("round"))
    def shown_round(self, complaint: Complaint) -> str:
        """The first, or the one after an appeal."""
        return _round_in_words(complaint.round)

    @display(description=_("due"))
    def shown_due(self, complaint: Complaint) -> str:
        """What is due next and whether it is missed."""
        if complaint.state not in PENDING:
            return "-"
        is_answer = complaint.answer_by is not None
        left = (complaint.answer_by or complaint.close_by) - now()
        soon = rules.COMPLAINT_ANSWER_SOON if is_answer else rules.COMPLAINT_CLOSE_SOON
        what = gettext("answer") if is_answer else gettext("decision")
        if left <= timedelta():
            return pill(gettext("%(what)s overdue") % {"what": what}, "danger")
        tone = "warning" if left <= soon else "success"
        if left >= timedelta(days=2):
            told = {"what": what, "days": left.days}
            return pill(gettext("%(what)s in %(days)s days") % told, tone)
        told = {"what": what, "hours": int(left.total_seconds() // 3600)}
        return pill(gettext("%(what)s in %(hours)s h") % told, tone)

    @display(description=_("patient"))
    def shown_patient(self, complaint: Complaint) -> str:
        """Who complains, masked."""
        return mask_name(complaint.patient.name)

    @display(description=_("measured"))
    def shown_facts(self, complaint: Complaint) -> str:
        """What messages and times say about it."""
        lines = fact_lines(complaint, facts_of(complaint, now()))
        shown = format_html_join(
            "",
            "<li>{} {}</li>",
            ((text, pill(told, tone) if told else "") for text, told, tone in lines),
        )
        return (
            format_html('<ul class="privacy-list">{}</ul>', shown)
            if lines
            else gettext("Nothing to measure.")
        )

    @display(description=_("files"))
    def shown_files(self, complaint: Complaint) -> str:
        """The patient's files."""
        name = "admin:complaints_complaint_file"
        return (
            format_html_join(
                " ",
                '<a class="console-link" href="{}" target="_blank" rel="noopener">{}</a>',
                (
                    (
                        reverse(name, args=[complaint.pk, taken.pk]),
                        taken.file.name or gettext("file"),
                    )
                    for taken in complaint.files.select_related("file")
                ),
            )
            or "-"
        )

    @display(description=_("compensation"))
    def shown_money(self, complaint: Complaint) -> str:
        """What payments was asked for in each round, and what became of it."""
        rows = complaint.compensations.select_related("request")
        told = (
            f"{_round_in_words(row.round)}: {display_fen(row.request.amount_fen)}"
            f" · {row.request.get_state_display()}"
            for row in rows
        )
        return " / ".join(told) or "-"
