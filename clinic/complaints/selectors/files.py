"""Who may read a file of a complaint."""

from typing import Final

from clinic.complaints.models import ComplaintFile
from clinic.files.enums import FileKind
from clinic.files.purposes import Purpose, declare_purpose

PURPOSE: Final = "complaint"


def may_read(file_id: int, user_id: int) -> bool:
    """Say whether the account is the patient who complains; staff read in the console."""
    rows = ComplaintFile.objects.filter(file_id=file_id)
    return rows.filter(complaint__patient_id=user_id).exists()


declare_purpose(Purpose(PURPOSE, frozenset({FileKind.IMAGE, FileKind.FILE}), may_read))
