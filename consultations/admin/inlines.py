"""What the console shows below a case: all read only."""

from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from clinic.core.admin import ReadOnlyInline
from consultations.admin.reasons import reason_in_words
from consultations.models import (
    Assignment,
    AssignmentAttempt,
    ConsultationEvent,
    FollowUp,
    Hold,
    PhoneCall,
    Transfer,
)


class HistoryInline(ReadOnlyInline):
    """Every move of a case."""

    model = ConsultationEvent
    fields = ("at", "from_state", "to_state", "reason", "actor")
    readonly_fields = fields
    ordering = ("id",)
    show_change_link = False


class AssignmentInline(ReadOnlyInline):
    """Who had the case when."""

    model = Assignment
    fields = ("doctor", "how", "step", "started_at", "ended_at", "ended_why")
    readonly_fields = fields
    ordering = ("id",)
    show_change_link = False


class TransferInline(ReadOnlyInline):
    """Offers to give the case to a colleague."""

    model = Transfer
    fields = ("created_at", "from_doctor", "to_doctor", "reason", "state", "answer_by", "ended_at")
    readonly_fields = fields
    ordering = ("id",)
    show_change_link = False


class HoldInline(ReadOnlyInline):
    """When the clock stood still."""

    model = Hold
    fields = ("started_at", "by", "reason", "until", "ended_at", "ended_why")
    readonly_fields = fields
    ordering = ("id",)
    show_change_link = False


class CallInline(ReadOnlyInline):
    """Calls of a phone consultation; no number is among them."""

    model = PhoneCall
    fields = ("try_number", "due_at", "state", "outcome", "answered_at", "talk_seconds", "ended_at")
    readonly_fields = fields
    ordering = ("id",)
    show_change_link = False


class FollowUpInline(ReadOnlyInline):
    """Dates of the follow-up plan, without their text."""

    model = FollowUp
    fields = ("due_at", "state", "reminded_at", "ended_at")
    readonly_fields = fields
    ordering = ("due_at", "id")
    show_change_link = False


class AttemptInline(ReadOnlyInline):
    """Every try to find a doctor."""

    model = AssignmentAttempt
    fields = ("at", "trigger", "strategy", "outcome", "shown_reason", "doctor")
    readonly_fields = fields
    ordering = ("-id",)
    per_page = 20
    show_change_link = False

    @display(description=_("reason"))
    def shown_reason(self, attempt: AssignmentAttempt) -> str:
        """The reason in words."""
        return reason_in_words(attempt.reason)


INLINES = (
    HistoryInline,
    AssignmentInline,
    TransferInline,
    HoldInline,
    CallInline,
    FollowUpInline,
    AttemptInline,
)
