"""The rows of the desk's lists: one planned statement each, whatever the number of chats.

A row is the same for every reader, so that a change is read once and shown to all concerned; only
``drafting`` is the reader's own.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Final
from uuid import UUID

import orjson

from chat.rules import lazy_system_text
from clinic.core.clock import now
from clinic.core.statements import Row, Statement, rows_of
from clinic.customer_service.selectors.seats import Seat
from clinic.customer_service.selectors.wording import customer_of, tag_of, team_of
from clinic.settings import rules

Values = dict[str, Any]
TABS: Final = ("mine", "waiting", "all", "ended")

COLUMNS: Final = {
    "pk": "s.id", "id": "s.public_id", "conversation": "c.public_id", "state": "s.state",
    "state_since": "s.state_since", "customer_id": "u.public_id", "customer_name": "u.name",
    "customer_phone": "u.phone", "side": "s.side", "team_id": "t.public_id", "team_code": "t.code",
    "team_zh": "t.name_zh", "team_en": "t.name_en", "face": "s.face", "language": "s.language",
    "agent_id": "CASE WHEN s.state <> 'waiting' THEN a.public_id END", "agent_name": "a.nickname",
    "priority": "s.priority", "enqueued_at": "s.enqueued_at", "assigned_at": "s.assigned_at",
    "first_reply_at": "s.first_reply_at", "held_until": "s.held_until", "last_seq": "c.last_seq",
    "said_seq": "said.seq", "said_kind": "said.kind", "said_body": "said.body",
    "said_code": "said.code", "said_params": "said.params::text", "said_role": "said.role",
    "said_at": "said.created_at", "unread": "open_words.unread",
    "waiting_since": "open_words.since", "sla_metric": "promise.metric",
    "sla_due_at": "promise.due_at", "sla_broken": "promise.is_broken",
    "tags": """(SELECT json_agg(json_build_array(g.id, g.name_zh, g.name_en, g.colour)
      ORDER BY g.id)::text FROM customer_service_servicechat_tags st
      JOIN customer_service_tag g ON g.id = st.tag_id WHERE st.servicechat_id = s.id)""",
    "warned_at": """CASE WHEN s.state = 'active'
      AND s.warned_at >= GREATEST(word.created_at, s.activity_at) THEN s.warned_at END""",
    "notes": "s.last_note", "ended_at": "s.ended_at", "end_reason": "s.end_reason",
}  # fmt: skip

# The last line is a person's; system lines show only while nobody has written. Unread are the
# customer's words after the watermark of the agent who serves; while nobody does, after the last
# word of the desk.
SOURCE: Final = """
JOIN chat_conversation c ON c.id = s.conversation_id
JOIN accounts_user u ON u.id = s.customer_id
JOIN customer_service_team t ON t.id = s.team_id
LEFT JOIN customer_service_agent a ON a.id = s.agent_id
LEFT JOIN LATERAL (
  SELECT x.seq, x.created_at FROM chat_message x
  WHERE x.conversation_id = c.id AND x.kind <> 'system' ORDER BY x.seq DESC LIMIT 1
) word ON true
LEFT JOIN LATERAL (
  SELECT x.seq, x.kind, left(x.body, 200) AS body, x.code, x.params, x.role, x.created_at
  FROM chat_message x
  WHERE x.conversation_id = c.id AND x.seq = COALESCE(word.seq, c.last_seq)
) said ON true
LEFT JOIN LATERAL (
  SELECT x.seq FROM chat_message x
  WHERE x.conversation_id = c.id AND x.role IN ('agent', 'assistant') ORDER BY x.seq DESC LIMIT 1
) answer ON true
LEFT JOIN chat_member seat
  ON seat.conversation_id = c.id AND seat.user_id = a.user_id AND s.state <> 'waiting'
