"""Words of the relation between a doctor and a patient, and the codes of seed 004."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _


class Source(TextChoices):
    """How doctor and patient met first."""

    QR_SCAN = "qr_scan", _("QR code")
    CONSULTATION = "consultation", _("Consultation")
    APPOINTMENT = "appointment", _("Appointment")
    SEARCH = "search", _("Search")
    STAFF = "staff", _("Staff")


# Seed 004 numbers the QR code alone; the others go on from there.
SEED_SOURCES: Final = {source: code for code, source in enumerate(Source)}


class Side(StrEnum):
    """One of the two."""

    PATIENT = "patient"
    DOCTOR = "doctor"


class SystemGroup(IntegerChoices):
    """Groups that the house keeps by itself (seed 004 ``group``)."""

    NORMAL = 1, _("All patients")
    FOLLOWED = 2, _("Followers")


class Audience(TextChoices):
    """Whom a broadcast is for."""

    ALL = "all", _("All patients")
    FOLLOWERS = "followers", _("Followers")
    GROUP = "group", _("A group")


class BroadcastState(TextChoices):
    """Where a broadcast stands."""

    SENDING = "sending", _("Sending")
    DONE = "done", _("Done")
    CANCELLED = "cancelled", _("Cancelled")


BROADCAST_MOVES: Final[Mapping[str, frozenset[str]]] = {
    BroadcastState.SENDING: frozenset({BroadcastState.DONE, BroadcastState.CANCELLED}),
    BroadcastState.DONE: frozenset(),
    BroadcastState.CANCELLED: frozenset(),
}


class DeliveryState(TextChoices):
    """What became of a broadcast for one patient."""

    PENDING = "pending", _("Pending")
    SENT = "sent", _("Sent")
    SKIPPED = "skipped", _("Left out")
    FAILED = "failed", _("Failed")


class SkipReason(TextChoices):
    """Why a patient was left out. The doctor does not learn which of them blocked him."""

    BLOCKED = "blocked", _("You have blocked this patient")
    DECLINED = "declined", _("Does not take broadcasts")
    LIMIT = "limit", _("Has had enough broadcasts today")
    GONE = "gone", _("The account is closed")
    CANCELLED = "cancelled", _("The broadcast was cancelled")
