"""What became of messages: sent, delivered, read, and when. Told to their sender alone."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

from django.db import connection

from chat.selectors.feed import ENDS, MESSAGE, plain_message

# The first moment at which somebody of another role had the message; colleagues do not count.
FIRST: Final = """(
  SELECT min(f.at) FROM chat_member o CROSS JOIN LATERAL (
    SELECT v.at FROM chat_watermarkmove v WHERE v.member_id = o.id AND v.{mark} >= x.seq
    ORDER BY v.{mark}, v.at LIMIT 1) f
  WHERE o.conversation_id = x.conversation_id AND o.role <> x.role)"""
TOP: Final = """(
  SELECT max(o.{mark}) FROM chat_member o
  WHERE o.conversation_id = x.conversation_id AND o.role <> x.role)"""
RECEIPT: Final = (
    f"CASE WHEN {TOP.format(mark='read_seq')} >= x.seq THEN 'read'"
    f" WHEN {TOP.format(mark='delivered_seq')} >= x.seq THEN 'delivered' ELSE 'sent' END,"
    f" {FIRST.format(mark='delivered_seq')}, {FIRST.format(mark='read_seq')}"
)
OWN: Final = "(x.sender_id = m.user_id OR (x.role = 'assistant' AND m.role = 'assistant'))"
RECEIPTS: Final = f"""
SELECT x.seq, {RECEIPT}
FROM chat_conversation c
JOIN chat_member m ON m.conversation_id = c.id AND m.user_id = %s
JOIN chat_message x ON x.conversation_id = c.id AND x.seq = ANY(%s) AND {OWN}
WHERE c.public_id = %s
"""  # noqa: S608 only names of the house
ONE: Final = f"""
SELECT {OWN}, {RECEIPT}, {MESSAGE}
FROM chat_conversation c
JOIN chat_member m ON m.conversation_id = c.id AND m.user_id = %s
CROSS JOIN LATERAL ({ENDS}) e
JOIN chat_message x ON x.conversation_id = c.id AND x.public_id = %s AND x.seq <= e.top
LEFT JOIN accounts_user s ON s.id = x.sender_id
WHERE c.public_id = %s
"""  # noqa: S608 only names of the house


class Receipt(NamedTuple):
    """Where a message stands with the other side; times may be unknown (older than their table)."""

    status: str | None = None
    delivered_at: datetime | None = None
    read_at: datetime | None = None


def receipts_of(user_id: int, conversation: UUID, seqs: Sequence[int]) -> dict[int, Receipt]:
    """Return the receipts of those of the messages that the account sent, by number."""
    with connection.cursor() as cursor:
        cursor.execute(RECEIPTS, [user_id, list(seqs), conversation])
        return {seq: Receipt(*told) for seq, *told in cursor.fetchall()}


def read_message(user_id: int, conversation: UUID, message: UUID) -> dict[str, Any] | None:
    """Return a message with its receipt as a member sees it; None for others."""
    with connection.cursor() as cursor:
        cursor.execute(ONE, [user_id, message, conversation])
        row = cursor.fetchone()
    if row is None:
        return None
    receipt = Receipt(*row[1:4]) if row[0] else Receipt()
    return plain_message(row[4:]) | receipt._asdict()
