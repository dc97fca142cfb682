"""Promises about a chat: started with it, met by first reply and end, broken by the sweep."""

from datetime import datetime

from django.db import transaction

from clinic.customer_service.enums import AlarmKind, SlaMetric
from clinic.customer_service.models import ServiceChat, SlaTimer, Team
from clinic.customer_service.selectors.idle import first_reply_at
from clinic.customer_service.services import telling
from clinic.customer_service.services.state import locked_if_free
from clinic.customer_service.services.watching import chats_changed
from clinic.settings import rules as numbers

ALARMS = {
    SlaMetric.FIRST_REPLY: AlarmKind.SLA_FIRST_REPLY,
    SlaMetric.RESOLUTION: AlarmKind.SLA_RESOLUTION,
}


def start_timers(chat: ServiceChat, team: Team, *, now: datetime) -> None:
    """Start what the team promises about a new chat; harmless when started before."""
    targets = {
        SlaMetric.FIRST_REPLY: team.first_reply_target,
        SlaMetric.RESOLUTION: team.resolution_target,
    }
    SlaTimer.objects.bulk_create(
        [
            SlaTimer(chat=chat, metric=metric, started_at=now, due_at=now + target)
            for metric, target in targets.items()
        ],
        ignore_conflicts=True,
    )


def meet(chat_id: int, metric: SlaMetric, *, at: datetime) -> bool:
    """Note that a promise was kept, or kept late; says whether it ran."""
    running = SlaTimer.objects.filter(chat_id=chat_id, metric=metric, met_at=None)
    return bool(running.update(met_at=at))


def note_first_reply(chat_id: int) -> datetime | None:
    """Store the moment of the first answer of an agent, once; return it, None without one."""
    at = first_reply_at(chat_id)
    if at is None:
        return None
    with transaction.atomic():
        first = ServiceChat.objects.filter(pk=chat_id, first_reply_at=None)
        if first.update(first_reply_at=at):
            meet(chat_id, SlaMetric.FIRST_REPLY, at=at)
            chats_changed([chat_id])
    return at


def break_overdue(now: datetime) -> int:
    """Note promises that were not kept in time and alarm the desk, once each; return how many."""
    overdue = SlaTimer.objects.filter(met_at=None, broken_at=None, due_at__lte=now)
    keys = list(overdue.order_by("due_at").values_list("pk", flat=True)[: numbers.TIMERS_BATCH])
    return sum(_break(pk, now) for pk in keys)


def _break(timer_id: int, now: datetime) -> bool:
    with transaction.atomic():
        timer = SlaTimer.objects.get(pk=timer_id)
        chat = locked_if_free(timer.chat_id)
        if timer.metric == SlaMetric.FIRST_REPLY:
            note_first_reply(timer.chat_id)  # the event of the reply may be late
        running = SlaTimer.objects.filter(pk=timer_id, met_at=None, broken_at=None)
        if chat is None or not running.update(broken_at=now):
            return False
        telling.alarm(chat, ALARMS[SlaMetric(timer.metric)])
        chats_changed([chat.pk])
        return True
