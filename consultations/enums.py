"""Words of a consultation and the table of its allowed moves."""

from collections.abc import Mapping
from typing import Final

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Kind(TextChoices):
    """What the patient buys."""

    TEXT_FAST = "text_fast", _("Text, next suitable doctor")
    TEXT_CHOSEN = "text_chosen", _("Text, chosen doctor")
    PHONE_FAST = "phone_fast", _("Phone, next suitable doctor")
    PHONE_CHOSEN = "phone_chosen", _("Phone, chosen doctor")


FAST_KINDS: Final = (Kind.TEXT_FAST, Kind.PHONE_FAST)
CHOSEN_KINDS: Final = (Kind.TEXT_CHOSEN, Kind.PHONE_CHOSEN)
PHONE_KINDS: Final = (Kind.PHONE_FAST, Kind.PHONE_CHOSEN)


class State(TextChoices):
    """Where a consultation stands (DESIGN section 3)."""

    DRAFT = "draft", _("Draft")
    PENDING_PAYMENT = "pending_payment", _("Waiting for payment")
    WAITING_ASSIGNMENT = "waiting_assignment", _("Waiting for a doctor")
    WAITING_ACCEPT = "waiting_accept", _("Waiting for the doctor to accept")
    IN_PROGRESS = "in_progress", _("In progress")
    COMPLETED = "completed", _("Completed")
    CANCELLED = "cancelled", _("Cancelled")
    EXPIRED = "expired", _("Expired unpaid")
    REFUNDED_CLOSED = "refunded_closed", _("Closed with refund")
    REFERRED_OFFLINE = "referred_offline", _("Referred to a hospital")


MOVES: Final[Mapping[str, frozenset[str]]] = {
    "": frozenset({State.DRAFT}),
    State.DRAFT: frozenset({State.PENDING_PAYMENT, State.CANCELLED}),
    State.PENDING_PAYMENT: frozenset(
        {State.WAITING_ASSIGNMENT, State.EXPIRED, State.CANCELLED, State.REFUNDED_CLOSED}
    ),
    State.WAITING_ASSIGNMENT: frozenset(
        {State.WAITING_ACCEPT, State.CANCELLED, State.REFUNDED_CLOSED}
    ),
    State.WAITING_ACCEPT: frozenset(
        {
            State.IN_PROGRESS,
            State.WAITING_ASSIGNMENT,
            State.CANCELLED,
            State.REFERRED_OFFLINE,
            State.REFUNDED_CLOSED,
        }
    ),
    State.IN_PROGRESS: frozenset(
        {
            State.IN_PROGRESS,  # goes on with another doctor
            State.COMPLETED,
            State.WAITING_ASSIGNMENT,
            State.CANCELLED,
            State.REFERRED_OFFLINE,
            State.REFUNDED_CLOSED,
        }
    ),
    State.COMPLETED: frozenset(),
    State.CANCELLED: frozenset(),
    State.EXPIRED: frozenset(),
    State.REFUNDED_CLOSED: frozenset(),
    State.REFERRED_OFFLINE: frozenset(),
}

OPEN_STATES: Final = (
    State.DRAFT,
    State.PENDING_PAYMENT,
    State.WAITING_ASSIGNMENT,
    State.WAITING_ACCEPT,
    State.IN_PROGRESS,
)
WITH_DOCTOR: Final = (State.WAITING_ACCEPT, State.IN_PROGRESS)
# Before one of these, a doctor's work has begun or the case is over.
BEFORE_ACCEPTANCE: Final = (State.WAITING_ASSIGNMENT, State.WAITING_ACCEPT)
# While it stands in one of these, the patient may still change what he tells.
INTAKE_OPEN: Final = (State.DRAFT, State.PENDING_PAYMENT, *BEFORE_ACCEPTANCE)
# Ordered, and no doctor has accepted yet.
NOT_ACCEPTED: Final = (State.PENDING_PAYMENT, *BEFORE_ACCEPTANCE)
INVALID_STATES: Final = (State.CANCELLED, State.EXPIRED, State.REFUNDED_CLOSED)

# Seed 004: 0 new, 1 in consultation, 2 closed.
SEED_STATUS: Final[Mapping[str, int]] = {
    State.DRAFT: 0,
    State.PENDING_PAYMENT: 0,
    State.WAITING_ASSIGNMENT: 0,
    State.WAITING_ACCEPT: 0,
    State.IN_PROGRESS: 1,
    State.COMPLETED: 2,
    State.CANCELLED: 2,
    State.EXPIRED: 2,
    State.REFUNDED_CLOSED: 2,
    State.REFERRED_OFFLINE: 2,
}


