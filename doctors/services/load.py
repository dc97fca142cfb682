"""Places of doctors: taken one by one, given back, counted again."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Wanted:
    """Which doctor is looked for. ``doctor_id`` names one; ranks are inclusive, None means any."""

    doctor_id: int | None = None
    min_level_rank: int | None = None
    max_level_rank: int | None = None
    department_id: int | None = None
    excluded_doctor_ids: frozenset[int] = field(default_factory=frozenset)


@dataclass(frozen=True, kw_only=True, slots=True)
class TakenPlace:
    """A place of a doctor that now belongs to the caller; ``load`` counts it already."""

    doctor_id: int
    user_id: int
    load: int
    limit: int


def take_best(wanted: Wanted, *, now: datetime) -> TakenPlace | None:
    """Take a place of the best free doctor in the caller's transaction; None when nobody is free."""
    raise NotImplementedError


def take_named(doctor_id: int, *, now: datetime, require_online: bool) -> TakenPlace | None:
    """Take a place of this doctor in the caller's transaction; None when he has none to give."""
    raise NotImplementedError


def release_place(doctor_id: int) -> None:
    """Give one place of the doctor back; never below zero."""
    raise NotImplementedError


def reconcile_counts(counts: Mapping[int, int]) -> list[int]:
    """Set every doctor's count to the true one and return the doctors that were wrong."""
    raise NotImplementedError
