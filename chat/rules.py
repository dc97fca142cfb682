"""Pure rules of the chat: what a message may hold, until when it may change, who is shown."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.utils.functional import Promise, lazy
from django.utils.translation import gettext_lazy as _

from chat.enums import MemberRole
from clinic.settings import rules as house

URL_MAX_CHARS = 2000
EXTRA_MAX_CHARS = 1000
SYSTEM_TEXTS: dict[str, str | Promise] = {
    "conversation_opened": _("The conversation has begun."),
    "doctor_assigned": _("Doctor %(doctor)s will take care of you."),
    "doctor_accepted": _("Doctor %(doctor)s has accepted the consultation."),
    "doctor_changed": _("Another doctor is being found for you."),
    "consultation_completed": _("The consultation is completed."),
    "consultation_cancelled": _("The consultation was cancelled."),
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


def has_usable_text(body: str) -> bool:
    """Say whether a text message can be stored: something visible, no NUL, not too long."""
    return bool(body.strip()) and "\x00" not in body and len(body) <= house.MESSAGE_MAX_CHARS


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
