"""Reads of files."""

from datetime import datetime
from uuid import UUID

from django.core.files.storage import storages
from django.db.models import QuerySet

from clinic.core.actor import Actor
from clinic.core.errors import NotFoundError
from clinic.files.enums import Scan
from clinic.files.errors import FileBeingScannedError, FileRefusedError
from clinic.files.models import StoredFile
from clinic.files.purposes import PURPOSES
from clinic.settings import rules

STORAGE = "files"


def readable_file(actor: Actor, public_id: UUID) -> StoredFile:
    """Return a file that the actor may read: his own, or one that a room above shows him.

    Raises NotFoundError, FileBeingScannedError, FileRefusedError.
    """
    file = StoredFile.objects.filter(public_id=public_id).first()
    if file is None or not _may_read(actor, file):
        raise NotFoundError
    return judged(file)


def judged(file: StoredFile) -> StoredFile:
    """Return the file if it was found harmless; whether the reader may is for the caller.

    Raises FileBeingScannedError, FileRefusedError.
    """
    if file.scan == Scan.REFUSED:
        raise FileRefusedError
    if file.scan == Scan.PENDING:
        raise FileBeingScannedError
    return file


def _may_read(actor: Actor, file: StoredFile) -> bool:
    if actor.user_id is None:
        return False
    purpose = PURPOSES.get(file.purpose)
    if file.bound_at is None or purpose is None:
        return file.owner_id == actor.user_id
    return purpose.may_read(file.pk, actor.user_id)


def bytes_of(file: StoredFile) -> bytes:
    """Return the whole content. Raises NotFoundError when the storage has lost it."""
    try:
        with storages[STORAGE].open(file.stored_as) as opened:
            return bytes(opened.read())
    except FileNotFoundError:
        raise NotFoundError from None


def orphans(now: datetime) -> QuerySet[StoredFile]:
    """Return files that nothing took in time, oldest first."""
    return StoredFile.objects.filter(
        bound_at=None, created_at__lt=now - rules.FILE_UNBOUND_LIFE
    ).order_by("created_at")


def waiting_for_scan() -> QuerySet[StoredFile]:
    """Return files that the scanner has not judged, oldest first."""
    return StoredFile.objects.filter(scan=Scan.PENDING).order_by("pk")
