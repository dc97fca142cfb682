"""Removing what files hold when the time of keeping is over; the rows stay for what names them."""

from collections.abc import Iterable

from django.core.files.storage import storages

from clinic.files.enums import Scan
from clinic.files.models import StoredFile
from clinic.files.selectors import STORAGE


def forget_contents(file_ids: Iterable[int]) -> int:
    """Remove bytes and names of files; returns how many. Repeatable; the caller judged the time."""
    files = StoredFile.objects.filter(pk__in=file_ids).exclude(name="")
    forgotten = 0
    for file in files.order_by("pk"):
        # The bytes first: a row with a name is tried again, bytes without one never.
        storages[STORAGE].delete(file.stored_as)
        file.name, file.scan = "", Scan.REFUSED
        file.save(update_fields=["name", "scan"])
        forgotten += 1
    return forgotten
