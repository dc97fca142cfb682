"""Console screens of consultations. States move only by steps; medical text is for few."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from clinic.core.actor import Actor
from clinic.core.columns import pill, state_column
from clinic.core.console import holds
from clinic.core.links import row_link
from clinic.core.masking import mask_name
from clinic.core.roles import Role
from clinic.core.screens import ReadOnlyAdmin
from clinic.core.steps import StateAdmin, Step
from clinic.records.enums import Subject
from clinic.records.selectors.records import record_of
from consultations.admin.forms import AmountForm, DoctorForm, NamedDoctorForm
from consultations.admin.inlines import INLINES
from consultations.admin.intakes import intake_in_words
from consultations.admin.reasons import end_in_words, reason_in_words
from consultations.enums import WITH_DOCTOR, Outcome, StaffTask, State, Trigger
from consultations.models import (
    Assignment,
    AssignmentAttempt,
    Consultation,
)
from consultations.services.assignment import assign_doctor
from consultations.services.desk import (
    assign_to_named,
    call_staff,
    close_and_refund,
    take_back,
    task_done,
)
from consultations.services.holds import resume_for_staff
from consultations.services.refunding import decide_refund
from consultations.services.transferring import offer_for_staff

DESK = frozenset({Role.ADMIN, Role.CUSTOMER_SERVICE})
# Who may read what the patient told and the doctor wrote; every reading is in the audit log.
MEDICAL = frozenset({Role.ADMIN, Role.CUSTOMER_SERVICE, Role.PHARMACIST})
TONES = {
    State.PENDING_PAYMENT: "warning",
    State.WAITING_ASSIGNMENT: "danger",
    State.WAITING_ACCEPT: "warning",
    State.IN_PROGRESS: "primary",
    State.COMPLETED: "success",
    State.REFUNDED_CLOSED: "info",
    State.REFERRED_OFFLINE: "info",
}
REFUNDABLE_STATES = frozenset({State.WAITING_ASSIGNMENT, *WITH_DOCTOR})


def _assign(case: Consultation, actor: Actor, _cleaned: dict[str, Any]) -> str | None:
    attempt = assign_doctor(case.pk, trigger=Trigger.STAFF, actor=actor)
    return None if attempt.outcome == Outcome.ASSIGNED else reason_in_words(attempt.reason)


def _assign_named(case: Consultation, actor: Actor, cleaned: dict[str, Any]) -> None:
    assign_to_named(case.pk, doctor_id=cleaned["doctor"].pk, actor=actor, reason=cleaned["reason"])


def _transfer(case: Consultation, actor: Actor, cleaned: dict[str, Any]) -> None:
    offer_for_staff(case.pk, to=cleaned["doctor"].public_id, actor=actor)


def _resume(case: Consultation, actor: Actor, _cleaned: dict[str, Any]) -> None:
    resume_for_staff(case.pk, actor=actor)


def _take_back(case: Consultation, actor: Actor, _cleaned: dict[str, Any]) -> None:
    take_back(case.pk, actor=actor)


def _close(case: Consultation, actor: Actor, _cleaned: dict[str, Any]) -> None:
    close_and_refund(case.pk, actor=actor)


def _call_staff(case: Consultation, actor: Actor, _cleaned: dict[str, Any]) -> None:
    call_staff(case.pk, actor=actor)


def _task_done(case: Consultation, actor: Actor, _cleaned: dict[str, Any]) -> None:
    task_done(case.pk, actor=actor)


def _decide(case: Consultation, actor: Actor, cleaned: dict[str, Any]) -> None:
    fen = int(cleaned["amount"] * 100)
    decide_refund(case.pk, refund_fen=fen, why=cleaned["reason"], actor=actor)


STEPS = (
    Step(
        name="assign",
        label=_("Assign now"),
        icon="bolt",
        run=_assign,
        roles=DESK,
        when=lambda case: case.state == State.WAITING_ASSIGNMENT,
        in_list=True,
    ),
    Step(
        name="assign-to",
        label=_("Assign to a doctor"),
        icon="assignment_ind",
        run=_assign_named,
        roles=DESK,
        form=NamedDoctorForm,
        when=lambda case: case.state == State.WAITING_ASSIGNMENT,
    ),
    Step(
        name="transfer",
        label=_("Offer to a colleague"),
        icon="swap_horiz",
        run=_transfer,
        roles=DESK,
        form=DoctorForm,
        when=lambda case: case.state in WITH_DOCTOR,
    ),
    Step(
        name="resume",
        label=_("End the hold"),
        icon="play_arrow",
        run=_resume,
        roles=DESK,
        when=lambda case: case.held_since is not None,
        in_list=True,
    ),
    Step(
        name="return",
        label=_("Return to the queue"),
        icon="keyboard_return",
        run=_take_back,
        roles=DESK,
        when=lambda case: case.state in WITH_DOCTOR,
        in_list=True,
    ),
    Step(
        name="escalate",
        label=_("Call staff"),
        icon="priority_high",
        run=_call_staff,
        roles=DESK,
        when=lambda case: case.state in REFUNDABLE_STATES and not case.staff_task,
        in_list=True,
    ),
    Step(
        name="task-done",
        label=_("Task is done"),
        icon="task_alt",
        run=_task_done,
        roles=DESK,
        when=lambda case: (
            case.staff_task in {StaffTask.LONG_WAIT, StaffTask.NO_REPLY, StaffTask.CALL_MISSED}
        ),
        in_list=True,
    ),
    Step(
        name="decide-refund",
        label=_("Decide about the refund"),
        icon="gavel",
        run=_decide,
        roles=frozenset({Role.ADMIN, Role.FINANCE}),
        form=AmountForm,
        when=lambda case: case.staff_task == StaffTask.REFUND_REVIEW,
    ),
    Step(
        name="close",
        label=_("Refund and close"),
        icon="money_off",
        run=_close,
        roles=DESK,
        when=lambda case: case.state in REFUNDABLE_STATES,
        danger=True,
    ),
)


@admin.register(Consultation)
class ConsultationAdmin(StateAdmin):
    """Cases from the first word to the rating."""

    icon, place = "clinical_notes", 10
    readers = MEDICAL
    list_display = (
        "shown_id",
        "shown_state",
        "kind",
        "department",
        "doctor",
        "staff_task",
        "has_red_flags",
        "hops",
        "paid_at",
        "created_at",
    )
    list_filter = (
        "state",
        "kind",
        ("staff_task", admin.EmptyFieldListFilter),
        ("held_since", admin.EmptyFieldListFilter),
        "department",
        "is_instant",
        "has_red_flags",
    )
    list_select_related = ("department", "doctor")
    search_fields = ("public_id", "order__number", "doctor__name")
    ordering = ("-id",)
    date_hierarchy = "created_at"
    inlines = INLINES
    steps = STEPS
    readonly_fields = (
        "shown_state_now", "shown_person", "shown_conversation", "shown_intake", "shown_record",
    )  # fmt: skip
    shown_state = state_column("state", _("state"), TONES)
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("shown_state_now", "state_since"),
                    ("kind", "is_instant"),
                    ("department", "wanted_level"),
                    ("doctor", "shown_person"),
                    ("order", "shown_conversation"),
                    ("staff_task", "escalation", "hops"),
                    "public_id",
                )
            },
        ),
        (
            _("Times"),
            {
                "fields": (
                    ("created_at", "paid_at"),
                    ("accepted_at", "ended_at"),
                    ("pay_by", "assign_by"),
                    ("accept_by", "service_until"),
                    ("unanswered_since", "reply_due_at"),
                    ("held_since", "held_until"),
                    "follow_up_until",
                )
            },
        ),
    )

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Add the medical text for those who may read it."""
        shown = super().get_fieldsets(request, obj)
        if not holds(request, MEDICAL):
            return shown
        return (
            *shown,
            (_("Medical text"), {"fields": ("shown_intake", "shown_record")}),
        )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Bring the people along."""
        rows: QuerySet[Any] = super().get_queryset(request)
        return rows.select_related("person", "doctor", "department")

    @display(description=_("number"), ordering="id")
    def shown_id(self, case: Consultation) -> str:
        """The end of the public id: enough to tell cases apart."""
        return f"…{str(case.public_id)[-6:]}"

    @display(description=_("state"))
    def shown_state_now(self, case: Consultation) -> str:
        """The state, and whether its clock stands still."""
        state = pill(case.get_state_display(), TONES.get(State(case.state), ""))
        return format_html("{} {}", state, pill(_("On hold"), "warning") if case.held_since else "")

    @display(description=_("conversation"))
    def shown_conversation(self, case: Consultation) -> str:
        """The way to it; its name would repeat the case."""
        if case.conversation_id is None:
            return ""
        return row_link("chat_conversation", case.conversation_id, _("Open the conversation"))

    @display(description=_("visit person"))
    def shown_person(self, case: Consultation) -> str:
        """The name, masked."""
        return f"{mask_name(case.person.name)} · {case.person.get_relation_display()}"

    @display(description=_("intake"))
    def shown_intake(self, case: Consultation) -> str:
        """The newest version in words; photos are for the doctor alone."""
        return intake_in_words(case.pk) or case.complaint

    @display(description=_("record"))
    def shown_record(self, case: Consultation) -> str:
        """What the doctor found and advised."""
        record = record_of(Subject.CONSULTATION, case.public_id)
        if record is None:
            return ""
        told = (
            (_("record number"), record.number),
            (_("diagnosis"), record.diagnosis),
            (_("advice"), record.advice),
        )
        rows = format_html_join("", "<div><dt>{}</dt><dd>{}</dd></div>", told)
        return format_html('<dl class="console-facts">{}</dl>', rows)


@admin.register(AssignmentAttempt)
class AssignmentAttemptAdmin(ReadOnlyAdmin):
    """Tries to find a doctor, over all cases."""

    icon, place = "manage_search", 20
    list_display = ("at", "consultation", "trigger", "shown_outcome", "shown_reason", "doctor")
    list_filter = ("outcome", "trigger", "reason")
    list_select_related = ("consultation", "doctor")
    search_fields = ("consultation__public_id",)
    ordering = ("-id",)
    shown_outcome = state_column(
        "outcome",
        _("outcome"),
        {Outcome.ASSIGNED: "success", Outcome.WAITING: "warning", Outcome.FAILED: "danger"},
    )
    fields = ("at", "consultation", "trigger", "shown_outcome", "shown_reason", "doctor")
    readonly_fields = fields

    @display(description=_("reason"))
    def shown_reason(self, attempt: AssignmentAttempt) -> str:
        """The reason in words."""
        return reason_in_words(attempt.reason)


@admin.register(Assignment)
class AssignmentAdmin(ReadOnlyAdmin):
    """Who had which case when."""

    icon, place = "assignment_ind", 30
    list_display = (
        "started_at", "consultation", "doctor", "how", "shown_step", "ended_at", "shown_end",
    )  # fmt: skip
    list_filter = ("how", "step", ("ended_at", admin.EmptyFieldListFilter))
    list_select_related = ("consultation", "doctor")
    search_fields = ("consultation__public_id", "doctor__name")
    ordering = ("-id",)

    fields = (
        "consultation", "doctor", "how", "shown_step", "started_at", "ended_at", "shown_end",
    )  # fmt: skip
    readonly_fields = fields

    @display(description=_("found by"), ordering="step")
    def shown_step(self, assignment: Assignment) -> str:
        """Which rule found the doctor."""
        return reason_in_words(assignment.step)

    @display(description=_("why ended"), ordering="ended_why")
    def shown_end(self, assignment: Assignment) -> str:
        """Why he no longer has the case."""
        return end_in_words(assignment.ended_why)
