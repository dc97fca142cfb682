"""Words of money for staff: what orders pay for, and why something happened."""

from django.utils.translation import gettext_lazy as _

from payments.enums import (
    AttemptStatus,
    Disposition,
    OrderStatus,
    PriceScope,
    RefundReason,
    RefundStatus,
    RunFailure,
)
from payments.models import PaymentHistory

_SUBJECTS = {
    "consultation": _("Consultation"),
    "appointment": _("Appointment"),
    "video": _("Video consultation"),
    "prescription": _("Prescription"),
    "top_up": _("Top-up"),
}
_SERVICES = {
    "text_consultation": _("Text consultation"),
    "phone_consultation": _("Phone consultation"),
    "video_consultation": _("Video consultation"),
}
_LEVELS = {  # titles of doctors, whom this room does not know
    "resident": _("Resident physician"),
    "attending": _("Attending physician"),
    "associate_chief": _("Associate chief physician"),
    "chief": _("Chief physician"),
}
# Where a frozen price came from, beside the scopes of price rules.
_SOURCES = {
    **dict(PriceScope.choices),
    "chosen": _("Chosen by the payer"),
    "free": _("Free of charge"),
    "offer": _("As it was offered"),
    "type": _("Price of the appointment type"),
}
_MESSAGES = {"payment": _("Payment"), "refund": _("Refund")}
# What services write down: the machine's words, the same in every language.
_REASONS = {
    **dict(Disposition.choices),
    **dict(RefundReason.choices),
    **dict(RunFailure.choices),
    "abnormal": _("The provider could not pay it out"),
    "amount": _("Other amount"),
    "booked as money without an order": _("Booked as money without an order"),
    "begun at the provider": _("Begun at the provider"),
    "by_hand": _("To be paid back by hand"),
    "cancelled by payer": _("Cancelled by the payer"),
    "closed": _("Closed at the provider"),
    "expired": _("Not paid in time"),
    "found by query": _("Found by asking the provider"),
    "mismatch": _("Does not match the order"),
    "not found again": _("Not found again"),
    "not reached": _("The provider was not reached"),
    "not_exist": _("Unknown to the provider"),
    "on the bill of another day": _("On the bill of another day"),
    "sent again by staff": _("Sent again by staff"),
    "taken over from the provider": _("Taken over from the provider"),
    "to a card": _("To the payer's card"),
}


def subject_words(kind: str) -> str:
    """Return the word for a kind of subject; an unknown kind stays as it is."""
    return str(_SUBJECTS.get(kind, kind))


def service_words(service: str) -> str:
    """Return the word for a service that has a price; an unknown one stays as it is."""
    return str(_SERVICES.get(service, service))


def level_words(level: str) -> str:
    """Return the word for a doctor's title; an unknown one stays as it is."""
    return str(_LEVELS.get(level, level))


def source_words(source: str) -> str:
    """Return where a price came from; an unknown source stays as it is."""
    return str(_SOURCES.get(source, source))


def message_words(kind: str) -> str:
    """Return what a message of a provider is about."""
    return str(_MESSAGES.get(kind, kind))


def reason_words(reason: str) -> str:
    """Return why something happened in words for people; what a person wrote stays as it is."""
    return str(_REASONS.get(reason, reason))


def status_words(row: PaymentHistory, status: str) -> str:
    """Return the word for a state of whatever a row of the history is about."""
    kind: type[OrderStatus | AttemptStatus | RefundStatus] = OrderStatus
    if row.refund_id is not None:
        kind = RefundStatus
    elif row.attempt_id is not None and status in AttemptStatus.values:
        kind = AttemptStatus
    return str(dict(kind.choices).get(status, status))
