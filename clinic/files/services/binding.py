"""Files and the things that take them: each file is taken once."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from clinic.files.enums import Scan
from clinic.files.models import StoredFile


@dataclass(frozen=True, slots=True)
class Offered:
    """A file that may be attached, or is attached already (``is_bound``)."""

    id: int
    public_id: UUID
    owner_id: int
    kind: str
    is_bound: bool
    shown: dict[str, Any]


def offered_files(public_ids: Iterable[UUID], *, purpose: str) -> dict[UUID, Offered]:
    """Lock these files in key order and return them; refused ones are left out.

    The caller is in a transaction, compares the owner, refuses bound ones and then binds.
    """
    rows = StoredFile.objects.select_for_update(no_key=True).exclude(scan=Scan.REFUSED)
    found = rows.filter(public_id__in=list(public_ids), purpose=purpose).order_by("pk")
    return {
        file.public_id: Offered(
            file.pk,
            file.public_id,
            file.owner_id,
            file.kind,
            file.bound_at is not None,
            facts_of(file),
        )
        for file in found
    }


def bind_files(file_ids: Iterable[int], *, now: datetime) -> None:
    """Note that files are taken: they stay. In the transaction of what takes them."""
    StoredFile.objects.filter(pk__in=list(file_ids), bound_at=None).update(bound_at=now)


def facts_of(file: StoredFile) -> dict[str, Any]:
    """Return what people see of a file beside its bytes."""
    facts = {
        "file": str(file.public_id),
        "name": file.name,
        "mime": file.mime,
        "size": file.size,
        "width": file.width,
        "height": file.height,
        "duration_ms": file.duration_ms,
    }
    return {name: value for name, value in facts.items() if value is not None}
