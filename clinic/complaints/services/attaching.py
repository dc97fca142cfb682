"""Files of a complaint."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from clinic.complaints.models import Complaint, ComplaintFile, ComplaintNote
from clinic.complaints.selectors.files import PURPOSE
from clinic.core.actor import Actor
from clinic.core.errors import InvalidInputError
from clinic.files.services.binding import bind_files, offered_files


def take_files(
    complaint: Complaint,
    public_ids: Sequence[UUID],
    *,
    actor: Actor,
    now: datetime,
    note: ComplaintNote | None = None,
) -> None:
    """Bind uploads of the actor to a complaint. In the caller's transaction.

    Raises InvalidInputError for what is not his, not for this purpose, or taken.
    """
    if not public_ids:
        return
    offered = offered_files(public_ids, purpose=PURPOSE)
    files = [offered.get(public_id) for public_id in dict.fromkeys(public_ids)]
    usable = [
        file for file in files if file and file.owner_id == actor.user_id and not file.is_bound
    ]
    if len(usable) != len(files):
        raise InvalidInputError("files", _("Upload the files first, for this purpose."))
    ComplaintFile.objects.bulk_create(
        ComplaintFile(complaint=complaint, note=note, file_id=file.id) for file in usable
    )
    bind_files([file.id for file in usable], now=now)
