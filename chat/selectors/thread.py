"""A whole thread as staff reads it: not as a member, with every sender named.

Whether a reader may is for the room above to know, and to note.
"""

from typing import Any, Final

import orjson

from chat.selectors.feed import NAMES, Page
from clinic.core.statements import Row, Statement, rows_of

MESSAGE: Final = (
    "x.seq, x.rev, x.public_id, s.public_id, x.role, x.kind, x.body, x.extra::text, x.client_id,"
    " x.code, x.params::text, x.created_at, x.edited_at, x.recalled_at"
)
THREAD: Final = f"""
SELECT c.public_id, c.last_seq, c.last_rev, x.* FROM chat_conversation c LEFT JOIN LATERAL (
  SELECT {MESSAGE} FROM chat_message x LEFT JOIN accounts_user s ON s.id = x.sender_id
  WHERE x.conversation_id = c.id AND {{0}} LIMIT %s
) x ON true WHERE c.id = %s
"""  # noqa: S608 only names of the house
CHANGED: Final = Statement(
    "chat_thread_changed",
    ("bigint", "bigint", "bigint"),
    THREAD.format("x.rev > %s ORDER BY x.rev"),
)
BEFORE: Final = Statement(
    "chat_thread_before",
    ("bigint", "bigint", "bigint"),
    THREAD.format("x.seq < %s ORDER BY x.seq DESC"),
)


def read_thread_before(conversation_id: int, seq: int, *, limit: int) -> Page:
    """Return the messages before a number, oldest first; ``more`` tells of still older ones."""
    rows = rows_of(BEFORE, seq, limit, conversation_id)[::-1]
    page = _page(rows)
    first = page["messages"][0]["seq"] if page["messages"] else 1
    return page | {"more": first > 1}


def read_thread_changes(conversation_id: int, after_rev: int, *, limit: int) -> Page:
    """Return what changed after a revision, in that order; ``more`` says whether to ask again."""
    page = _page(rows_of(CHANGED, after_rev, limit, conversation_id))
    upto = page["messages"][-1]["rev"] if page["messages"] else page["last_rev"]
    return page | {"more": upto < page["last_rev"]}


def _page(rows: list[Row]) -> Page:
    conv, last_seq, last_rev = rows[0][:3]
    messages = [_message(row[3:]) for row in rows if row[3] is not None]
    return {"conv": conv, "messages": messages, "last_seq": last_seq, "last_rev": last_rev}


def _message(values: Row) -> dict[str, Any]:
    message = dict(zip(NAMES, values, strict=True))
    for name in ("extra", "params"):
        message[name] = orjson.loads(message[name]) if message[name] else None
    return message
