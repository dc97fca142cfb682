"""Finding chats by who the customer is, and those in which to look for words."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from clinic.core.statements import Statement, rows_of
from clinic.customer_service.selectors.rows import (
    COLUMNS,
    DRAFTING,
    REACH,
    SOURCE,
    Values,
    own_rows,
)
from clinic.customer_service.selectors.seats import Seat
from clinic.settings import rules

SHOWN: Final = 20
PHONE_END_MIN: Final = 4  # digits; fewer would show half the house
FOUND: Final = Statement(
    "desk_rows_found",
    ("bigint", "boolean", "bigint[]", "uuid", "text", "text", "int"),
    f"""
    WITH ask AS (SELECT %s AS me, %s AS leads, %s AS teams, %s AS team, %s AS name, %s AS phone,
      %s AS size)
    SELECT {", ".join(COLUMNS.values())}, {DRAFTING}
    FROM ask CROSS JOIN customer_service_servicechat s {SOURCE}
    WHERE {REACH} AND (ask.team IS NULL OR t.public_id = ask.team)
      AND (position(ask.name IN lower(u.name)) > 0
        OR ask.phone <> '' AND right(u.phone, length(ask.phone)) = ask.phone)
    ORDER BY s.id DESC LIMIT (SELECT size FROM ask)
    """,  # noqa: S608 only names of the house
)
TALKS: Final = Statement(
    "desk_talks_seen",
    ("bigint", "boolean", "bigint[]", "uuid", "int"),
    f"""
    WITH ask AS (SELECT %s AS me, %s AS leads, %s AS teams, %s AS team, %s AS size)
    SELECT s.conversation_id, c.public_id, s.public_id
    FROM ask CROSS JOIN customer_service_servicechat s
    JOIN customer_service_team t ON t.id = s.team_id
    JOIN chat_conversation c ON c.id = s.conversation_id
    WHERE {REACH} AND (ask.team IS NULL OR t.public_id = ask.team)
    ORDER BY s.id DESC LIMIT (SELECT size FROM ask)
    """,  # noqa: S608 only names of the house
)


@dataclass(frozen=True, slots=True)
class Talk:
    """A conversation that an agent may read, and the chat it belongs to."""

    conversation_id: int
    conversation: UUID
    chat: UUID


def find_chats(seat: Seat, text: str, team: UUID | None) -> list[Values]:
    """Return the newest chats whose customer has the text in his name or at the end of his phone.

    A phone counts from four digits on.
    """
    wanted = text.lower()
    digits = text if text.isascii() and text.isdigit() and len(text) >= PHONE_END_MIN else ""
    teams = list(seat.team_ids)
    return own_rows(rows_of(FOUND, seat.agent.pk, seat.leads, teams, team, wanted, digits, SHOWN))


def talks_seen(seat: Seat, team: UUID | None) -> list[Talk]:
    """Return the newest conversations of chats that the agent may open, in one query."""
    teams, size = list(seat.team_ids), rules.SERVICE_SEARCH_CHATS
    found = rows_of(TALKS, seat.agent.pk, seat.leads, teams, team, size)
    return [Talk(*row) for row in found]
