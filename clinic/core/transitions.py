"""Shared form of the small state machines: a table of allowed moves and one check."""

from collections.abc import Mapping

from django.db.models import TextChoices

from clinic.core.errors import IllegalTransitionError

Table = Mapping[str, frozenset[str]]


def check_move(table: Table, state: str, to: str) -> None:
    """Let an allowed move pass; raises IllegalTransitionError with the moves that are possible."""
    allowed = table.get(state, frozenset())
    if to not in allowed:
        words = type(to) if isinstance(to, TextChoices) else None
        label = words(state).label if words is not None and state in words.values else state
        raise IllegalTransitionError(state=state, allowed=sorted(allowed), label=label)
