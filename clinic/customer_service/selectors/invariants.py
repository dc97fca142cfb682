"""Promises about the desk that can be proved by a query at any time."""

from typing import Final

from django.db import connection
from django.db.models import Count, F, Q
from django.utils.translation import gettext_lazy as _

from clinic.core.invariants import invariant
from clinic.customer_service.enums import MOVES, ChatState
from clinic.customer_service.models import Agent, ServiceChat

REPLAY: Final = """
SELECT c.public_id FROM customer_service_servicechat c
LEFT JOIN LATERAL (
  SELECT m.after FROM customer_service_chatmove m
  WHERE m.chat_id = c.id ORDER BY m.id DESC LIMIT 1
) last ON true
WHERE last.after IS DISTINCT FROM c.state
UNION
SELECT c.public_id FROM (
  SELECT chat_id, before, after,
    lag(after, 1, '') OVER (PARTITION BY chat_id ORDER BY id) AS known
  FROM customer_service_chatmove
) m JOIN customer_service_servicechat c ON c.id = m.chat_id
WHERE m.before <> m.known OR NOT (m.before || '>' || m.after = ANY(%s))
"""

# Each stretch of waiting, with when it began and by which move it ended. Two of one queue: the one
# with the better place was there when the other was dispatched, and was dispatched later. New chats
# come in under the queue's lock; one that comes back is seen at its commit, so a second is allowed
# for that. Chats that staff gave priority are left out, and so is an agent's own chat. Every pair
# is compared, so only the latest are looked at.
ORDER: Final = """
WITH waits AS (
  SELECT m.chat_id, m.team_id, m.id AS from_id,
    m.at + CASE WHEN m.before = '' THEN interval '0' ELSE interval '1 second' END AS since,
    lead(m.id) OVER w AS to_id, lead(m.at) OVER w AS until, lead(m.reason) OVER w AS reason,
    m.after
  FROM customer_service_chatmove m
  WHERE m.chat_id IN (
    SELECT d.chat_id FROM customer_service_chatmove d WHERE d.reason = 'dispatched'
    ORDER BY d.id DESC LIMIT 1000)
  WINDOW w AS (PARTITION BY m.chat_id ORDER BY m.id)
), given AS (
  SELECT w.*, c.enqueued_at, c.public_id, c.customer_id
  FROM waits w JOIN customer_service_servicechat c ON c.id = w.chat_id
  WHERE w.after = 'waiting' AND w.reason = 'dispatched'
    AND c.priority = 0
)
SELECT older.public_id FROM given older JOIN given newer
  ON newer.team_id = older.team_id
  AND (newer.enqueued_at, newer.chat_id) > (older.enqueued_at, older.chat_id)
  AND newer.to_id > older.from_id AND newer.until > older.since
  AND newer.to_id < older.to_id AND newer.until < older.until
WHERE NOT EXISTS (
  SELECT FROM customer_service_handling h JOIN customer_service_agent a ON a.id = h.agent_id
  WHERE h.chat_id = newer.chat_id AND h.started_at = newer.until
    AND a.user_id = older.customer_id)
"""


@invariant("I20", _("No agent serves more chats than he has places."))
def agents_over_their_limit() -> list[str]:
    """Return agents with more active chats than places."""
    active = Count("chats", filter=Q(chats__state=ChatState.ACTIVE))
    over = Agent.objects.annotate(load=active).filter(load__gt=F("max_chats"))
    return [f"agent {public_id}" for public_id in over.values_list("public_id", flat=True)]


@invariant("I21", _("An active chat has one running handling by its agent, every other chat none."))
def chats_without_their_handling() -> list[str]:
    """Return chats whose handlings do not match their state."""
    running = Count("handlings", filter=Q(handlings__ended_at=None))
    by_agent = Count("handlings", filter=Q(handlings__ended_at=None, handlings__agent=F("agent")))
    wrong = ServiceChat.objects.annotate(running=running, by_agent=by_agent).exclude(
        Q(state=ChatState.ACTIVE, running=1, by_agent=1) | ~Q(state=ChatState.ACTIVE) & Q(running=0)
    )
    return [f"service chat {public_id}" for public_id in wrong.values_list("public_id", flat=True)]


@invariant("I22", _("The history of each service chat leads, move by allowed move, to its state."))
def histories_that_do_not_lead_here() -> list[str]:
    """Return chats whose moves do not add up."""
    allowed = [f"{before}>{after}" for before, ends in MOVES.items() for after in ends]
    with connection.cursor() as cursor:
        cursor.execute(REPLAY, [allowed])
        return [f"service chat {public_id}" for (public_id,) in cursor.fetchall()]


@invariant("I23", _("Nobody was dispatched before another who had the better place in the queue."))
def chats_that_were_passed_over() -> list[str]:
    """Return chats that were dispatched after one of the same queue that came later."""
    with connection.cursor() as cursor:
        cursor.execute(ORDER)
        return [f"service chat {public_id}" for (public_id,) in cursor.fetchall()]


@invariant("I24", _("A customer has one open chat with each face."))
def customers_with_two_open_chats() -> list[str]:
    """Return customers with several open chats of one face."""
    double = (
        ServiceChat.objects.exclude(state=ChatState.ENDED)
        .values("customer__public_id", "face")
        .annotate(n=Count("pk"))
        .filter(n__gt=1)
    )
    return [f"customer {row['customer__public_id']}" for row in double]


@invariant("I25", _("No handling of one chat begins before the one before it has ended."))
def handlings_that_overlap() -> list[str]:
    """Return chats with two agents at one time."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT DISTINCT c.public_id FROM (
              SELECT chat_id, started_at, lag(ended_at) OVER w AS before,
                lag(id) OVER w AS has_before
              FROM customer_service_handling WINDOW w AS (PARTITION BY chat_id ORDER BY id)
            ) h JOIN customer_service_servicechat c ON c.id = h.chat_id
            WHERE h.has_before IS NOT NULL AND (h.before IS NULL OR h.before > h.started_at)
            """
        )
        return [f"service chat {public_id}" for (public_id,) in cursor.fetchall()]
