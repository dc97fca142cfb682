"""Finding messages by their words."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db import connection

from chat.selectors.feed import MESSAGE, plain_message

MATCHING: Final = """
FROM chat_messagewords k
JOIN chat_message x ON x.id = k.message_id AND x.rev = k.rev AND x.recalled_at IS NULL
JOIN chat_conversation c ON c.id = k.conversation_id
"""
# A member finds what he may read, as it is now; a text changed after he had left is not his.
AS_MEMBER: Final = """
JOIN chat_member m ON m.conversation_id = c.id AND m.user_id = %(user)s
  AND (m.left_seq IS NULL OR (x.seq <= m.left_seq AND x.rev <= m.left_rev))
"""
AS_STAFF: Final = "CROSS JOIN (SELECT NULL::int AS left_rev) m"
STALE: Final = """
SELECT c.id, COALESCE(k.rev, 0) FROM chat_conversation c
LEFT JOIN chat_wordsmark k ON k.conversation_id = c.id
WHERE c.last_rev > COALESCE(k.rev, 0) AND
"""
MINE: Final = "c.id IN (SELECT conversation_id FROM chat_member WHERE user_id = %s)"
GIVEN: Final = "c.id = ANY(%s)"


@dataclass(frozen=True, slots=True)
class Found:
    """Messages with the public id of their ``conv``, latest first, and how many in all."""

    messages: list[dict[str, Any]]
    count: int


NOTHING: Final = Found([], 0)


def find_messages(
    query: str,
    *,
    user_id: int | None,
    conversation_ids: Sequence[int] | None,
    start: int,
    size: int,
) -> Found:
    """Return messages that match a tsquery: those a member may read, or of all given ones."""
    where = "WHERE k.words @@ %(query)s::tsquery"
    if conversation_ids is not None:
        where += " AND k.conversation_id = ANY(%(conversations)s)"
    seat = AS_STAFF if user_id is None else AS_MEMBER
    sql = f"""
        SELECT count(*) OVER (), c.public_id, {MESSAGE}
        {MATCHING} {seat} LEFT JOIN accounts_user s ON s.id = x.sender_id
        {where} ORDER BY x.created_at DESC, x.id DESC LIMIT %(size)s OFFSET %(start)s
    """
    values = {
        "query": query,
        "user": user_id,
        "conversations": None if conversation_ids is None else list(conversation_ids),
        "size": size,
        "start": start,
    }
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        rows = cursor.fetchall()
    found = [{"conv": row[1], **plain_message(row[2:])} for row in rows]
    return Found(found, rows[0][0] if rows else 0)


def stale_of_user(user_id: int) -> dict[int, int]:
    """Return the account's conversations that changed since they were indexed: key and revision."""
    return _stale(MINE, user_id)


def stale_among(conversation_ids: Sequence[int]) -> dict[int, int]:
    """Return those of the conversations that changed since they were indexed."""
    return _stale(GIVEN, list(conversation_ids))


def _stale(condition: str, value: Any) -> dict[int, int]:
    with connection.cursor() as cursor:
        cursor.execute(STALE + condition, [value])
        return dict(cursor.fetchall())
