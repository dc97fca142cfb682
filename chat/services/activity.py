"""Signs of life of members, for the room above that serves a kind of conversation."""

import logging
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from chat.enums import Activity, ConversationKind
from clinic.settings import rules

log = logging.getLogger(__name__)
REMEMBERED = 20_000  # signs of life; beyond it the memory starts anew and a few are told too often


@dataclass(frozen=True, slots=True)
class Note:
    """A member did something in a conversation of a kind (``talk``)."""

    talk: str
    conversation_id: int
    topic: str
    user_id: int
    role: str
    activity: Activity
    at: datetime


Listener = Callable[[Sequence[Note]], object]
_listeners: dict[str, list[Listener]] = defaultdict(list)
_told_at: dict[tuple[int, int, Activity], float] = {}


def on_activity(kind: ConversationKind, listener: Listener) -> Listener:
    """Call ``listener(notes)`` after members of conversations of the kind did something.

    It runs after the commit, outside of the statement that stored it, in the thread that did:
    one quick statement at most. Each process passes on each activity of a member once in
    ACTIVITY_EVERY. What must not be missed stands in the rows (``Conversation.last_message_at``).
    """
    _listeners[kind].append(listener)
    return listener


def report_on_commit(notes: Sequence[Note]) -> None:
    """Pass signs of life on once the transaction commits."""
    heard = [note for note in notes if note.talk in _listeners]
    if heard:
        transaction.on_commit(lambda: report(heard), robust=True)


def report(notes: Sequence[Note]) -> None:
    """Pass signs of life on now; what was told a moment ago is left out. Never raises."""
    news: dict[str, list[Note]] = defaultdict(list)
    for note in notes:
        if note.talk in _listeners and _is_news(note):
            news[note.talk].append(note)
    for talk, told in news.items():
        for listener in _listeners[talk]:
            try:
                listener(told)
            except Exception as error:  # the message is stored, whatever becomes of its echo
                log.warning("activity not taken", exc_info=error)


def _is_news(note: Note) -> bool:
    key, moment = (note.conversation_id, note.user_id, note.activity), time.monotonic()
    if moment - _told_at.get(key, -1e9) < rules.ACTIVITY_EVERY.total_seconds():
        return False
    if len(_told_at) >= REMEMBERED:
        _told_at.clear()
    _told_at[key] = moment
    return True
