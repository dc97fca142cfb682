"""Letting members into many conversations at once, each with a word of welcome."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import orjson
from django.db import connection

from chat.enums import MemberRole
from chat.models import Message
from chat.services.conversations import Greeting, MemberSpec
from chat.services.messages import push_system_message, system_message
from clinic.core.clock import now
from clinic.core.errors import NotFoundError
from clinic.realtime.push import push_on_commit

# The locks come first, in key order, so that the second statement sees what was committed before.
LOCK_TOPICS: Final = """
SELECT id FROM chat_conversation WHERE topic = ANY(%(topics)s) ORDER BY id FOR NO KEY UPDATE;
"""
SEAT_AND_SAY_EACH: Final = """
WITH want AS (
  SELECT * FROM json_to_recordset(%(joins)s::json) AS w(
    n int, topic text, user_id bigint, role text, name text, message_id uuid, code text,
    params jsonb)
), talk AS (
  UPDATE chat_conversation c SET last_seq = c.last_seq + 1, last_rev = c.last_rev + 1,
    last_message_at = %(now)s, changed_at = %(now)s
  FROM want w WHERE c.topic = w.topic
  RETURNING c.id, c.public_id, c.kind, c.topic, c.writing, c.last_seq, c.last_rev, w.n
), seated AS (
  INSERT INTO chat_member (conversation_id, user_id, role, display_name, joined_at, delivered_seq,
    read_seq, sent_count)
  SELECT talk.id, w.user_id, w.role, w.name, %(now)s, 0, 0, 0 FROM talk JOIN want w ON w.n = talk.n
  ON CONFLICT (conversation_id, user_id) DO UPDATE SET
    role = excluded.role, display_name = excluded.display_name, left_seq = NULL, left_rev = NULL
), said AS (
  INSERT INTO chat_message (public_id, created_at, conversation_id, seq, rev, role, client_id,
    kind, body, code, params)
  SELECT w.message_id, %(now)s, talk.id, talk.last_seq, talk.last_rev, '', '', 'system', '',
    w.code, w.params
  FROM talk JOIN want w ON w.n = talk.n
)
SELECT talk.n, talk.public_id, talk.kind, talk.topic, talk.writing, talk.last_seq, talk.last_rev,
  ARRAY(
    SELECT u.public_id FROM accounts_user u WHERE u.id = w.user_id OR u.id IN (
      SELECT m.user_id FROM chat_member m
      WHERE m.conversation_id = talk.id AND m.left_seq IS NULL))
FROM talk JOIN want w ON w.n = talk.n ORDER BY talk.n
"""


@dataclass(frozen=True, slots=True)
class Join:
    """A member comes into the conversation of a topic, and a system message says so."""

    topic: str
    member: MemberSpec
    greeting: Greeting


def join_conversations(joins: Sequence[Join]) -> None:
    """Seat each member (again) in a conversation that is there and say the greeting.

    One round trip, whatever the number; each topic may stand there once. Raises NotFoundError.
    """
    if not joins:
        return
    moment = now()
    messages = [system_message(join.greeting.code, join.greeting.params) for join in joins]
    values: dict[str, Any] = {
        "topics": [join.topic for join in joins],
        "joins": orjson.dumps(
            [_plain(n, join, messages[n]) for n, join in enumerate(joins)]
        ).decode(),
        "now": moment,
    }
    with connection.cursor() as cursor:
        cursor.execute(LOCK_TOPICS + SEAT_AND_SAY_EACH, values)
        rows = cursor.fetchall()
    if len(rows) != len(joins):
        raise NotFoundError
    for row in rows:
        _tell(row, messages[row[0]], moment)


def _plain(n: int, join: Join, message: Message) -> dict[str, Any]:
    return {
        "n": n,
        "topic": join.topic,
        "user_id": join.member.user_id,
        "role": MemberRole(join.member.role).value,
        "name": join.member.display_name,
        "message_id": message.public_id,
        "code": message.code,
        "params": message.params,
    }


def _tell(row: tuple[Any, ...], message: Message, moment: datetime) -> None:
    _n, conv, kind, topic, writing, seq, rev, users = row
    people: list[UUID] = users
    message.seq, message.rev, message.created_at = seq, rev, moment
    frame = {
        "t": "conversation",
        "conv": conv,
        "kind": kind,
        "topic": topic,
        "writing": writing,
        "last_seq": seq - 1,
        "last_rev": rev - 1,
    }
    push_on_commit(people, frame)
    push_system_message(people, conv, message)
