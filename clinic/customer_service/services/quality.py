"""Quality checks: some ended chats are picked at random, a supervisor reads and grades them."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import ceil
from typing import Final

from django.db import connection, transaction

from clinic.core import audit
from clinic.core.actor import Actor
from clinic.core.clock import clinic_day, now
from clinic.core.errors import ForbiddenError, NotFoundError
from clinic.customer_service.errors import AlreadyGradedError, OwnChatError
from clinic.customer_service.models import Handling, QualityCheck
from clinic.customer_service.selectors.reports import day_start
from clinic.customer_service.selectors.supervision import leads
from clinic.settings import rules

PICKING: Final = 0x63737163  # "csqc": one picks at a time

# Chats that ended in the time, by the agent who served last; the picked ones stand first, so that
# they count towards the share.
CANDIDATES: Final = """
SELECT last.agent_id, array_agg(over.chat_id ORDER BY quality.id, random()),
  count(quality.id)
FROM customer_service_chatmove over
JOIN LATERAL (
  SELECT agent_id FROM customer_service_handling
  WHERE chat_id = over.chat_id ORDER BY id DESC LIMIT 1
) last ON true
LEFT JOIN customer_service_qualitycheck quality ON quality.chat_id = over.chat_id
WHERE over.after = 'ended' AND over.at >= %s AND over.at < %s
GROUP BY last.agent_id
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Grades:
    """What a supervisor thinks of one chat, 1 to 5 each."""

    attitude: int
    correctness: int
    speed: int
    remark: str = ""


def pick_lately(*, by: Actor) -> int:
    """Pick for the days before today that a night may have missed; return how many were picked."""
    today = clinic_day(now())
    days = range(1, rules.SERVICE_QUALITY_DAYS_BACK + 1)
    return sum(pick_for(today - timedelta(days=back), by=by) for back in days)


def pick_today(*, by: Actor) -> int:
    """Pick among the chats that ended today so far. Raises ForbiddenError."""
    if not leads(by):
        raise ForbiddenError
    return pick_for(clinic_day(now()), by=by)


def pick_for(day: date, *, by: Actor) -> int:
    """Pick SERVICE_QUALITY_SHARE of each agent's chats ended on a day, at least one of each agent.

    Running it again picks only what is missing to the share.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [PICKING])
            cursor.execute(CANDIDATES, [day_start(day), day_start(day + timedelta(days=1))])
            found = cursor.fetchall()
        picked = [chat for _agent, chats, done in found for chat in _chosen(chats, done)]
        moment = now()
        QualityCheck.objects.bulk_create(
            QualityCheck(chat_id=chat, picked_by=by.label, picked_at=moment) for chat in picked
        )
    return len(picked)


def grade(check_id: int, grades: Grades, *, by: Actor) -> None:
    """Store the only grades of a picked chat.

    Raises NotFoundError, ForbiddenError, OwnChatError, AlreadyGradedError.
    """
    if not leads(by):
        raise ForbiddenError
    with transaction.atomic():
        check = QualityCheck.objects.select_for_update(no_key=True).filter(pk=check_id).first()
        if check is None:
            raise NotFoundError
        if check.checked_at is not None:
            raise AlreadyGradedError
        if Handling.objects.filter(chat_id=check.chat_id, agent__user_id=by.account_id).exists():
            raise OwnChatError
        _store(check, grades, by, now())


def _chosen(chats: list[int], done: int) -> list[int]:
    share = max(1, ceil(rules.SERVICE_QUALITY_SHARE * len(chats)))
    return chats[done : max(share, done)]


def _store(check: QualityCheck, grades: Grades, by: Actor, moment: datetime) -> None:
    check.attitude, check.correctness = grades.attitude, grades.correctness
    check.speed, check.remark = grades.speed, grades.remark.strip()
    check.checked_by_id, check.checked_at = by.account_id, moment
    check.save()
    audit.record(by, "quality.grade", "quality_check", str(check.pk), chat=check.chat_id)
