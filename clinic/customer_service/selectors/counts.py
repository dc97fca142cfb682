"""How many chats each tab of the desk holds."""

from datetime import datetime
from typing import Final

from clinic.core.clock import clinic_day
from clinic.core.statements import Statement, rows_of
from clinic.customer_service.selectors.reports import day_start
from clinic.customer_service.selectors.rows import REACH
from clinic.customer_service.selectors.seats import Seat

COUNTS: Final = Statement(
    "desk_counts",
    ("bigint", "boolean", "bigint[]", "timestamptz"),
    f"""
    WITH ask AS (SELECT %s AS me, %s AS leads, %s AS teams, %s AS midnight)
    SELECT count(*) FILTER (WHERE s.agent_id = ask.me AND s.state = 'active'),
      count(*) FILTER (WHERE s.state = 'waiting' AND {REACH}),
      count(*) FILTER (WHERE {REACH}),
      count(*) FILTER (WHERE s.agent_id = ask.me AND s.state = 'active' AND EXISTS (
        SELECT FROM chat_member m JOIN chat_message x ON x.conversation_id = m.conversation_id
        JOIN customer_service_agent a ON a.user_id = m.user_id
        WHERE m.conversation_id = s.conversation_id AND a.id = ask.me AND x.seq > m.read_seq
          AND x.role IN ('patient', 'doctor'))),
      (SELECT count(*) FROM customer_service_servicechat s, ask
       WHERE s.state = 'ended' AND s.ended_at >= ask.midnight AND {REACH}),
      (SELECT count(*) FROM customer_service_leftmessage l, ask
       WHERE l.state = 'open' AND (ask.leads OR l.team_id = ANY(ask.teams)))
    FROM ask LEFT JOIN customer_service_servicechat s ON s.state <> 'ended'
    """,  # noqa: S608 only names of the house
)


def counts(seat: Seat, now: datetime) -> dict[str, int]:
    """Return how many chats each tab holds (ended ones of the clinic's day), in one query."""
    midnight = day_start(clinic_day(now))
    found = rows_of(COUNTS, seat.agent.pk, seat.leads, list(seat.team_ids), midnight)
    names = ("mine", "waiting", "all", "unread", "ended", "left_messages")
    return dict(zip(names, found[0], strict=True))
