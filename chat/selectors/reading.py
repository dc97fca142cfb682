"""Conversations and pages of messages as plain values, each by one statement planned once."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import orjson

from chat import rules
from chat.enums import ConversationKind, MemberRole
from chat.selectors.feed import ENDS, MESSAGE, plain_message
from clinic.core.statements import Row, Statement, rows_of
from clinic.settings import rules as house

Values = dict[str, Any]
KINDS: Final = [str(kind) for kind in ConversationKind]
CONVERSATION: Final = (
    *("id", "kind", "topic", "writing", "writing_until", "last_seq", "last_rev", "unread"),
    *("last_message_at", "members", "last_message"),
)
MINE: Final = f"""
SELECT c.public_id, c.kind, c.topic, c.writing, c.writing_until, v.top, v.top_rev,
  (SELECT count(*) FROM chat_message n
   WHERE n.conversation_id = c.id AND n.seq > m.read_seq AND n.seq <= v.top
     AND n.sender_id IS DISTINCT FROM m.user_id),
  c.last_message_at,
  (SELECT json_agg(json_build_object('user', u.public_id,
     'name', COALESCE(NULLIF(o.display_name, ''), u.name), 'role', o.role,
     'delivered', o.delivered_seq, 'read', o.read_seq, 'has_left', o.left_seq IS NOT NULL)
     ORDER BY o.id)::text
   FROM chat_member o JOIN accounts_user u ON u.id = o.user_id WHERE o.conversation_id = c.id),
  {MESSAGE}
FROM chat_member m
JOIN chat_conversation c ON c.id = m.conversation_id
CROSS JOIN LATERAL ({ENDS}) v
LEFT JOIN chat_message x
  ON x.conversation_id = c.id AND x.seq = c.last_seq AND x.seq <= v.top
LEFT JOIN accounts_user s ON s.id = x.sender_id
"""  # noqa: S608 only names of the house
ONE: Final = Statement(
    "chat_conversation_of",
    ("bigint", "uuid"),
    MINE + " WHERE m.user_id = %s AND c.public_id = %s",
)
LISTED: Final = Statement(
    "chat_conversations_of",
    ("bigint", "text[]", "int", "int"),
    MINE
    + " WHERE m.user_id = %s AND c.kind = ANY(%s)"
    + " ORDER BY c.last_message_at DESC NULLS LAST, c.id DESC LIMIT %s OFFSET %s",
)
COUNTED: Final = Statement(
    "chat_conversations_counted",
    ("bigint", "text[]"),
    "SELECT count(*) FROM chat_member m JOIN chat_conversation c ON c.id = m.conversation_id"
    " WHERE m.user_id = %s AND c.kind = ANY(%s)",
)
# Numbers have no gap, so the page before a number starts at a number that can be computed.
PAGE: Final = Statement(
    "chat_page",
    ("bigint", "bigint", "bigint", "bigint", "uuid"),
    f"""
    WITH page AS (
      SELECT c.id, m.left_rev, v.top, v.top_rev, CASE WHEN a.onward THEN a.after
          ELSE GREATEST(0, LEAST(COALESCE(a.before - 1, v.top), v.top) - a.size) END AS start,
        CASE WHEN a.onward THEN a.after + a.size
          ELSE LEAST(COALESCE(a.before - 1, v.top), v.top) END AS finish
      FROM (SELECT after, before, size, after IS NOT NULL AND before IS NULL AS onward
        FROM (SELECT %s::bigint AS after, %s::bigint AS before, %s::bigint AS size) given) a
      CROSS JOIN chat_member m
      JOIN chat_conversation c ON c.id = m.conversation_id
      CROSS JOIN LATERAL ({ENDS}) v
      WHERE m.user_id = %s AND c.public_id = %s
    )
    SELECT m.start, m.top, m.top_rev, {MESSAGE}
    FROM page m
    LEFT JOIN chat_message x ON x.conversation_id = m.id AND x.seq > m.start
      AND x.seq <= LEAST(m.finish, m.top)
    LEFT JOIN accounts_user s ON s.id = x.sender_id
    ORDER BY x.seq
    """,  # noqa: S608 only names of the house
)


@dataclass(frozen=True, slots=True)
class MessagePage:
    """Messages oldest first, the number before the first one, and where the member's view ends."""

    messages: list[Values]
    start: int
    top: int
    top_rev: int


def read_conversation(user_id: int, public_id: UUID) -> Values | None:
    """Return the values of CONVERSATION as a member sees them; None for others."""
    found = rows_of(ONE, user_id, public_id)
    return _conversation(found[0]) if found else None


def read_conversations(
    user_id: int, kinds: Sequence[str], *, start: int, size: int
) -> list[Values]:
    """Return a member's conversations of these kinds, latest first."""
    found = rows_of(LISTED, user_id, list(kinds), size, start)
    return [_conversation(row) for row in found]


def count_conversations(user_id: int, kinds: Sequence[str]) -> int:
    """Return how many conversations ``read_conversations`` would return in all."""
    return int(rows_of(COUNTED, user_id, list(kinds))[0][0])


def read_page(
    user_id: int, public_id: UUID, *, after: int | None, before: int | None, limit: int
) -> MessagePage | None:
    """Return messages after a number, else before one, else the latest; None for strangers."""
    rows = rows_of(PAGE, after, before, limit, user_id, public_id)
    if not rows:
        return None
    messages = [plain_message(row[3:]) for row in rows if row[3] is not None]
    return MessagePage(messages, *rows[0][:3])


def shown_members(members: Sequence[Values]) -> list[Values]:
    """Return the members as clients see them: all assistants as one, under the house's name."""
    shown = [member for member in members if member["role"] != MemberRole.ASSISTANT]
    behind = [member for member in members if member["role"] == MemberRole.ASSISTANT]
    if behind:
        shown.append(_assistant(behind))
    return shown


def _assistant(behind: Sequence[Values]) -> Values:
    return {
        "user": house.ASSISTANT_PUBLIC_ID,
        "name": str(rules.ASSISTANT_NAME),
        "role": MemberRole.ASSISTANT.value,
        "delivered": max(member["delivered"] for member in behind),
        "read": max(member["read"] for member in behind),
        "has_left": all(member["has_left"] for member in behind),
    }


def _conversation(row: Row) -> Values:
    plain, members, message = row[:9], orjson.loads(row[9]), row[10:]
    last = None if message[0] is None else plain_message(message)
    return dict(zip(CONVERSATION, (*plain, shown_members(members), last), strict=True))