class Reason(TextChoices):
    """Why a consultation moved; stored in its history."""

    INITIATED = "initiated", _("Started by the patient")
    ORDERED = "ordered", _("Order created")
    PAID = "paid", _("Paid")
    UNPAID = "unpaid", _("Not paid in time")
    ORDER_CLOSED = "order_closed", _("Order closed")
    ASSIGNED = "assigned", _("Doctor assigned")
    ACCEPTED = "accepted", _("Accepted by the doctor")
    FIRST_REPLY = "first_reply", _("First reply of the doctor")
    DECLINED = "declined", _("Declined by the doctor")
    RETURNED = "returned", _("Given back by the doctor")
    NOT_ACCEPTED = "not_accepted", _("Not accepted in time")
    PATIENT_CANCELLED = "patient_cancelled", _("Cancelled by the patient")
    RECORD_SIGNED = "record_signed", _("Completed with a record")
    PATIENT_ENDED = "patient_ended", _("Ended by the patient")
    SERVICE_TIME_OVER = "service_time_over", _("Service time is over")
    REFERRED = "referred", _("Referred to a hospital")
    NOT_A_REVISIT = "not_a_revisit", _("No re-visit: needs a first visit in person")
    NOBODY_FOUND = "nobody_found", _("No doctor was found")
    TOO_MANY_HOPS = "too_many_hops", _("Passed on too often")
    NO_REPLY = "no_reply", _("The doctor did not reply")
    CALL_MISSED = "call_missed", _("The doctor was never reached by phone")
    TRANSFERRED = "transferred", _("Taken over by another doctor")
    REFUNDED = "refunded", _("Refunded in full")
    STAFF = "staff", _("Moved by staff")


class DeclineReason(TextChoices):
    """Why a doctor does not take a case or gives it back."""

    BUSY = "busy", _("Busy at the moment")
    NOT_MY_FIELD = "not_my_field", _("Not my field")
    NEEDS_EXAMINATION = "needs_examination", _("Needs an examination in person")
    CONFLICT = "conflict", _("Personal conflict")
    OTHER = "other", _("Another reason")


class TransferReason(TextChoices):
    """Why a case is to go on with another doctor."""

    NOT_MY_FIELD = "not_my_field", _("Another field is needed")
    EXPERIENCE = "experience", _("The colleague has more experience")
    UNAVAILABLE = "unavailable", _("I cannot go on")
    PATIENT_WISH = "patient_wish", _("The patient wishes it")
    OTHER = "other", _("Another reason")


class TransferState(TextChoices):
    """What became of the offer to take a case over. Only an offered one can still change."""

    OFFERED = "offered", _("Offered")
    ACCEPTED = "accepted", _("Accepted")
    DECLINED = "declined", _("Declined")
    EXPIRED = "expired", _("Not answered in time")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    DROPPED = "dropped", _("The case went elsewhere or ended")


class HoldReason(TextChoices):
    """Why the clock of the service stands still."""

    EXAMINATION = "examination", _("Results of an examination are awaited")
    DOCTOR_AWAY = "doctor_away", _("The doctor is away for a while")
    PATIENT_AWAY = "patient_away", _("The patient is away for a while")
    TRYING_OUT = "trying_out", _("The effect of a treatment is awaited")
    OTHER = "other", _("Another reason")


class HoldBy(TextChoices):
    """Who let the clock stand still."""

    PATIENT = "patient", _("Patient")
    DOCTOR = "doctor", _("Doctor")


class HoldEnd(TextChoices):
    """Why the clock runs again; empty while it stands."""

    NONE = "", _("On hold")
    RESUMED = "resumed", _("Resumed")
    STAFF = "staff", _("Resumed by staff")
    TIME_OVER = "time_over", _("The time on hold was over")
    CASE_MOVED = "case_moved", _("The case went elsewhere or ended")


class FollowUpState(TextChoices):
    """Where a date of a follow-up plan stands."""

    PLANNED = "planned", _("Planned")
    REMINDED = "reminded", _("Patient reminded")
    ANSWERED = "answered", _("Answered")
    MISSED = "missed", _("Not answered")
    CANCELLED = "cancelled", _("Cancelled")


class PushKind(TextChoices):
    """What a doctor is pushed about a case."""

    STARTED = "started", _("Started by a patient")
    OFFERED = "offered", _("Waits for acceptance")


