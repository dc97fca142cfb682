"""Promises that can be proved by a query. Rooms register theirs; ``check_invariants`` runs all."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise

Check = Callable[[], list[str]]


@dataclass(frozen=True, slots=True)
class Invariant:
    """One promise: a code such as I1, a sentence, and a query that returns the breaches."""

    code: str
    sentence: str | Promise
    breaches: Check


_INVARIANTS: list[Invariant] = []


def invariant(code: str, sentence: str | Promise) -> Callable[[Check], Check]:
    """Register a function that returns one line per breach (ids only), an empty list when held."""

    def register(check: Check) -> Check:
        _INVARIANTS.append(Invariant(code, sentence, check))
        return check

    return register


def all_invariants() -> list[Invariant]:
    """Return every registered promise in order of its code."""
    return sorted(_INVARIANTS, key=lambda item: item.code)
