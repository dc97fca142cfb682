"""Who takes part."""

from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from chat.models import Member


@dataclass(frozen=True, slots=True)
class Seat:
    """A member in his conversation, and the others' public ids as hex."""

    conversation_id: int
    topic: str
    talk: str
    role: str
    others: tuple[str, ...]


def member_public_ids(conversation_id: int) -> list[UUID]:
    """Return the public ids of the accounts that take part now."""
    rows = Member.objects.filter(conversation_id=conversation_id, left_seq=None)
    return list(rows.values_list("user__public_id", flat=True))


def marks_of(conversation_id: int, user_id: int) -> tuple[int, int]:
    """Return up to which number an account has received and read; zeros when it takes no part."""
    rows = Member.objects.filter(conversation_id=conversation_id, user_id=user_id)
    return rows.values_list("delivered_seq", "read_seq").first() or (0, 0)


def seat_of(conversation_public_id: UUID, user_id: int) -> Seat | None:
    """Return where an account sits in a conversation; None when it takes no part."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT m.user_id, m.role, replace(u.public_id::text, '-', ''), c.id, c.topic, c.kind
            FROM chat_conversation c JOIN chat_member m ON m.conversation_id = c.id
            JOIN accounts_user u ON u.id = m.user_id
            WHERE c.public_id = %s AND m.left_seq IS NULL
            """,
            [conversation_public_id],
        )
        rows = cursor.fetchall()
    mine = next((row for row in rows if row[0] == user_id), None)
    if mine is None:
        return None
    others = tuple(row[2] for row in rows if row[0] != user_id)
    return Seat(mine[3], mine[4], mine[5], mine[1], others)