class CallState(TextChoices):
    """Where a phone call stands."""

    PLANNED = "planned", _("Appointed")
    BINDING = "binding", _("Being put through")
    BOUND = "bound", _("Both reach each other")
    ENDED = "ended", _("Over")


CALL_OPEN: Final = (CallState.PLANNED, CallState.BINDING, CallState.BOUND)


class CallOutcome(TextChoices):
    """How a call ended; empty before."""

    NONE = "", _("Not over")
    TALKED = "talked", _("Both talked")
    SHORT = "short", _("Broke off early")
    PATIENT_MISSED = "patient_missed", _("Patient did not answer")
    DOCTOR_MISSED = "doctor_missed", _("Doctor was not reached")
    FAILED = "failed", _("Could not be put through")
    CANCELLED = "cancelled", _("Called off")


# Of calls that all ended so, the patient had nothing.
NEVER_REACHED: Final = frozenset({CallOutcome.DOCTOR_MISSED, CallOutcome.FAILED})


class CallSide(TextChoices):
    """Who dialled."""

    DOCTOR = "doctor", _("Doctor")
    PATIENT = "patient", _("Patient")


class How(TextChoices):
    """How a doctor came to a case."""

    AUTOMATIC = "automatic", _("Assigned by the rule")
    CHOSEN = "chosen", _("Chosen by the patient")
    STAFF = "staff", _("Named by staff")
    TRANSFER = "transfer", _("Taken over from a colleague")


class Trigger(TextChoices):
    """What set off an attempt to find a doctor."""

    PAYMENT = "payment", _("Payment")
    RETURN = "return", _("Back in the queue")
    DOCTOR_ONLINE = "doctor_online", _("A doctor came online")
    DOCTOR_FREE = "doctor_free", _("A doctor became free")
    SWEEP = "sweep", _("Regular sweep")
    STAFF = "staff", _("Staff")
    COMMAND = "command", _("Command line")
    TRANSFER = "transfer", _("Transfer")


class Outcome(TextChoices):
    """How an attempt to find a doctor ended."""

    ASSIGNED = "assigned", _("Assigned")
    WAITING = "waiting", _("Still waiting")
    NOT_WAITING = "not_waiting", _("Was not waiting any more")
    FAILED = "failed", _("Failed")


class StaffTask(TextChoices):
    """Why staff must look at a consultation; empty when nobody must."""

    NONE = "", _("Nothing to do")
    LONG_WAIT = "long_wait", _("Waits long for a doctor")
    NO_REPLY = "no_reply", _("Doctor has not replied")
    CALL_MISSED = "call_missed", _("Phone calls did not come about")
    REFUND_REVIEW = "refund_review", _("Decide about a refund")


class RefundMode(TextChoices):
    """How money goes back. ``none``: nothing was paid, or all of it is back already."""

    AUTOMATIC = "automatic", _("Automatically")
    REVIEW = "review", _("After review by staff")
    REFUSED = "refused", _("Not at all")
    NONE = "none", _("There is nothing to give back")


class RefundBy(TextChoices):
    """Who brings a consultation to its end."""

    PATIENT = "patient", _("Patient")
    DOCTOR = "doctor", _("Doctor")
    SYSTEM = "system", _("System")


class IntakeSource(TextChoices):
    """How a version of the intake came to be."""

    DESCRIPTION = "description", _("From the description alone")
    FORM = "form", _("Filled in by the patient")


class DurationUnit(TextChoices):
    """Unit of how long a complaint has lasted."""

    HOUR = "hour", _("hours")
    DAY = "day", _("days")
    WEEK = "week", _("weeks")
    MONTH = "month", _("months")
    YEAR = "year", _("years")


class Allergy(TextChoices):
    """Whether the visit person has allergies."""

    NONE = "none", _("No allergies known")
    KNOWN = "known", _("Has allergies")
    UNKNOWN = "unknown", _("Allergies not known")


class Pregnancy(TextChoices):
    """Whether drugs meet an unborn or a nursed child."""

    NO = "no", _("Not pregnant")
    YES = "yes", _("Pregnant")
    UNKNOWN = "unknown", _("Pregnancy not known")
    BREAST_FEEDING = "breast_feeding", _("Breast-feeding")


class IntakeUse(TextChoices):
    """What a file of an intake shows."""

    TONGUE = "tongue", _("Tongue")
    FACE = "face", _("Face")
    EARLIER = "earlier", _("Earlier diagnosis")


class FlagLanguage(TextChoices):
    """Language of a warning word and of its advice."""

    CHINESE = "zh", _("Chinese")
    ENGLISH = "en", _("English")
