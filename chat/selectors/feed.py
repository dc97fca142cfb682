"""The chat as the sockets' numbered feed, and pages of messages. Two statements for any number."""

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby
from typing import Any
from uuid import UUID

import orjson
from django.db import connection
from django.utils.translation import override

from chat import rules
from clinic.realtime.feeds import Filling, Standing, Want
from clinic.realtime.frames import encode
from clinic.settings import rules as house

FOLLOWED = 200  # conversations a socket follows by itself, latest first

LATEST = """
SELECT m.user_id, c.public_id::text, c.last_seq, m.delivered_seq
FROM chat_member m JOIN chat_conversation c ON c.id = m.conversation_id
WHERE m.user_id = ANY(%(users)s) AND m.left_seq IS NULL
"""
GROWN = LATEST + " AND c.last_message_at > %(since)s"
RECENT = LATEST + " ORDER BY c.last_message_at DESC NULLS LAST LIMIT %(limit)s"

MISSING = """
SELECT w.n, c.public_id, t.start, t.top,
  g.seq, g.public_id, g.sender, g.role, g.kind, g.body, g.extra, g.client_id, g.code, g.params,
  g.created_at
FROM json_to_recordset(%(wants)s::json) AS w(n int, user_id bigint, conv uuid, after bigint,
  size int)
JOIN chat_conversation c ON c.public_id = w.conv
JOIN chat_member m ON m.conversation_id = c.id AND m.user_id = w.user_id
CROSS JOIN LATERAL (
  SELECT COALESCE(w.after, m.delivered_seq) AS start,
    LEAST(c.last_seq, COALESCE(m.left_seq, c.last_seq)) AS top
) t
LEFT JOIN LATERAL (
  SELECT x.*, u.public_id AS sender
  FROM (
    SELECT seq, public_id, sender_id, role, kind, body, extra, client_id, code, params, created_at
    FROM chat_message
    WHERE conversation_id = c.id AND seq > t.start AND seq <= t.top ORDER BY seq LIMIT w.size
  ) x LEFT JOIN accounts_user u ON u.id = x.sender_id
) g ON true
ORDER BY w.n, g.seq
"""
NAMES = (
    *("seq", "message_id", "sender", "role", "kind", "body", "extra", "cid", "code", "params"),
    "sent_at",
)


class ChatFeed:
    """Numbers and missing messages of conversations, for the hub."""

    def latest(
        self, user_ids: Sequence[int], *, since: datetime | None
    ) -> dict[int, dict[str, Standing]]:
        """Return where the conversations of these accounts stand."""
        parameters = {"users": list(user_ids), "since": since, "limit": FOLLOWED}
        standings: dict[int, dict[str, Standing]] = {}
        with connection.cursor() as cursor:
            cursor.execute(GROWN if since else RECENT, parameters)
            for user_id, conv, last, delivered in cursor.fetchall():
                key = conv.replace("-", "")
                standings.setdefault(user_id, {})[key] = Standing(last, delivered)
        return standings

    def missing(self, wants: Sequence[Want]) -> list[Filling | None]:
        """Return one ``sync`` frame for each want, in the language of its reader."""
        pages = read_pages(
            [(want.user_id, want.key, want.after, house.SYNC_LIMIT) for want in wants]
        )
        return [
            None if page is None else _filling(page, want.language)
            for page, want in zip(pages, wants, strict=True)
        ]


Page = dict[str, Any]


def read_pages(wants: Sequence[tuple[int, str, int | None, int]]) -> list[Page | None]:
    """Return the messages after a number for each (user id, conversation, number, limit).

    None for who never was a member. System sentences are in the active language.
    """
    rows = [
        {"n": n, "user_id": user_id, "conv": conv, "after": after, "size": size}
        for n, (user_id, conv, after, size) in enumerate(wants)
    ]
    pages: list[Page | None] = [None] * len(rows)
    with connection.cursor() as cursor:
        cursor.execute(MISSING, {"wants": orjson.dumps(rows).decode()})
        for n, group in groupby(cursor.fetchall(), key=lambda row: int(row[0])):
            pages[n] = _page(list(group))
    return pages


def _page(rows: list[tuple[Any, ...]]) -> Page:
    _n, conv, _start, top = rows[0][:4]
    messages = [plain_message(row[4:]) for row in rows if row[4] is not None]
    upto = messages[-1]["seq"] if messages else top
    return {"conv": conv, "messages": messages, "last_seq": top, "more": upto < top}


def plain_message(values: Sequence[Any]) -> dict[str, Any]:
    """Return a message as clients see it, from values in the order of NAMES."""
    message = dict(zip(NAMES, values, strict=True))
    for name in ("extra", "params"):
        if isinstance(message[name], str):  # the cursor leaves jsonb as text
            message[name] = orjson.loads(message[name])
    return message


def speak(message: dict[str, Any]) -> dict[str, Any]:
    """Give a system message its sentence in the active language."""
    if message["code"]:
        message["body"] = rules.system_text(message["code"], message["params"])
    return message


def _filling(page: Page, language: str) -> Filling:
    upto = page["messages"][-1]["seq"] if page["messages"] else page["last_seq"]
    if not page["messages"]:
        return Filling("", upto)
    with override(language):
        frame = sync_frame(page)
        return Filling(encode(frame), upto)


def sync_frame(page: Page) -> dict[str, Any]:
    """Return the frame that carries a page, sentences in the active language."""
    return {"t": "sync", **page, "messages": [speak(message) for message in page["messages"]]}


def hexes_of_others(conversation_public_id: UUID, user_id: int) -> list[str] | None:
    """Return the other members' public ids as hex; None when the account takes no part."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT m.user_id, replace(u.public_id::text, '-', '')
            FROM chat_conversation c JOIN chat_member m ON m.conversation_id = c.id
            JOIN accounts_user u ON u.id = m.user_id
            WHERE c.public_id = %s AND m.left_seq IS NULL
            """,
            [conversation_public_id],
        )
        rows = cursor.fetchall()
    if user_id not in {row[0] for row in rows}:
        return None
    return [public_id for member, public_id in rows if member != user_id]
