"""Removing files that nothing took, and asking the scanner."""

import logging

from django.core.files.storage import storages
from django.db import transaction

from clinic.adapters.errors import AdapterError
from clinic.core.batches import each_alone
from clinic.core.clock import now
from clinic.core.errors import NotFoundError
from clinic.files import selectors
from clinic.files.enums import Scan
from clinic.files.gateways.scanning import is_clean, is_scanning
from clinic.files.models import StoredFile
from clinic.settings import rules

log = logging.getLogger(__name__)


def remove_orphans() -> int:
    """Remove files that nothing took within FILE_UNBOUND_LIFE; returns how many."""
    keys = selectors.orphans(now()).values_list("pk", flat=True)[: rules.FILE_SWEEP_BATCH]
    return each_alone(list(keys), remove_orphan)


@transaction.atomic
def remove_orphan(file_id: int) -> None:
    """Remove one unbound file, row and bytes; one that is being bound just now stays."""
    rows = selectors.orphans(now()).select_for_update(skip_locked=True)
    file = rows.filter(pk=file_id).first()
    if file is not None:
        # The bytes first: a row without bytes is swept again, bytes without a row never.
        storages[selectors.STORAGE].delete(file.stored_as)
        file.delete()


def scan_waiting() -> int:
    """Ask the scanner about files it has not judged; returns how many."""
    if not is_scanning():
        return 0
    keys = selectors.waiting_for_scan().values_list("pk", flat=True)[: rules.FILE_SWEEP_BATCH]
    return each_alone(list(keys), scan_file)


def scan_file(file_id: int) -> None:
    """Ask the scanner about one file; what is refused loses its bytes. Safe to repeat."""
    file = selectors.waiting_for_scan().filter(pk=file_id).first()
    if file is None:
        return
    try:
        verdict = Scan.CLEAN if is_clean(selectors.bytes_of(file)) else Scan.REFUSED
    except NotFoundError:
        return  # the upload has not finished, or its orphan will be swept
    except AdapterError as error:
        log.warning("scanner away", extra={"error": type(error).__name__})
        return
    StoredFile.objects.filter(pk=file_id, scan=Scan.PENDING).update(scan=verdict)
    if verdict == Scan.REFUSED:
        storages[selectors.STORAGE].delete(file.stored_as)
