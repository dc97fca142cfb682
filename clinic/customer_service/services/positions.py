"""Telling those who wait where they stand: only what changed, however often the queue moved."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass

import orjson
from django.db import Error as DatabaseError
from django.db import connection, transaction

from clinic.core.clock import now as current_moment
from clinic.customer_service.models import Team
from clinic.customer_service.rules import shown_position, told_wait
from clinic.customer_service.selectors.queue import Pace, Place, pace_of, places_in
from clinic.customer_service.services import telling
from clinic.customer_service.services.state import PLACE_LOCKS, TEAM_LOCKS
from clinic.customer_service.services.statements import LOCK_PLACES, STORE_TOLD
from clinic.customer_service.services.watching import queues_changed

log = logging.getLogger(__name__)


def tell_if_moved(team_id: int) -> int:
    """Tell the places of a queue that moved since they were told; return how many were pushed.

    The flag is lowered first, in its own transaction: a move after that raises it again.
    """
    moved = Team.objects.filter(pk=team_id, positions_changed=True)
    return tell_positions(team_id) if moved.update(positions_changed=False) else 0


def tell_positions(team_id: int) -> int:
    """Push each waiting customer his place and likely wait if they differ from what he knows.

    Under the queue's lock, so that dispatch passes nobody over whose row is written here.
    """
    with transaction.atomic():
        _lock(team_id)
        places = places_in(team_id)
        pace = pace_of(team_id, current_moment()) if places else Pace(0, 0)
        news = [told for place in places if (told := _news(place, pace)) is not None]
        _store(news)
        for one in news:
            telling.push_queue(
                one.place.customer_public_id,
                chat=one.place.public_id,
                position=one.position,
                wait=one.wait,
            )
        queues_changed([team_id])
    return len(news)


def tell_on_commit(team_id: int) -> None:
    """Tell the places of a queue that moved once the transaction commits."""
    transaction.on_commit(lambda: _try(team_id), robust=True)


@dataclass(frozen=True, slots=True)
class _Told:
    """What a customer is told from now on."""

    place: Place
    position: int
    wait: int | None


def _news(place: Place, pace: Pace) -> _Told | None:
    position = shown_position(place.position)
    wait = told_wait(pace.wait(position), place.told_wait_seconds)
    if (position, wait) == (place.told_position, place.told_wait_seconds):
        return None
    return _Told(place, position, wait)


def _lock(team_id: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            LOCK_PLACES, {"space": TEAM_LOCKS, "places": PLACE_LOCKS, "team_id": team_id}
        )


def _store(news: Sequence[_Told]) -> None:
    if not news:
        return
    rows = [
        {"chat_id": one.place.chat_id, "position": one.position, "wait": one.wait} for one in news
    ]
    with connection.cursor() as cursor:
        cursor.execute(STORE_TOLD, {"told": orjson.dumps(rows).decode()})


def _try(team_id: int) -> None:
    try:
        tell_if_moved(team_id)
    except DatabaseError as error:
        log.error("places not told", exc_info=error, extra={"team_id": team_id})
