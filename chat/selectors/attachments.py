"""Who may read the files of messages."""

from typing import Final

from django.db import connection

from clinic.files.enums import FileKind
from clinic.files.purposes import Purpose, declare_purpose

PURPOSE: Final = "chat"
READER: Final = """
SELECT EXISTS (
  SELECT FROM chat_message x JOIN chat_member m ON m.conversation_id = x.conversation_id
  WHERE x.attachment_id = %s AND m.user_id = %s AND x.recalled_at IS NULL
    AND x.seq <= COALESCE(m.left_seq, x.seq)
)
"""


def may_read(file_id: int, user_id: int) -> bool:
    """Say whether the account sees the message that carries the file."""
    with connection.cursor() as cursor:
        cursor.execute(READER, [file_id, user_id])
        (answer,) = cursor.fetchone()
    return bool(answer)


declare_purpose(Purpose(PURPOSE, frozenset(FileKind), may_read))