CROSS JOIN LATERAL (
  SELECT count(*) FILTER (
      WHERE x.seq > COALESCE(seat.read_seq, answer.seq, 0) AND s.state <> 'ended') AS unread,
    min(x.created_at) FILTER (WHERE x.seq > COALESCE(answer.seq, 0) AND s.state <> 'ended') AS since
  FROM chat_message x
  WHERE x.conversation_id = c.id AND x.role IN ('patient', 'doctor')
    AND x.seq > LEAST(COALESCE(seat.read_seq, answer.seq, 0), COALESCE(answer.seq, 0))
) open_words
LEFT JOIN LATERAL (
  SELECT p.metric, p.due_at, p.broken_at IS NOT NULL AS is_broken
  FROM customer_service_slatimer p
  WHERE p.chat_id = s.id AND p.met_at IS NULL AND s.state <> 'ended' ORDER BY p.due_at LIMIT 1
) promise ON true
"""
REACH: Final = """
(ask.leads OR s.team_id = ANY(ask.teams) OR s.agent_id = ask.me OR EXISTS (
  SELECT FROM customer_service_handling h WHERE h.chat_id = s.id AND h.agent_id = ask.me))
"""
FILTERS: Final = """
  AND (ask.team IS NULL OR t.public_id = ask.team)
  AND (ask.language IS NULL OR s.language = ask.language)
  AND (ask.tag IS NULL OR EXISTS (SELECT FROM customer_service_servicechat_tags st
    WHERE st.servicechat_id = s.id AND st.tag_id = ask.tag))
  AND (NOT ask.is_unread OR open_words.unread > 0)
  AND (ask.due_by IS NULL OR promise.due_at <= ask.due_by)
