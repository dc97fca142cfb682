"""Reads of internal notes."""

from collections.abc import Iterable
from typing import Any

from clinic.customer_service.models import Agent, Note, ServiceChat

Values = dict[str, Any]


def notes_of(chat: ServiceChat) -> list[Values]:
    """Return the notes of a chat as agents see them, oldest first, in two queries."""
    notes = list(Note.objects.filter(chat=chat).select_related("author").order_by("number"))
    names = _names(key for note in notes for key in note.mentions)
    return [note_values(note, names) for note in notes]


def note_values(note: Note, names: dict[int, Values]) -> Values:
    """Return a note as agents see it; ``names`` are the people it mentions by key."""
    author = note.author
    return {
        "id": note.public_id,
        "number": note.number,
        "author": {"id": author.public_id, "name": author.nickname},
        "body": note.body,
        "mentions": [names[key] for key in note.mentions if key in names],
        "at": note.created_at,
    }


def _names(agent_ids: Iterable[int]) -> dict[int, Values]:
    keys = set(agent_ids)
    if not keys:
        return {}
    rows = Agent.objects.filter(pk__in=keys).values_list("pk", "public_id", "nickname")
    return {pk: {"id": public_id, "name": nickname} for pk, public_id, nickname in rows}
