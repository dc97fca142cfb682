"""Telling those who wait where they stand: what changed, once a second for each list at most."""

from datetime import timedelta
from typing import Any, Final

from django.core.cache import cache
from django.db import transaction

from appointments.models import AppointmentType
from appointments.selectors.waiting import Standing, lists_waiting, standings
from clinic.core.clock import now as current_moment
from clinic.realtime.push import push_on_commit
from clinic.settings import rules as numbers
from doctors.models import Branch

KEPT: Final = 3 * 3600  # seconds; what was told is forgotten then, and told anew


def tell_in_turn(kind_id: int, branch_id: int | None) -> timedelta | None:
    """Tell the places of a list unless that was done within a second.

    Return after which pause the caller must come back; None when it is done, or when another
    caller comes back.
    """
    pause = numbers.APPOINTMENT_WAITING_TOLD_EVERY
    every = int(pause.total_seconds())
    turn, later = _key("turn", kind_id, branch_id), _key("later", kind_id, branch_id)
    if cache.add(turn, 1, every):
        cache.delete(later)  # whoever moves from here on must come back
        tell(kind_id, branch_id)
        return None
    return pause if cache.add(later, 1, every * 2) else None


def tell(kind_id: int, branch_id: int | None) -> int:
    """Push the place and the likely wait to those of a list for whom they changed.

    What was told last is kept in the cache; without it everybody is told again. Return how many.
    """
    kind = AppointmentType.objects.filter(pk=kind_id).first()
    if kind is None:
        return 0
    branch = Branch.objects.filter(pk=branch_id).first() if branch_id is not None else None
    found = standings(kind, branch, moment=current_moment())
    key = _key("told", kind_id, branch_id)
    known: dict[str, list[Any]] = cache.get(key) or {}
    told = {str(one.appointment_id): _value(one) for one in found}
    cache.set(key, told, KEPT)
    news = [one for one in found if known.get(str(one.appointment_id)) != _value(one)]
    with transaction.atomic():  # the frames leave together
        for one in news:
            push_on_commit([one.patient_id], _frame(one))
    return len(news)


def tell_all() -> int:
    """Tell every list whose places or likely waits moved, with the time or by a lost event."""
    return sum(tell(kind_id, branch_id) for kind_id, branch_id in lists_waiting())


def _frame(standing: Standing) -> dict[str, Any]:
    return {
        "t": "waiting",
        "id": standing.appointment_id,
        "position": standing.position,
        "eta_minutes": standing.eta_minutes,
        "eta_reason": standing.reason,
    }


def _value(standing: Standing) -> list[Any]:
    return [standing.position, standing.eta_minutes, standing.reason]


def _key(name: str, kind_id: int, branch_id: int | None) -> str:
    return f"waiting:{name}:{kind_id}:{branch_id or 0}"
