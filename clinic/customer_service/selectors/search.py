"""Finding chats by who the customer is and by what was said."""

from typing import Any, Final
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
SAID: Final = Statement(
    "desk_words_found",
    ("bigint", "boolean", "bigint[]", "uuid", "text", "int"),
    f"""
    WITH ask AS (SELECT %s AS me, %s AS leads, %s AS teams, %s AS team, %s AS words, %s AS size)
    SELECT s.public_id, c.public_id, x.seq, left(x.body, 200), x.role, x.created_at
    FROM ask CROSS JOIN customer_service_servicechat s
    JOIN customer_service_team t ON t.id = s.team_id
    JOIN chat_conversation c ON c.id = s.conversation_id
    JOIN chat_message x ON x.conversation_id = c.id
    WHERE {REACH} AND (ask.team IS NULL OR t.public_id = ask.team)
      AND x.kind = 'text' AND position(ask.words IN lower(x.body)) > 0
    ORDER BY x.id DESC LIMIT (SELECT size FROM ask)
    """,  # noqa: S608 only names of the house
)


def find_chats(seat: Seat, text: str, team: UUID | None) -> list[Values]:
    """Return the newest chats whose customer has the text in his name or at the end of his phone.

    A phone counts from four digits on.
    """
    wanted = text.lower()
    digits = text if text.isascii() and text.isdigit() and len(text) >= PHONE_END_MIN else ""
    teams = list(seat.team_ids)
    return own_rows(rows_of(FOUND, seat.agent.pk, seat.leads, teams, team, wanted, digits, SHOWN))


def find_messages(seat: Seat, text: str, team: UUID | None) -> list[dict[str, Any]]:
    """Return the newest messages that hold the text, in chats that the agent may open."""
    teams = list(seat.team_ids)
    found = rows_of(SAID, seat.agent.pk, seat.leads, teams, team, text.lower(), SHOWN)
    names = ("chat", "conversation", "seq", "body", "role", "at")
    return [dict(zip(names, row, strict=True)) for row in found]
