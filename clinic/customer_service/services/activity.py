"""Signs of life of customers: typing, reading and correcting put off the end of a silent chat."""

from collections.abc import Sequence
from typing import Final

import orjson
from django.db import connection

from chat.enums import Activity, ConversationKind
from chat.services.activity import Note, on_activity
from clinic.customer_service.rules import AGENT_ROLES

# A chat that somebody moves at this moment is left alone: nobody waits here. A sign a little older
# than the one known changes nothing.
NOTE_SIGNS: Final = """
UPDATE customer_service_servicechat s SET activity_at = w.at
FROM json_to_recordset(%s::json) AS w(conversation_id bigint, at timestamptz)
WHERE s.id IN (
  SELECT f.id FROM customer_service_servicechat f
  WHERE f.conversation_id = w.conversation_id AND f.state = 'active' AND f.activity_at < w.at
  FOR NO KEY UPDATE SKIP LOCKED)
"""


def note_signs(notes: Sequence[Note]) -> None:
    """Store the customers' signs of life in one statement; their words stand in the messages."""
    signs = [
        {"conversation_id": note.conversation_id, "at": note.at}
        for note in notes
        if note.role not in AGENT_ROLES and note.activity != Activity.MESSAGE
    ]
    if signs:
        with connection.cursor() as cursor:
            cursor.execute(NOTE_SIGNS, [orjson.dumps(signs).decode()])


on_activity(ConversationKind.SERVICE, note_signs)
on_activity(ConversationKind.ASSISTANT, note_signs)
