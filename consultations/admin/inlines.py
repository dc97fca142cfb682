"""What the console shows below a case: all read only."""

from typing import Any

from django.db.models import Model
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from clinic.core.history_rows import ActorInline
from clinic.core.screens import ReadOnlyInline
from consultations.admin.reasons import end_in_words, reason_in_words
from consultations.models import (
    Assignment,
    AssignmentAttempt,
    ConsultationEvent,
    FollowUp,
    Hold,
    PhoneCall,
    Transfer,
)


class CaseInline(ReadOnlyInline):
    """Rows of a case, the oldest first; codes of the assignment in words."""

    ordering = ("id",)
    show_change_link = False

    @display(description=_("reason"))
    def shown_reason(self, attempt: AssignmentAttempt) -> str:
        """Why a try ended as it did."""
        return reason_in_words(attempt.reason)

    @display(description=_("found by"))
    def shown_step(self, assignment: Assignment) -> str:
        """Which rule found the doctor."""
        return reason_in_words(assignment.step)

    @display(description=_("why ended"))
    def shown_end(self, assignment: Assignment) -> str:
        """Why he no longer has the case."""
        return end_in_words(assignment.ended_why)

    @display(description=_("why ended"))
    def shown_hold_end(self, hold: Hold) -> str:
        """Why the case went on; nothing while it is on hold."""
        return hold.get_ended_why_display() if hold.ended_at else "-"


class MoveInline(ActorInline, CaseInline):
    """Every move of a case, and whose it was."""

    model = ConsultationEvent
    verbose_name_plural = _("Moves")
    fields = ("at", "from_state", "to_state", "reason", "shown_actor")
    readonly_fields = fields


def rows_of(
    model: type[Model], title: str | Promise, *fields: str, **more: Any
) -> type[CaseInline]:
    """Return a tab that shows these fields of a model's rows."""
    told = {"model": model, "verbose_name_plural": title, "fields": fields}
    return type(f"{model.__name__}Rows", (CaseInline,), told | {"readonly_fields": fields} | more)


INLINES = (
    MoveInline,
    rows_of(
        Assignment, _("Doctors"),
        "doctor", "how", "shown_step", "started_at", "ended_at", "shown_end",
    ),
    rows_of(
        Transfer, _("Transfers"),
        "created_at", "from_doctor", "to_doctor", "reason", "state", "answer_by", "ended_at",
    ),
    rows_of(Hold, _("Holds"), "started_at", "by", "reason", "until", "ended_at", "shown_hold_end"),
    # No number is among them.
    rows_of(
        PhoneCall, _("Calls"),
        "try_number", "due_at", "state", "outcome", "answered_at", "talk_seconds", "ended_at",
    ),
    # Without their text.
    rows_of(
        FollowUp, _("Follow-ups"), "due_at", "state", "reminded_at", "ended_at",
        ordering=("due_at", "id"),
    ),
    rows_of(
        AssignmentAttempt, _("Tries to assign"),
        "at", "trigger", "outcome", "shown_reason", "doctor",
        ordering=("-id",), per_page=20,
    ),
)  # fmt: skip
