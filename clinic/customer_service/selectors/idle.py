"""Reads of silence: who spoke last in a chat, and when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import connection

from clinic.customer_service.rules import Silence

# System messages are nobody's word.
SILENCES: Final = """
SELECT s.id, s.assigned_at, coalesce(last.role, ''), last.created_at, s.activity_at, s.warned_at,
  s.alarmed_at, s.held_until, a.status = 'offline'
FROM customer_service_servicechat s
JOIN customer_service_agent a ON a.id = s.agent_id
LEFT JOIN LATERAL (
  SELECT m.role, m.created_at FROM chat_message m
  WHERE m.conversation_id = s.conversation_id AND m.kind <> 'system'
  ORDER BY m.seq DESC LIMIT 1
) last ON true
WHERE s.state = 'active'
"""
FIRST_REPLY: Final = """
SELECT min(m.created_at) FROM chat_message m
JOIN customer_service_servicechat s ON s.conversation_id = m.conversation_id
WHERE s.id = %(chat_id)s AND m.role IN ('agent', 'assistant')
"""
OF_CHAT: Final = SILENCES + " AND s.id = %(chat_id)s"
OF_AGENT: Final = SILENCES + " AND s.agent_id = %(agent_id)s ORDER BY s.id"


@dataclass(frozen=True, slots=True)
class SilentChat:
    """An active chat and what is known of its silence."""

    chat_id: int
    silence: Silence


def active_silences(awake_since: datetime) -> list[SilentChat]:
    """Return every active chat with its silence, in one query."""
    return _read(SILENCES + " ORDER BY s.id", {}, awake_since)


def silence_of(chat_id: int, awake_since: datetime) -> Silence | None:
    """Return the silence of one chat; None when it is not active any more."""
    found = _read(OF_CHAT, {"chat_id": chat_id}, awake_since)
    return found[0].silence if found else None


def silences_with(agent_id: int, awake_since: datetime) -> list[SilentChat]:
    """Return the active chats of an agent with their silence."""
    return _read(OF_AGENT, {"agent_id": agent_id}, awake_since)


def first_reply_at(chat_id: int) -> datetime | None:
    """Return when an agent first spoke in a chat; None when nobody has."""
    with connection.cursor() as cursor:
        cursor.execute(FIRST_REPLY, {"chat_id": chat_id})
        found: datetime | None = cursor.fetchone()[0]
    return found


def _read(statement: str, values: dict[str, Any], awake_since: datetime) -> list[SilentChat]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return [_silent(row, awake_since) for row in cursor.fetchall()]


def _silent(row: Sequence[Any], awake_since: datetime) -> SilentChat:
    chat_id, assigned_at, role, spoken_at, active_at, warned_at, alarmed_at, held_until, gone = row
    silence = Silence(
        assigned_at=assigned_at,
        spoke_last=role,
        spoken_at=spoken_at,
        active_at=active_at,
        warned_at=warned_at,
        alarmed_at=alarmed_at,
        held_until=held_until,
        awake_since=awake_since,
        is_agent_gone=gone,
    )
    return SilentChat(chat_id, silence)