"""
# What a tab shows, the key of its order, and which way it runs.
SHOWN: Final = {
    "mine": (
        "s.agent_id = ask.me AND s.state = 'active'",
        "{0}.assigned_at, {0}.id",
        "ASC",
    ),
    "waiting": (
        f"s.state = 'waiting' AND {REACH}",
        "-{0}.priority::int, {0}.enqueued_at, {0}.id",
        "ASC",
    ),
    "all": (f"s.state <> 'ended' AND {REACH}", "{0}.id", "DESC"),
    "ended": (f"s.state = 'ended' AND {REACH}", "{0}.ended_at, {0}.id", "DESC"),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class ListWish:
    """Which rows of a tab to show: filters, the id of the last row seen, how many."""

    tab: str = "mine"
    team: UUID | None = None
    tag: int | None = None
    language: str | None = None
    is_unread: bool = False
    due_by: datetime | None = None
    after: UUID | None = None
    limit: int = 50


def list_rows(seat: Seat, wish: ListWish) -> list[Values]:
    """Return the rows of a tab in its order, in one query.

    In an ended chat nothing is unread or due any more.
    """
    if wish.tab == "ended" and (wish.is_unread or wish.due_by is not None):
        return []
    found = rows_of(
        _listed(wish.tab),
        seat.agent.pk,
        seat.leads,
        list(seat.team_ids),
        wish.team,
        wish.tag,
        wish.language,
        wish.is_unread,
        wish.due_by,
        wish.after,
        wish.limit,
    )
    return own_rows(found)


def rows_by_key(chat_ids: Sequence[int]) -> dict[int, Values]:
    """Return the rows of these chats by key, as everybody sees them, in one query."""
    found = [_named(values) for values in rows_of(BY_KEY, list(chat_ids))]
    return {values["pk"]: shown_row(values) for values in found}


def own_row(seat: Seat, chat_id: int) -> Values | None:
    """Return one row as the agent sees it; whether he may is for the caller to know."""
    found = rows_of(ONE, seat.agent.pk, chat_id)
    return _own_row(found[0]) if found else None


def shown_row(values: Values) -> Values:
    """Return the row of a list made of the statement's values; names in the reader's language."""
    kept = {name: values[name] for name in PLAIN}
    return kept | {
        "customer": customer_of(
            values["customer_id"], values["customer_name"], values["customer_phone"], values["side"]
        ),
        "team": team_of(
            values["team_id"], values["team_code"], values["team_zh"], values["team_en"]
        ),
        "agent": _agent(values),
        "last_message": _last_message(values),
        "sla": _promise(values),
        "tags": [tag_of(*tag) for tag in orjson.loads(values["tags"] or b"[]")],
        "held_until": _still_held(values["held_until"]),
        "warned_ends_at": _warned_end(values["warned_at"]),
    }


PLAIN: Final = (
    *("id", "conversation", "state", "state_since", "face", "language", "priority"),
    *("enqueued_at", "assigned_at", "first_reply_at", "last_seq", "unread"),
    *("waiting_since", "notes", "ended_at", "end_reason"),
)


def _agent(values: Values) -> Values | None:
    if values["agent_id"] is None:
        return None
    return {"id": values["agent_id"], "name": values["agent_name"]}


def _last_message(values: Values) -> Values | None:
    if values["said_seq"] is None:
        return None
    code = values["said_code"]
    params = orjson.loads(values["said_params"] or b"null")
    return {
        "seq": values["said_seq"],
        "kind": values["said_kind"],
        "body": lazy_system_text(code, params) if code else values["said_body"],
        "role": values["said_role"],
        "at": values["said_at"],
    }


def _promise(values: Values) -> Values | None:
    if values["sla_metric"] is None:
        return None
    return {
        "metric": values["sla_metric"],
        "due_at": values["sla_due_at"],
        "broken": values["sla_broken"],
    }


def _still_held(until: datetime | None) -> datetime | None:
    return until if until is not None and until > now() else None


def _warned_end(warned_at: datetime | None) -> datetime | None:
    if warned_at is None:
        return None
    return warned_at + (rules.SERVICE_IDLE_END - rules.SERVICE_IDLE_WARN)


def _named(values: Row) -> Values:
    return dict(zip(COLUMNS, values, strict=True))


def own_rows(found: Sequence[Row]) -> list[Values]:
    """Return rows whose last value is whether the reader has a draft there."""
    return [_own_row(values) for values in found]


def _own_row(values: Row) -> Values:
    return shown_row(_named(values[:-1])) | {"drafting": values[-1]}


DRAFTING: Final = """
EXISTS (SELECT FROM customer_service_chatdraft d WHERE d.chat_id = s.id AND d.agent_id = ask.me)
"""


@cache
def _listed(tab: str) -> Statement:
    shown, key, way = SHOWN[tab]
    order = ", ".join(f"{part} {way}" for part in key.format("s").split(", "))
    beyond = ">" if way == "ASC" else "<"
    return Statement(
        f"desk_rows_{tab}",
        ("bigint", "boolean", "bigint[]", "uuid", "bigint", "text", "boolean", "timestamptz",
         "uuid", "int"),
        f"""
        WITH ask AS (SELECT %s AS me, %s AS leads, %s AS teams, %s AS team, %s AS tag,
          %s AS language, %s AS is_unread, %s AS due_by, %s AS after, %s AS size)
        SELECT {", ".join(COLUMNS.values())}, {DRAFTING}
        FROM ask CROSS JOIN customer_service_servicechat s {SOURCE}
        WHERE {shown} {FILTERS} AND (ask.after IS NULL OR ({key.format("s")}) {beyond} (
          SELECT {key.format("p")} FROM customer_service_servicechat p
          WHERE p.public_id = ask.after))
        ORDER BY {order} LIMIT (SELECT size FROM ask)
        """,  # noqa: S608 only names of the house
    )  # fmt: skip


BY_KEY: Final = Statement(
    "desk_rows_by_key",
    ("bigint[]",),
    f"""
    SELECT {", ".join(COLUMNS.values())} FROM customer_service_servicechat s {SOURCE}
    WHERE s.id = ANY(%s)
    """,  # noqa: S608 only names of the house
)
ONE: Final = Statement(
    "desk_row",
    ("bigint", "bigint"),
    f"""
    WITH ask AS (SELECT %s AS me, %s AS chat)
    SELECT {", ".join(COLUMNS.values())}, {DRAFTING}
    FROM ask JOIN customer_service_servicechat s ON s.id = ask.chat {SOURCE}
    """,  # noqa: S608 only names of the house
)


def due_by(moment: datetime) -> datetime:
    """Return the moment up to which a promise counts as nearly broken."""
    soon: timedelta = rules.SERVICE_DUE_SOON
    return moment + soon
