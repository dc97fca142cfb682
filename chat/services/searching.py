"""Searching messages. The index follows behind the messages, and is caught up before a search."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any, Final

import orjson
from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from chat import words
from chat.models import Conversation
from chat.selectors.searching import NOTHING, Found, find_messages, stale_among, stale_of_user
from clinic.core.clock import now
from clinic.core.errors import InvalidInputError
from clinic.settings import rules

LOOK_BACK: Final = timedelta(minutes=15)  # older ones are caught up when somebody searches them
NEXT: Final = """
SELECT x.id, x.conversation_id, x.rev, x.kind, x.body, x.extra, x.recalled_at IS NOT NULL
FROM json_to_recordset(%s::json) AS w(id bigint, rev bigint)
JOIN chat_message x ON x.conversation_id = w.id AND x.rev > w.rev
ORDER BY x.conversation_id, x.rev LIMIT %s
"""
FORGET: Final = "DELETE FROM chat_messagewords WHERE message_id = ANY(%s)"
REMEMBER: Final = """
INSERT INTO chat_messagewords AS k (message_id, conversation_id, rev, words)
SELECT * FROM unnest(%s::bigint[], %s::bigint[], %s::int[], %s::tsvector[])
ON CONFLICT (message_id) DO UPDATE SET rev = excluded.rev, words = excluded.words
WHERE k.rev < excluded.rev
"""
MARK: Final = """
INSERT INTO chat_wordsmark AS k (conversation_id, rev)
SELECT * FROM unnest(%s::bigint[], %s::int[])
ON CONFLICT (conversation_id) DO UPDATE SET rev = GREATEST(k.rev, excluded.rev)
"""
Row = tuple[int, int, int, str, str, Any, bool]


def search_messages(
    *,
    query: str,
    user_id: int | None = None,
    conversation_ids: Sequence[int] | None = None,
    start: int = 0,
    size: int = 20,
) -> Found:
    """Return messages that hold every word of the query, latest first.

    With ``user_id`` what this member may read, else (for staff; the caller has judged that) all of
    ``conversation_ids``. Recalled messages are never found, and nothing without a word (signs
    alone). Raises InvalidInputError.
    """
    if len(query) > rules.SEARCH_MAX_CHARS:
        limit = {"limit": rules.SEARCH_MAX_CHARS}
        raise InvalidInputError("q", _("Write at most %(limit)s characters.") % limit)
    if not (wanted := words.query_of(query)):
        return NOTHING
    if conversation_ids is not None:
        catch_up(stale_among(conversation_ids))
    elif user_id is not None:
        catch_up(stale_of_user(user_id))
    else:
        raise InvalidInputError("q", _("Say whose conversations to search."))
    return find_messages(
        wanted, user_id=user_id, conversation_ids=conversation_ids, start=start, size=size
    )


def index_recent() -> int:
    """Index what changed lately, so that a search finds little left to do; returns how many."""
    recent = Conversation.objects.filter(last_message_at__gt=now() - LOOK_BACK)
    keys = recent.values_list("pk", flat=True)[: rules.SEARCH_SWEEP_CONVERSATIONS]
    return catch_up(stale_among(list(keys)))


def catch_up(stale: Mapping[int, int]) -> int:
    """Index all that changed in these conversations after these revisions; safe to repeat."""
    left, done = dict(stale), 0
    while left:
        rows = _index_some(left)
        done += len(rows)
        if len(rows) < rules.SEARCH_BATCH:
            break
        last = rows[-1][1]
        left = {key: rev for key, rev in left.items() if key >= last} | {last: rows[-1][2]}
    return done


@transaction.atomic
def _index_some(stale: Mapping[int, int]) -> list[Row]:
    with connection.cursor() as cursor:
        cursor.execute(NEXT, [_json(stale), rules.SEARCH_BATCH])
        rows: list[Row] = cursor.fetchall()
        if not rows:
            return rows
        told = [(row, _vector(row)) for row in rows]
        cursor.execute(FORGET, [[row[0] for row, vector in told if not vector]])
        kept = [(row[0], row[1], row[2], vector) for row, vector in told if vector]
        cursor.execute(REMEMBER, _columns(kept, 4))
        marks = {row[1]: row[2] for row in rows}
        cursor.execute(MARK, _columns(marks.items(), 2))
    return rows


def _vector(row: Row) -> str:
    _key, _talk, _rev, kind, body, extra, is_recalled = row
    told = orjson.loads(extra) if isinstance(extra, str) else extra
    return "" if is_recalled else words.vector_of(words.text_of(kind, body, told))


def _columns(rows: Iterable[tuple[Any, ...]], count: int) -> list[list[Any]]:
    columns = [list(column) for column in zip(*rows, strict=True)]
    return columns or [[] for _ in range(count)]


def _json(stale: Mapping[int, int]) -> str:
    return orjson.dumps([{"id": key, "rev": rev} for key, rev in stale.items()]).decode()
