"""Correcting a signed record by adding to it."""

from django.db import transaction

from clinic.core import audit, signing
from clinic.core.actor import Actor
from clinic.core.clock import now
from clinic.core.errors import NotFoundError
from clinic.core.events import publish
from clinic.records.errors import TooManyAddendaError
from clinic.records.events import RecordAmended
from clinic.records.models import MedicalRecord, RecordAddendum
from clinic.records.selectors.contents import addenda_in_order, addendum_content
from clinic.records.selectors.records import signed_by
from clinic.settings import rules


def add_addendum(record_id: int, *, reason: str, text: str, actor: Actor) -> RecordAddendum:
    """Store and sign a correction by the doctor who signed the record. Locks the record.

    Raises NotFoundError for everybody else, TooManyAddendaError.
    """
    with transaction.atomic():
        record = _locked(record_id, actor)
        before = addenda_in_order(record)
        if len(before) >= rules.ADDENDA_MAX:
            raise TooManyAddendaError(most=rules.ADDENDA_MAX)
        addendum = RecordAddendum(
            record=record,
            position=len(before) + 1,
            author=record.doctor,
            author_name=record.doctor.name,
            reason=reason.strip(),
            text=text.strip(),
            signed_at=now(),
        )
        after = before[-1].content_hash if before else record.content_hash
        made = signing.sign(addendum_content(addendum, after=after))
        addendum.content_hash, addendum.key_id = made.digest, made.key_id
        addendum.signature = made.text
        addendum.save(force_insert=True)
        audit.record(actor, "record.amend", "record", record.public_id, position=addendum.position)
        publish(RecordAmended(record_id=record.pk, addendum_id=addendum.pk))
    return addendum


def _locked(record_id: int, actor: Actor) -> MedicalRecord:
    rows = signed_by(actor).select_related("doctor")
    record = rows.select_for_update(of=("self",), no_key=True).filter(pk=record_id).first()
    if record is None:
        raise NotFoundError
    return record
