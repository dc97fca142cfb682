"""What exactly is signed: a record or an addendum as a document of plain values."""

from datetime import datetime
from typing import Any

from clinic.core.clock import moment_text
from clinic.core.signing import Signature, is_genuine
from clinic.records.enums import TEXTS
from clinic.records.models import MedicalRecord, RecordAddendum


def content_of(record: MedicalRecord) -> dict[str, Any]:
    """Return all that the signature of a record covers. Reads the diagnoses."""
    return {
        "number": record.number,
        "care": {"kind": record.subject_kind, "id": str(record.subject_public_id)},
        "printed": record.printed,
        "texts": {name: getattr(record, name) for name in TEXTS},
        "diagnoses": [
            {"system": row.system, "edition": row.edition, "code": row.code, "name": row.name}
            for row in sorted(record.diagnoses.all(), key=lambda row: row.position)
        ],
        "signed_at": _text(record.signed_at),
    }


def addendum_content(addendum: RecordAddendum, *, after: str) -> dict[str, Any]:
    """Return all that the signature of an addendum covers; ``after`` is the hash before it."""
    return {
        "record": addendum.record.number,
        "position": addendum.position,
        "author": addendum.author_name,
        "reason": addendum.reason,
        "text": addendum.text,
        "signed_at": _text(addendum.signed_at),
        "after": after,
    }


def signature_of(row: MedicalRecord | RecordAddendum) -> Signature:
    """Return the stored signature of a record or an addendum."""
    return Signature(row.content_hash, row.key_id, row.signature)


def is_untouched(record: MedicalRecord) -> bool:
    """Say whether record and addenda are what was signed. Reads diagnoses and addenda."""
    if not is_genuine(content_of(record), signature_of(record)):
        return False
    after = record.content_hash
    for number, addendum in enumerate(addenda_in_order(record), start=1):
        content = addendum_content(addendum, after=after)
        if addendum.position != number or not is_genuine(content, signature_of(addendum)):
            return False
        after = addendum.content_hash
    return True


def addenda_in_order(record: MedicalRecord) -> list[RecordAddendum]:
    """Return the addenda of a record, the first one first."""
    return sorted(record.addenda.all(), key=lambda row: row.position)


def _text(moment: datetime | None) -> str:
    return moment_text(moment) if moment else ""
