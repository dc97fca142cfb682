"""Words of the room and the tables of allowed moves."""

from collections.abc import Mapping
from typing import Final

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ExportState(TextChoices):
    """Where an archive of a patient's own data stands."""

    WAITING = "waiting", _("Waiting")
    BUILDING = "building", _("Being written")
    READY = "ready", _("Ready")
    FETCHED = "fetched", _("Fetched")
    EXPIRED = "expired", _("Not fetched in time")
    FAILED = "failed", _("Failed")


EXPORT_MOVES: Final[Mapping[str, frozenset[str]]] = {
    ExportState.WAITING: frozenset({ExportState.BUILDING}),
    ExportState.BUILDING: frozenset({ExportState.READY, ExportState.WAITING, ExportState.FAILED}),
    ExportState.READY: frozenset({ExportState.FETCHED, ExportState.EXPIRED}),
    ExportState.FETCHED: frozenset(),
    ExportState.EXPIRED: frozenset(),
    ExportState.FAILED: frozenset(),
}
OPEN_EXPORTS: Final = (ExportState.WAITING, ExportState.BUILDING, ExportState.READY)


class DeletionState(TextChoices):
    """Where the wish to be forgotten stands."""

    COOLING = "cooling", _("Can be taken back")
    REVOKED = "revoked", _("Taken back")
    DONE = "done", _("Done")


DELETION_MOVES: Final[Mapping[str, frozenset[str]]] = {
    DeletionState.COOLING: frozenset({DeletionState.REVOKED, DeletionState.DONE}),
    DeletionState.REVOKED: frozenset(),
    DeletionState.DONE: frozenset(),
}


class Obstacle(TextChoices):
    """Why an account cannot lose its person now."""

    DUTIES = "duties", _("Has duties in the clinic")
    OPEN_CONSULTATION = "open_consultation", _("A consultation is not over")
    OPEN_APPOINTMENT = "open_appointment", _("An appointment is not over")
    OPEN_SERVICE_CHAT = "open_service_chat", _("Customer service is talking with the person")
    OPEN_ORDER = "open_order", _("An order waits for its payment")
    OPEN_REFUND = "open_refund", _("Money is on its way back")
    BALANCE = "balance", _("Money is left on the balance")
    OPEN_COMPLAINT = "open_complaint", _("A complaint is not settled")


class Kept(TextChoices):
    """What the law keeps after an account lost its person."""

    RECORDS = "records", _("Medical records, 15 years after the visit")
    DIALOGUES = "dialogues", _("Talks of consultations, 3 years")
    PAYMENTS = "payments", _("Payments, refunds and the ledger")
    AUDIT = "audit", _("The log of who read and changed what")


class BatchAct(TextChoices):
    """What is done to many accounts."""

    DEACTIVATE = "deactivate", _("Deactivate")
    ANONYMISE = "anonymise", _("Anonymise")


class BatchState(TextChoices):
    """Where a batch stands."""

    RUNNING = "running", _("Running")
    DONE = "done", _("Done")


BATCH_MOVES: Final[Mapping[str, frozenset[str]]] = {
    BatchState.RUNNING: frozenset({BatchState.DONE}),
    BatchState.DONE: frozenset(),
}


class ItemState(TextChoices):
    """What became of one account of a batch."""

    PENDING = "pending", _("Waiting")
    DONE = "done", _("Done")
    SKIPPED = "skipped", _("Left out")
    FAILED = "failed", _("Failed")


class SkipReason(TextChoices):
    """Why an account was left out for another cause than an open matter."""

    OWN = "own", _("The own account")
    ALREADY = "already", _("Was so already")


class AccountState(TextChoices):
    """What an account is, as staff filter for it."""

    ACTIVE = "active", _("Active")
    SUSPENDED = "suspended", _("Suspended")
    ANONYMISED = "anonymised", _("Anonymised")


class SuspendReason(TextChoices):
    """Why an account is switched off."""

    LEFT = "left", _("Left the clinic")
    ABUSE = "abuse", _("Abuse")
    SECURITY = "security", _("Security")
    OWN_WISH = "own_wish", _("Own wish")


class EmergencyReason(TextChoices):
    """Why somebody without a right must see a patient's data now."""

    DANGER = "danger", _("Danger to life or health")
    PATIENT_ASKS = "patient_asks", _("The patient asks and cannot wait")
    AUTHORITY = "authority", _("Order of an authority")
    INCIDENT = "incident", _("Incident or complaint")


class Pronoun(TextChoices):
    """What kind of person opened data, as the patient is told."""

    DOCTOR = "doctor", _("A doctor")
    PHARMACIST = "pharmacist", _("A pharmacist")
    STAFF = "staff", _("Staff of the clinic")
