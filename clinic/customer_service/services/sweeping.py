"""The net below the events: silence, lost agents, promises, closing time, queues, places."""

import logging
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final

from django.db import Error as DatabaseError
from django.db import transaction

from clinic.core.actor import system_actor
from clinic.core.clock import now as current_moment
from clinic.core.errors import ClinicError
from clinic.customer_service.enums import AlarmKind, ChatState, MoveReason
from clinic.customer_service.models import ServiceChat
from clinic.customer_service.rules import is_open
from clinic.customer_service.selectors.queue import serving_team_id, team_ids_waiting
from clinic.customer_service.selectors.teams import hours_of
from clinic.customer_service.services import telling
from clinic.customer_service.services.agents import set_silent_offline
from clinic.customer_service.services.dispatch import dispatch_all
from clinic.customer_service.services.ending import finish
from clinic.customer_service.services.idling import run_idle_rule
from clinic.customer_service.services.left_messages import keep_unanswered_words
from clinic.customer_service.services.positions import tell_positions
from clinic.customer_service.services.sla import break_overdue
from clinic.customer_service.services.state import locked_if_free
from clinic.customer_service.services.watching import chats_changed
from clinic.settings import rules as numbers

log = logging.getLogger(__name__)
CLOSING: Final = system_actor("closing time")


def sweep(now: datetime | None = None) -> dict[str, int]:
    """Do once what is due at the desk and return how much each part did; parts fail apart."""
    moment = now or current_moment()
    return {name: _run(name, part, moment) for name, part in PARTS.items()}


def end_after_closing(now: datetime) -> int:
    """End the waiting chats of teams that are closed and have nobody there any more.

    What their customers asked becomes a left message.
    """
    teams = team_ids_waiting()
    hours = hours_of(teams, now)
    left = [
        team_id
        for team_id in teams
        if not is_open(hours[team_id], now) and serving_team_id(team_id, now) is None
    ]
    waiting = ServiceChat.objects.filter(team_id__in=left, state=ChatState.WAITING)
    return sum(_close(pk, now) for pk in waiting.order_by("id").values_list("pk", flat=True))


def alarm_long_waits(now: datetime) -> int:
    """Alarm the desk once about each chat that has waited too long."""
    long = ServiceChat.objects.filter(
        state=ChatState.WAITING,
        alarmed_at=None,
        enqueued_at__lte=now - numbers.SERVICE_WAITING_ALARM,
    )
    keys = list(long.order_by("id").values_list("pk", flat=True)[: numbers.TIMERS_BATCH])
    return sum(_alarm(pk, now) for pk in keys)


def tell_everybody(_now: datetime) -> int:
    """Tell places that a lost event left untold."""
    return sum(tell_positions(team_id) for team_id in team_ids_waiting())


def _dispatch(_now: datetime) -> int:
    return dispatch_all()


def _idle(now: datetime) -> int:
    return sum(run_idle_rule(now).values())


def _close(chat_id: int, now: datetime) -> bool:
    with transaction.atomic():
        chat = locked_if_free(chat_id)
        if chat is None or chat.state != ChatState.WAITING:
            return False
        is_kept = keep_unanswered_words(chat, now=now) is not None
        return finish(
            chat,
            reason=MoveReason.CLOSED_FOR_THE_DAY,
            actor=CLOSING.label,
            now=now,
            says="chat_ended_kept" if is_kept else "",
        )


def _alarm(chat_id: int, now: datetime) -> bool:
    with transaction.atomic():
        chat = locked_if_free(chat_id)
        if chat is None or chat.state != ChatState.WAITING or chat.alarmed_at is not None:
            return False
        chat.alarmed_at = now
        chat.save(update_fields=["alarmed_at"])
        telling.alarm(chat, AlarmKind.WAITING_LONG)
        chats_changed([chat.pk])
        return True


def _run(name: str, part: Callable[[datetime], int], now: datetime) -> int:
    try:
        return part(now)
    except (DatabaseError, ClinicError) as error:
        log.error("sweep failed", exc_info=error, extra={"part": name})
        return 0


PARTS: Final[Mapping[str, Callable[[datetime], int]]] = {
    "silent_agents": set_silent_offline,
    "idle": _idle,
    "promises": break_overdue,
    "closing": end_after_closing,
    "long_waits": alarm_long_waits,
    "dispatch": _dispatch,
    "places": tell_everybody,
}
