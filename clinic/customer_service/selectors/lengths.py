"""How long the queues are."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from clinic.core.statements import Statement, rows_of

LENGTHS: Final = Statement(
    "desk_queue_lengths",
    ("bigint[]",),
    """
    SELECT t.id, t.public_id, count(s.id),
      GREATEST(0, extract(epoch FROM now() - min(s.enqueued_at)))::int
    FROM customer_service_team t
    LEFT JOIN customer_service_servicechat s ON s.team_id = t.id AND s.state = 'waiting'
    WHERE t.id = ANY(%s) GROUP BY t.id
    """,
)


@dataclass(frozen=True, slots=True)
class QueueLength:
    """How many wait in a team's queue, and the longest of them so far; None when nobody does."""

    team_id: int
    team: UUID
    waiting: int
    longest_seconds: int | None


def queue_lengths(team_ids: Iterable[int]) -> list[QueueLength]:
    """Return the lengths of these queues, in one query."""
    return [QueueLength(*row) for row in rows_of(LENGTHS, list(team_ids))]
