"""Emptying dialogue that was kept for its years: numbers and moments stay, words and files go."""

from datetime import datetime
from typing import Final

from django.db import connection, transaction

from chat.enums import ConversationKind
from chat.models import Conversation, Message, MessageWords
from clinic.files.services.forgetting import forget_contents

REASON: Final = "kept_long_enough"
# Each emptying is a recall, so that clients which come back learn of it by revision.
EMPTY: Final = """
WITH old AS (
  SELECT id, row_number() OVER (ORDER BY seq) AS place FROM chat_message
  WHERE conversation_id = %(talk)s AND created_at < %(before)s
    AND kind <> 'system' AND recalled_at IS NULL)
UPDATE chat_message m SET body = '', extra = NULL, recalled_at = %(now)s,
  recall_reason = %(reason)s, changed_by_id = NULL, rev = %(rev)s + old.place
FROM old WHERE m.id = old.id
"""
EMPTY_FORMER: Final = """
UPDATE chat_messagerevision r SET body = '', extra = NULL
FROM chat_message m WHERE m.id = r.message_id AND m.conversation_id = %(talk)s
  AND m.created_at < %(before)s AND (r.body <> '' OR r.extra IS NOT NULL)
"""
WITH_WORDS: Final = """
SELECT DISTINCT m.conversation_id FROM chat_message m
JOIN chat_conversation c ON c.id = m.conversation_id AND c.kind = %(kind)s
WHERE m.created_at < %(before)s AND m.kind <> 'system' AND (m.recalled_at IS NULL OR EXISTS (
  SELECT FROM chat_messagerevision r
  WHERE r.message_id = m.id AND (r.body <> '' OR r.extra IS NOT NULL)))
ORDER BY m.conversation_id
"""


def old_dialogues(before: datetime) -> list[int]:
    """Return the keys of consultations' conversations with words from before a moment."""
    with connection.cursor() as cursor:
        cursor.execute(WITH_WORDS, {"kind": ConversationKind.CONSULTATION, "before": before})
        return [int(key) for (key,) in cursor.fetchall()]


def forget_dialogue(conversation_id: int, *, before: datetime, now: datetime) -> int:
    """Empty the messages of a conversation from before a moment; returns how many. Repeatable.

    Locks the conversation. The database refuses it for dialogue younger than its years.
    """
    with transaction.atomic():
        rows = Conversation.objects.select_for_update(no_key=True)
        talk = rows.get(pk=conversation_id)
        old = Message.objects.filter(conversation=talk, created_at__lt=before)
        forget_contents(old.filter(attachment__isnull=False).values_list("attachment", flat=True))
        told: dict[str, int | str | datetime] = {
            "talk": talk.pk, "before": before, "now": now, "reason": REASON, "rev": talk.last_rev,
        }  # fmt: skip
        with connection.cursor() as cursor:
            cursor.execute(EMPTY, told)
            emptied = int(cursor.rowcount)
            cursor.execute(EMPTY_FORMER, told)
        talk.last_rev += emptied
        talk.save(update_fields=["last_rev"])
        MessageWords.objects.filter(message__in=old).delete()
    return emptied
