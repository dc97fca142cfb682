"""The rule of silence, made true: warned, then ended; reminded, then back to the queue."""

import logging
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import Error as DatabaseError
from django.db import connection, transaction

from clinic.core.actor import system_actor
from clinic.core.clock import now as current_moment
from clinic.core.errors import ClinicError
from clinic.core.metrics import IDLE_STEPS
from clinic.customer_service.enums import AgentStatus, AlarmKind, ChatState, IdleStep, MoveReason
from clinic.customer_service.models import ServiceChat, SweepClock
from clinic.customer_service.rules import Silence, idle_step
from clinic.customer_service.selectors.idle import active_silences, silence_of
from clinic.customer_service.services import telling
from clinic.customer_service.services.ending import finish
from clinic.customer_service.services.handing import requeue
from clinic.customer_service.services.state import Move, locked_if_free
from clinic.customer_service.services.watching import chats_changed
from clinic.settings import rules as numbers

log = logging.getLogger(__name__)
IDLE: Final = system_actor("idle rule")
GAP: Final = timedelta(seconds=60)  # a sweep that was away longer had slept
LOCK_TALK: Final = """
SELECT c.id FROM chat_conversation c
JOIN customer_service_servicechat s ON s.conversation_id = c.id
WHERE s.id = %s FOR NO KEY UPDATE OF c
"""


def run_idle_rule(now: datetime | None = None) -> dict[str, int]:
    """Do what is due in every active chat, until nothing is; return how often each step was taken.

    Each chat is looked at again under its lock and that of its conversation, in a transaction of
    its own, so a word that comes in between is never overruled. Safe to run twice and at once.
    """
    moment = now or current_moment()
    awake_since = note_pass(moment)
    taken: dict[str, int] = {}
    while True:
        due = [
            one.chat_id
            for one in active_silences(awake_since)
            if _step(one.silence, moment) != IdleStep.NONE
        ]
        steps = [step for pk in due if (step := _try(pk, moment, awake_since)) != IdleStep.NONE]
        for step in steps:
            IDLE_STEPS.labels(step=step).inc()
            taken[step] = taken.get(step, 0) + 1
        if not steps:
            return taken


def note_pass(now: datetime) -> datetime:
    """Note that the sweep runs; return since when it has run without a gap."""
    with transaction.atomic():
        clock, is_first = SweepClock.objects.select_for_update().get_or_create(
            name="idle", defaults={"ran_at": now, "awake_since": now}
        )
        if not is_first:
            if now - clock.ran_at > GAP:
                clock.awake_since = now
            clock.ran_at = max(now, clock.ran_at)
            clock.save(update_fields=["ran_at", "awake_since"])
    return clock.awake_since


def _try(chat_id: int, now: datetime, awake_since: datetime) -> IdleStep:
    try:
        with transaction.atomic():
            return _take_step(chat_id, now, awake_since)
    except (DatabaseError, ClinicError) as error:
        log.error("idle rule failed", exc_info=error, extra={"chat_id": chat_id})
        return IdleStep.NONE


def _take_step(chat_id: int, now: datetime, awake_since: datetime) -> IdleStep:
    chat = locked_if_free(chat_id)
    if chat is None or chat.state != ChatState.ACTIVE:
        return IdleStep.NONE
    with connection.cursor() as cursor:
        cursor.execute(LOCK_TALK, [chat_id])
    silence = silence_of(chat_id, awake_since)
    step = _step(silence, now) if silence is not None else IdleStep.NONE
    STEPS[step](chat, now)
    return step


def _step(silence: Silence, now: datetime) -> IdleStep:
    return idle_step(silence, now, agent_silence_ends=settings.SERVICE_AGENT_SILENCE_ENDS)


def _none(_chat: ServiceChat, _now: datetime) -> None:
    return


def _warn(chat: ServiceChat, now: datetime) -> None:
    chat.warned_at = now
    chat.save(update_fields=["warned_at"])
    telling.warn(chat, ends_at=now + numbers.SERVICE_IDLE_END - numbers.SERVICE_IDLE_WARN)
    chats_changed([chat.pk])


def _end(chat: ServiceChat, now: datetime) -> None:
    finish(chat, reason=MoveReason.IDLE, actor=IDLE.label, now=now)


def _alarm(chat: ServiceChat, now: datetime) -> None:
    chat.alarmed_at = now
    chat.save(update_fields=["alarmed_at"])
    telling.alarm(chat, AlarmKind.AGENT_SILENT)
    chats_changed([chat.pk])


def _requeue(chat: ServiceChat, now: datetime) -> None:
    gone = chat.agent is not None and chat.agent.status == AgentStatus.OFFLINE
    reason = MoveReason.AGENT_LOST if gone else MoveReason.AGENT_SILENT
    requeue(Move(chat=chat, to=ChatState.WAITING, reason=reason, actor=IDLE.label), now=now)


STEPS: Final = {
    IdleStep.NONE: _none,
    IdleStep.WARN: _warn,
    IdleStep.END: _end,
    IdleStep.ALARM: _alarm,
    IdleStep.REQUEUE: _requeue,
}
