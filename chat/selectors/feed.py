"""The chat as the sockets' numbered feed: what changed after a revision. Two statements in all."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from itertools import groupby
from typing import Any, Final

import orjson
from django.db import connection
from django.utils.translation import override

from chat import rules
from clinic.realtime.feeds import Filling, Want
from clinic.realtime.frames import encode
from clinic.settings import rules as house

FOLLOWED = 200  # conversations a socket follows by itself, latest first

# What a message shows: the columns of NAMES. Who has left sees the text as it was then.
MESSAGE: Final = """
x.seq, x.rev, x.public_id, s.public_id AS sender, x.role, x.kind,
CASE WHEN x.rev > m.left_rev AND x.recalled_at IS NULL THEN (
  SELECT r.body FROM chat_messagerevision r
  WHERE r.message_id = x.id AND r.replaced_rev > m.left_rev ORDER BY r.replaced_rev LIMIT 1)
  ELSE x.body END AS body,
x.extra, x.client_id, x.code, x.params, x.created_at,
CASE WHEN x.rev > m.left_rev AND x.recalled_at IS NULL THEN NULL ELSE x.edited_at END AS edited_at,
x.recalled_at"""
NAMES: Final = (
    *("seq", "rev", "message_id", "sender", "role", "kind", "body", "extra", "cid", "code"),
    *("params", "sent_at", "edited_at", "recalled_at"),
)
# Where a conversation ends for a member: at its end, or where he left.
ENDS: Final = (
    "SELECT COALESCE(m.left_seq, c.last_seq) AS top, COALESCE(m.left_rev, c.last_rev) AS top_rev"
)

LATEST: Final = """
SELECT m.user_id, c.public_id::text, c.last_rev
FROM chat_member m JOIN chat_conversation c ON c.id = m.conversation_id
WHERE m.user_id = ANY(%(users)s) AND m.left_seq IS NULL
"""
GROWN: Final = LATEST + " AND c.changed_at > %(since)s"
RECENT: Final = LATEST + " ORDER BY c.last_message_at DESC NULLS LAST LIMIT %(limit)s"

MISSING: Final = f"""
SELECT w.n, c.public_id, e.top, e.top_rev, g.*
FROM json_to_recordset(%(wants)s::json) AS w(n int, user_id bigint, conv uuid, after bigint,
  told bigint, size int)
JOIN chat_conversation c ON c.public_id = w.conv
JOIN chat_member m ON m.conversation_id = c.id AND m.user_id = w.user_id
CROSS JOIN LATERAL ({ENDS}) e
CROSS JOIN LATERAL (SELECT COALESCE(w.after, LEAST(e.top_rev, NULLIF(w.told, 0) - 1, (
  SELECT min(u.rev) - 1 FROM chat_message u
  WHERE u.conversation_id = c.id AND u.seq > m.delivered_seq))) AS start) t
LEFT JOIN LATERAL (
  SELECT {MESSAGE}
  FROM (
    SELECT * FROM chat_message
    WHERE conversation_id = c.id AND rev > t.start AND seq <= e.top ORDER BY rev LIMIT w.size
  ) x LEFT JOIN accounts_user s ON s.id = x.sender_id
) g ON true
ORDER BY w.n, g.rev
"""  # noqa: S608 only names of the house


@dataclass(frozen=True, slots=True)
class Question:
    """A member asks for what changed after a revision; None: see ``Want``."""

    user_id: int
    conv: str
    after: int | None
    size: int = house.SYNC_LIMIT
    told: int = 0


class ChatFeed:
    """Revisions and missing messages of conversations, for the hub."""

    def latest(
        self, user_ids: Sequence[int], *, since: datetime | None
    ) -> dict[int, dict[str, int]]:
        """Return the last revision of the conversations of these accounts."""
        parameters = {"users": list(user_ids), "since": since, "limit": FOLLOWED}
        standings: dict[int, dict[str, int]] = {}
        with connection.cursor() as cursor:
            cursor.execute(GROWN if since else RECENT, parameters)
            for user_id, conv, last in cursor.fetchall():
                standings.setdefault(user_id, {})[conv.replace("-", "")] = last
        return standings

    def missing(self, wants: Sequence[Want]) -> list[Filling | None]:
        """Return one ``sync`` frame for each want, in the language of its reader."""
        pages = read_pages(
            [Question(want.user_id, want.key, want.after, told=want.told) for want in wants]
        )
        return [
            None if page is None else _filling(page, want.language)
            for page, want in zip(pages, wants, strict=True)
        ]


Page = dict[str, Any]


def read_pages(questions: Sequence[Question]) -> list[Page | None]:
    """Return what changed, oldest change first, for each question.

    None for who never was a member. System sentences are in the active language.
    """
    rows = [{"n": n, **asdict(question)} for n, question in enumerate(questions)]
    pages: list[Page | None] = [None] * len(rows)
    with connection.cursor() as cursor:
        cursor.execute(MISSING, {"wants": orjson.dumps(rows).decode()})
        for n, group in groupby(cursor.fetchall(), key=lambda row: int(row[0])):
            pages[n] = _page(list(group))
    return pages


def _page(rows: list[tuple[Any, ...]]) -> Page:
    _n, conv, top, top_rev = rows[0][:4]
    messages = [plain_message(row[4:]) for row in rows if row[4] is not None]
    more = bool(messages) and messages[-1]["rev"] < top_rev
    return {
        "conv": conv,
        "messages": messages,
        "last_seq": top,
        "last_rev": top_rev,
        "more": more,
    }


def plain_message(values: Sequence[Any]) -> dict[str, Any]:
    """Return a message as clients see it, from values in the order of NAMES."""
    message = dict(zip(NAMES, values, strict=True))
    message["sender"] = rules.face_of(message["role"], message["sender"])
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
    upto = page["messages"][-1]["rev"] if page["messages"] else page["last_rev"]
    if not page["messages"]:
        return Filling("", upto)
    with override(language):
        frame = sync_frame(page)
        return Filling(encode(frame), upto)


def sync_frame(page: Page) -> dict[str, Any]:
    """Return the frame that carries a page, sentences in the active language."""
    return {"t": "sync", **page, "messages": [speak(message) for message in page["messages"]]}
