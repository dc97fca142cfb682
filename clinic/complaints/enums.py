"""Words of a complaint and the table of its allowed moves."""

from collections.abc import Mapping
from typing import Final

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Subject(TextChoices):
    """What a complaint is tied to."""

    CONSULTATION = "consultation", _("Consultation")
    APPOINTMENT = "appointment", _("Appointment")
    SERVICE_CHAT = "service_chat", _("Service chat")
    DOCTOR = "doctor", _("Doctor")


class Kind(TextChoices):
    """What is wrong. The first three are those that the rules of online hospitals sanction."""

    LATE = "late", _("Too late")
    TOO_SHORT = "too_short", _("Too short")
    OFF_TOPIC = "off_topic", _("Off topic")
    ATTITUDE = "attitude", _("Attitude")
    FEE = "fee", _("Fee")
    OTHER = "other", _("Something else")


class State(TextChoices):
    """Where a complaint stands."""

    OPEN = "open", _("Nobody has taken it")
    IN_REVIEW = "in_review", _("In review")
    RESOLVED = "resolved", _("Justified")
    REJECTED = "rejected", _("Not justified")
    WITHDRAWN = "withdrawn", _("Withdrawn")


# A decided complaint opens once more when its patient appeals.
MOVES: Final[Mapping[str, frozenset[str]]] = {
    "": frozenset({State.OPEN}),
    State.OPEN: frozenset({State.IN_REVIEW, State.WITHDRAWN}),
    State.IN_REVIEW: frozenset({State.OPEN, State.RESOLVED, State.REJECTED, State.WITHDRAWN}),
    State.RESOLVED: frozenset({State.OPEN}),
    State.REJECTED: frozenset({State.OPEN}),
    State.WITHDRAWN: frozenset(),
}
PENDING: Final = (State.OPEN, State.IN_REVIEW)
DECIDED: Final = (State.RESOLVED, State.REJECTED)


class Act(TextChoices):
    """What moved a complaint."""

    OPENED = "opened", _("Opened")
    CLAIMED = "claimed", _("Taken by staff")
    RELEASED = "released", _("Given back by staff")
    ANSWERED = "answered", _("First answer")
    ASKED = "asked", _("Doctor asked for facts")
    DIRECTED = "directed", _("Doctor chosen whom it concerns")
    DECIDED = "decided", _("Decided")
    WITHDRAWN = "withdrawn", _("Withdrawn by the patient")
    ACCEPTED = "accepted", _("Outcome accepted")
    APPEALED = "appealed", _("Appeal")


class Side(TextChoices):
    """Who says something."""

    PATIENT = "patient", _("Patient")
    DOCTOR = "doctor", _("Doctor")
    STAFF = "staff", _("Staff")


class Deadline(TextChoices):
    """Which promise is missed."""

    ANSWER = "answer", _("First answer")
    CLOSE = "close", _("Decision")


class Told(TextChoices):
    """Who heard of a promise that comes near (ahead) or was missed."""

    AHEAD = "ahead", _("Handler, ahead of time")
    PATIENT = "patient", _("Patient")
    HANDLER = "handler", _("Handler")
    SUPERVISOR = "supervisor", _("Supervisors")


class SanctionKind(TextChoices):
    """What staff decides about a doctor."""

    WARNING = "warning", _("Warning")
    STOP = "stop", _("No new patients")
