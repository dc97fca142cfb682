"""A message before it is stored, one that is, and one that was changed."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from chat import rules
from chat.enums import MessageKind
from clinic.core.errors import InvalidInputError
from clinic.settings import rules as house

WITH_FILE = frozenset({MessageKind.IMAGE, MessageKind.VOICE, MessageKind.FILE})
WITH_ADDRESS = frozenset({MessageKind.IMAGE, MessageKind.LINK})
WRITABLE_KINDS = frozenset(MessageKind) - {MessageKind.SYSTEM}


@dataclass(frozen=True, slots=True)
class Draft:
    """What somebody wants to send; ``socket`` is the id of the socket it came over, if any.

    ``seen`` is the number of the last message the writer had seen: when somebody else of his role
    wrote after it, the message is refused. ``attachment`` is the public id of an uploaded file.
    ``is_paced`` is false for what the house sends in a person's name: it has limits of its own.
    """

    user_id: int
    user_public_id: UUID
    conversation_public_id: UUID
    client_id: str
    kind: str
    body: str
    extra: dict[str, Any] | None = None
    socket: str = ""
    seen: int | None = None
    attachment: UUID | None = None
    is_paced: bool = True

    @property
    def identity(self) -> tuple[UUID, int, str]:
        """What makes a second send the same send."""
        return self.conversation_public_id, self.user_id, self.client_id

    @property
    def content(self) -> tuple[str, str, dict[str, Any] | None, UUID | None]:
        """What must be equal for a second send to be a repeat."""
        return self.kind, self.body, self.extra, self.attachment


@dataclass(frozen=True, slots=True)
class StoredMessage:
    """A message that is safe in the database; ``is_duplicate`` when it was there before."""

    public_id: UUID
    conversation_public_id: UUID
    seq: int
    rev: int
    client_id: str
    sender_public_id: UUID | None
    role: str
    kind: str
    body: str
    extra: dict[str, Any] | None
    sent_at: datetime
    is_duplicate: bool = False


@dataclass(frozen=True, slots=True)
class ChangedMessage:
    """Where a message stands after an edit or a recall."""

    public_id: UUID
    conversation_public_id: UUID
    seq: int
    rev: int
    edited_at: datetime | None
    recalled_at: datetime | None


def check_content(
    *, kind: str, body: str, extra: dict[str, Any] | None, attachment: UUID | None = None
) -> None:
    """Let a message pass that can be stored. Raises InvalidInputError naming the field."""
    if kind not in WRITABLE_KINDS:
        raise InvalidInputError("kind", ", ".join(sorted(WRITABLE_KINDS)), code="invalid_choice")
    if attachment is not None:
        _check_attached(kind, body, extra)
    elif kind == MessageKind.TEXT:
        if not rules.has_usable_text(body):
            limit = {"limit": house.MESSAGE_MAX_CHARS}
            raise InvalidInputError("body", _("Write between 1 and %(limit)s characters.") % limit)
    elif kind == MessageKind.CARD:
        _check_card(body, extra)
    elif kind not in WITH_ADDRESS:
        raise InvalidInputError("attachment", _("Give the id of an uploaded file."))
    elif not rules.is_https_address(body):
        raise InvalidInputError("body", _wanted_address(kind))
    if extra is not None and not _is_small_object(extra):
        raise InvalidInputError("extra", _("Give a small object of texts and numbers."))


def _wanted_address(kind: str) -> str | Promise:
    if kind in WITH_FILE:
        return _("Give an https address or an attachment.")
    return _("Give a full https address.")


def _check_attached(kind: str, body: str, extra: dict[str, Any] | None) -> None:
    if kind not in WITH_FILE:
        raise InvalidInputError("attachment", _("This kind of message takes no file."))
    if body:
        raise InvalidInputError("body", _("A message with a file has no text."))
    if extra is not None:
        raise InvalidInputError("extra", _("A message with a file takes nothing beside it."))


def _check_card(body: str, extra: dict[str, Any] | None) -> None:
    if body:
        raise InvalidInputError("body", _("A card has no text."))
    if not rules.is_card(extra):
        raise InvalidInputError("extra", _("Give a card with its kind, id and title."))


def _is_small_object(extra: object) -> bool:
    if not isinstance(extra, dict) or not all(isinstance(key, str) for key in extra):
        return False
    if not all(isinstance(value, str | int | bool | None) for value in extra.values()):
        return False
    texts = [text for pair in extra.items() for text in pair if isinstance(text, str)]
    if any(rules.CONTROL.search(text) for text in texts):
        return False
    return len(orjson.dumps(extra, default=str)) <= rules.EXTRA_MAX_CHARS
