"""Who may read the files of messages."""

from typing import Final
from uuid import UUID

from django.db import connection

from chat.models import Message
from clinic.core.errors import NotFoundError
from clinic.files.enums import FileKind
from clinic.files.models import StoredFile
from clinic.files.purposes import Purpose, declare_purpose
from clinic.files.selectors import judged

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


def file_in(conversation_id: int, public_id: UUID) -> StoredFile:
    """Return a file that a message of the thread carries, for staff who may read the thread.

    Raises NotFoundError, FileBeingScannedError, FileRefusedError.
    """
    carrier = (
        Message.objects.filter(
            conversation=conversation_id, attachment__public_id=public_id, recalled_at=None
        )
        .select_related("attachment")
        .first()
    )
    if carrier is None or carrier.attachment is None:
        raise NotFoundError
    return judged(carrier.attachment)


declare_purpose(Purpose(PURPOSE, frozenset(FileKind), may_read))
