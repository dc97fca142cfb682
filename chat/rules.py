"""Pure rules of the chat: what a message may hold, until when it may change, who is shown."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import urlsplit
from uuid import UUID

from django.utils.functional import Promise, lazy
from django.utils.translation import gettext_lazy as _

from chat.enums import CardKind, MemberRole
from clinic.settings import rules as house

URL_MAX_CHARS = 2000
EXTRA_MAX_CHARS = 1000
# Controls beside tab and line ends, and halves of a sign that no encoding can carry.
CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
CARD_ID: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")
SYSTEM_TEXTS: dict[str, str | Promise] = {
    "conversation_opened": _("The conversation has begun."),
    "doctor_assigned": _("Doctor %(doctor)s will take care of you."),
    "doctor_accepted": _("Doctor %(doctor)s has accepted the consultation."),
    "doctor_changed": _("Another doctor is being found for you."),
    "doctor_took_over": _("Doctor %(doctor)s takes over from doctor %(before)s."),
    "follow_up_due": _("The doctor asks how you are. Answer the follow-up, please."),
    "call_ready": _("Both can reach each other by phone now. The number stands in the call."),
    "consultation_held": _("The consultation is on hold. Its time does not run."),
    "consultation_resumed": _("The consultation goes on."),
    "intake_given": _("The intake form is filled in. Doctor, please read it first."),
    "intake_warns": _("The intake has warning words. Doctor, please read it at once."),
    "earlier_diagnosis_missing": _(
        "No earlier diagnosis is given yet. Please send it here: hospital, date and diagnosis, or a"
        " photo of the medical record, prescription or report. Without it the doctor can only refer"
        " you to a hospital."
    ),
    "not_a_revisit": _("This needs a first visit in person. Online care is for re-visits."),
    "consultation_completed": _("The consultation is completed."),
    "consultation_cancelled": _("The consultation was cancelled."),
    "consent_revoked": _(
        "The patient took a consent back. This consultation goes on; new ones are not taken."
    ),
    "consultation_expired": _("The consultation has ended."),
    "follow_up_open": _("You may still send %(messages)s messages until %(until)s."),
    "referred_offline": _("The doctor recommends a visit in person."),
    "refund_started": _("The refund is on its way."),
    "no_reply_review": _("The doctor has not answered yet. Our staff is looking into it."),
}
ASSISTANT_NAME = _("Clinic assistant")
UNKNOWN_SYSTEM_TEXT = _("The state of the conversation has changed.")


def declare_system_texts(texts: Mapping[str, str | Promise]) -> None:
    """Add the sentences of a room above, by code."""
    SYSTEM_TEXTS.update(texts)


def system_text(code: str, params: Mapping[str, Any] | None) -> str:
    """Return the sentence of a system message in the active language."""
    text = str(SYSTEM_TEXTS.get(code, UNKNOWN_SYSTEM_TEXT))
    try:
        return text % (params or {})
    except (KeyError, ValueError, TypeError):
        return text


lazy_system_text = lazy(system_text, str)


def face_of(role: str, public_id: UUID | None) -> UUID | None:
    """Return whom clients see: the agents behind the assistant are never shown."""
    return house.ASSISTANT_PUBLIC_ID if role == MemberRole.ASSISTANT else public_id


def is_within(sent_at: datetime, limit: timedelta, now: datetime) -> bool:
    """Say whether a message may still change: not longer ago than the limit."""
    return now - sent_at <= limit


def has_usable_text(body: str, max_chars: int = house.MESSAGE_MAX_CHARS) -> bool:
    """Say whether a text can be stored and shown: something visible, nothing that controls."""
    if not body or len(body) > max_chars:
        return False
    if body.isprintable() and not body.isspace():
        return True  # nearly all of them, at once
    return CONTROL.search(body) is None and any(
        unicodedata.category(sign)[0] not in "CZ" for sign in body
    )


def is_card(extra: object) -> bool:
    """Say whether the object is a card: which thing by kind and id, and a few words to show."""
    if not isinstance(extra, dict) or not {"card", "id", "title"} <= extra.keys():
        return False
    return all(name in CARD_FIELDS and CARD_FIELDS[name](extra[name]) for name in extra)


def _is_words(max_chars: int) -> Callable[[object], bool]:
    return lambda value: isinstance(value, str) and has_usable_text(value, max_chars)


CARD_FIELDS: Final[dict[str, Callable[[Any], bool]]] = {
    "card": lambda value: isinstance(value, str) and value in CardKind.values,
    "id": lambda value: isinstance(value, str) and CARD_ID.fullmatch(value) is not None,
    "title": _is_words(100),
    "subtitle": _is_words(200),
    "state": _is_words(40),
    "image": lambda value: isinstance(value, str) and is_https_address(value),
    "amount_fen": lambda value: type(value) is int and 0 <= value < 2**31,
}


def is_https_address(body: str) -> bool:
    """Say whether the body of an image or link is a plain https address without a login in it."""
    if len(body) > URL_MAX_CHARS or any(sign.isspace() or sign < " " for sign in body):
        return False
    try:
        parts = urlsplit(body)
        has_host = bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
    return parts.scheme == "https" and has_host and "@" not in parts.netloc
