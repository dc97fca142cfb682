"""Words of appointments and the table of allowed moves."""

from collections.abc import Mapping
from typing import Final

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Mode(TextChoices):
    """How doctor and patient meet."""

    CLINIC = "clinic", _("Visit at a branch")
    VIDEO = "video", _("Video visit")
    PHONE = "phone", _("Phone call")


class State(TextChoices):
    """Where an appointment stands. Beyond DESIGN: offered and held, which take a place for minutes.

    ``queued`` waits for a place, ``offered`` may take one that became free, ``held`` is being paid,
    ``pending`` waits for the doctor's word.
    """

    QUEUED = "queued", _("On the waiting list")
    OFFERED = "offered", _("Place offered")
    HELD = "held", _("Held while being paid")
    PENDING = "pending", _("Waiting for the doctor")
    CONFIRMED = "confirmed", _("Confirmed")
    IN_PROGRESS = "in_progress", _("In progress")
    COMPLETED = "completed", _("Completed")
    CANCELLED = "cancelled", _("Cancelled")
    NO_SHOW = "no_show", _("Did not come")
    EXPIRED = "expired", _("Expired")


MOVES: Final[Mapping[str, frozenset[str]]] = {
    "": frozenset({State.QUEUED, State.HELD, State.PENDING, State.CONFIRMED}),
    State.QUEUED: frozenset(
        {State.OFFERED, State.HELD, State.PENDING, State.CONFIRMED, State.CANCELLED, State.EXPIRED}
    ),
    State.OFFERED: frozenset(
        {State.QUEUED, State.HELD, State.PENDING, State.CONFIRMED, State.CANCELLED, State.EXPIRED}
    ),
    State.HELD: frozenset({State.PENDING, State.CONFIRMED, State.CANCELLED, State.EXPIRED}),
    State.PENDING: frozenset({State.CONFIRMED, State.QUEUED, State.CANCELLED, State.EXPIRED}),
    State.CONFIRMED: frozenset(
        {State.IN_PROGRESS, State.PENDING, State.QUEUED, State.CANCELLED, State.NO_SHOW}
    ),
    State.IN_PROGRESS: frozenset({State.COMPLETED}),
    State.NO_SHOW: frozenset({State.IN_PROGRESS}),  # came late after all, staff decide
    State.COMPLETED: frozenset(),
    State.CANCELLED: frozenset(),
    State.EXPIRED: frozenset(),
}

# These take the doctor's and the person's time; the exclusion constraints have the same condition.
BLOCKING: Final = (
    State.OFFERED,
    State.HELD,
    State.PENDING,
    State.CONFIRMED,
    State.IN_PROGRESS,
)
WAITING: Final = (State.QUEUED, State.OFFERED)  # on the waiting list
OPEN_STATES: Final = (State.QUEUED, *BLOCKING)
NOT_ACCEPTED: Final = (*WAITING, State.HELD, State.PENDING)
SHORT: Final = (State.HELD, State.OFFERED)  # for minutes: over at its end, even before the sweep
# A doctor has nothing to do with a place that is not paid for.
NOT_YET_HIS: Final = (State.QUEUED, State.OFFERED, State.HELD, State.EXPIRED)


class Source(TextChoices):
    """Who made the booking."""

    PATIENT = "patient", _("The patient")
    STAFF = "staff", _("Staff")
    WALK_IN = "walk_in", _("Walk-in")
    WAITING_LIST = "waiting_list", _("Waiting list")


DESK_SOURCES: Final = frozenset({Source.STAFF, Source.WALK_IN})


class OutsideHours(TextChoices):
    """Why the desk gives a time at which nobody works."""

    EMERGENCY = "emergency", _("Emergency")
    AGREED = "agreed", _("The doctor agreed")
    MAKE_UP = "make_up", _("Makes up for a visit that fell out")


class WaitingWay(TextChoices):
    """What happens when a place becomes free for somebody on the waiting list."""

    OFFER = "offer", _("Offer it")
    TAKE = "take", _("Take it for him")


class Act(TextChoices):
    """What happened; each stands in the operation log."""

    BOOKED = "booked", _("Booked")
    QUEUED = "queued", _("Put on the waiting list")
    OFFERED = "offered", _("Place offered")
    OFFER_DECLINED = "offer_declined", _("Offer declined")
    OFFER_EXPIRED = "offer_expired", _("Offer not taken in time")
    OFFER_WITHDRAWN = "offer_withdrawn", _("Offer withdrawn")
    HELD = "held", _("Held for payment")
    HOLD_EXPIRED = "hold_expired", _("Not paid in time")
    PAID = "paid", _("Paid")
    ACCEPTED = "accepted", _("Accepted by the doctor")
    REASSIGNED = "reassigned", _("Given to another doctor")
    MOVED = "moved", _("Moved to another time")
    DISPLACED = "displaced", _("Hit by leave")
    CHECKED_IN = "checked_in", _("Checked in")
    STARTED = "started", _("Started")
    FINISHED = "finished", _("Finished")
    CANCELLED = "cancelled", _("Cancelled")
    MISSED = "missed", _("Did not come")
    TIMED_OUT = "timed_out", _("Waiting list timed out")
    RATED = "rated", _("Rated")
    CHANGED = "changed", _("Details changed")


class CancelledBy(TextChoices):
    """Whose decision a cancellation was; the refund policy asks for it."""

    PATIENT = "patient", _("The patient")
    DOCTOR = "doctor", _("The doctor")
    STAFF = "staff", _("The clinic")
    SYSTEM = "system", _("The system")


class Unforeseen(TextChoices):
    """Why nobody can tell how long the wait will be."""

    NOBODY_WORKS = "nobody_works", _("Nobody works then")
    ENDS_BEFORE = "ends_before", _("The waiting ends before")


class Refusal(TextChoices):
    """Why a time cannot be booked; each is the code of an error."""

    IN_PAST = "in_past", _("The time is over")
    BAD_DURATION = "bad_duration", _("The service does not last that long")
    TOO_SOON = "too_soon", _("The notice is too short")
    TOO_FAR = "too_far", _("Bookings do not go that far ahead")
    OUTSIDE_HOURS = "outside_hours", _("Nobody works then")
    OFF_GRID = "off_grid", _("Appointments do not begin at this minute")
    SLOT_TAKEN = "slot_taken", _("The doctor's time is taken")
    CAPACITY_FULL = "capacity_full", _("Every place is taken")


class Displacement(TextChoices):
    """What takes an appointment from its doctor."""

    LEAVE = "leave", _("The doctor is on leave")
    STOPPED = "stopped", _("The doctor does not work here any more")
    CLOSED = "closed", _("Nobody works then any more")
    OFF_SALE = "off_sale", _("The service is no longer given")
    BRANCH_CLOSED = "branch_closed", _("The branch is closed")
    DECLINED = "declined", _("The doctor declined")
    NO_ANSWER = "no_answer", _("The doctor did not answer")


class DeclineReason(TextChoices):
    """Why a doctor does not take a booking."""

    BUSY = "busy", _("Busy at that time")
    NOT_MY_FIELD = "not_my_field", _("Not my field")
    CONFLICT = "conflict", _("Personal conflict")
    OTHER = "other", _("Another reason")
