"""I3: numbers of messages have no gap, revisions and watermarks are in range."""

from django.db import connection
from django.utils.translation import gettext_lazy as _

from clinic.core.invariants import invariant

GAPS = """
SELECT c.id, c.last_seq, count(m.id), count(DISTINCT m.seq), coalesce(max(m.seq), 0)
FROM chat_conversation c LEFT JOIN chat_message m ON m.conversation_id = c.id
GROUP BY c.id
HAVING count(m.id) <> c.last_seq OR count(DISTINCT m.seq) <> c.last_seq
  OR coalesce(max(m.seq), 0) <> c.last_seq
"""
REVISIONS = """
SELECT c.id, c.last_rev, coalesce(max(m.rev), 0), count(r.id)
FROM chat_conversation c LEFT JOIN chat_message m ON m.conversation_id = c.id
LEFT JOIN chat_messagerevision r ON r.message_id = m.id
GROUP BY c.id
HAVING coalesce(max(m.rev), 0) <> c.last_rev OR c.last_seq + count(r.id) <> c.last_rev
"""
RANGES = """
SELECT m.id, m.read_seq, m.delivered_seq, c.last_seq
FROM chat_member m JOIN chat_conversation c ON c.id = m.conversation_id
WHERE m.read_seq > m.delivered_seq OR m.delivered_seq > c.last_seq OR m.left_seq > c.last_seq
  OR m.left_rev > c.last_rev
"""


@invariant("I3", _("Messages of a chat have no gap and no double; watermarks are in range."))
def chat_breaches() -> list[str]:
    """Return chats with a gap or a double and members with impossible watermarks."""
    with connection.cursor() as cursor:
        cursor.execute(GAPS)
        gaps = [
            f"conversation {pk}: last {last}, {count} messages, {distinct} numbers, highest {top}"
            for pk, last, count, distinct, top in cursor.fetchall()
        ]
        cursor.execute(REVISIONS)
        revisions = [
            f"conversation {pk}: last revision {last}, highest {top}, {former} former texts"
            for pk, last, top, former in cursor.fetchall()
        ]
        cursor.execute(RANGES)
        ranges = [
            f"member {pk}: read {read}, delivered {delivered}, last {last}"
            for pk, read, delivered, last in cursor.fetchall()
        ]
    return gaps + revisions + ranges
