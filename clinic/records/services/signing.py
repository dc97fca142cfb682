"""Signing a record: from then on it never changes."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from clinic.core import signing
from clinic.core.clock import clinic_day
from clinic.core.events import publish
from clinic.core.ids import random_code
from clinic.patients.rules import age_in_years
from clinic.records.enums import CodeSystem, State
from clinic.records.errors import RecordIncompleteError, RecordSignedError
from clinic.records.events import RecordSigned
from clinic.records.models import MedicalRecord, RecordDiagnosis
from clinic.records.rules import lacks_pattern, lacks_western_pair
from clinic.records.selectors.contents import content_of
from clinic.records.services.drafts import Care, save_draft
from clinic.settings import rules

PRINTED_LANGUAGE = "zh-hans"  # of the frozen words of a record


def sign(care: Care, *, told: dict[str, Any], now: datetime) -> MedicalRecord:
    """Complete the draft with what is told, and sign it with the key of the house.

    In the transaction that ends the care, under its lock. Raises RecordSignedError,
    RecordIncompleteError, InvalidInputError.
    """
    with transaction.atomic():
        record = save_draft(care, told=told)
        if record.state == State.SIGNED:
            raise RecordSignedError
        diagnoses = list(record.diagnoses.order_by("position"))
        record.diagnosis = record.diagnosis or _in_words(diagnoses)
        _check_complete(record, diagnoses)
        _seal(record, care, now)
        publish(
            RecordSigned(
                record_id=record.pk,
                subject_kind=record.subject_kind,
                subject_public_id=record.subject_public_id,
            )
        )
    return record


def _seal(record: MedicalRecord, care: Care, now: datetime) -> None:
    record.state, record.signed_at = State.SIGNED, now
    record.printed = _heading(care, now)
    record.verify_token = random_code(rules.RECORD_TOKEN_CHARS)
    made = signing.sign(content_of(record))
    record.content_hash, record.key_id, record.signature = made.digest, made.key_id, made.text
    record.save(
        update_fields=[
            "diagnosis", "state", "signed_at", "printed", "verify_token", "content_hash",
            "key_id", "signature",
        ]
    )  # fmt: skip


def _heading(care: Care, now: datetime) -> dict[str, Any]:
    """Return who, by whom and where, in the words that stand on paper for ever."""
    doctor, person = care.doctor, care.person
    with translation.override(PRINTED_LANGUAGE):
        return {
            "clinic": settings.CLINIC_NAME,
            "doctor": doctor.name,
            "level": str(doctor.get_level_display()),
            "hospital": doctor.hospital,
            "department": doctor.department.name,
            "person": person.name,
            "gender": str(person.get_gender_display()),
            "age": age_in_years(person.birthday, clinic_day(now)),
            "birthday": person.birthday.isoformat() if person.birthday else "",
        }


def _in_words(diagnoses: list[RecordDiagnosis]) -> str:
    return "；".join(f"{row.name}（{row.code}）" for row in diagnoses)


def _check_complete(record: MedicalRecord, diagnoses: list[RecordDiagnosis]) -> None:
    systems = {row.system for row in diagnoses}
    codes = {row.code for row in diagnoses if row.system == CodeSystem.ICD11}
    if not record.chief_complaint:
        raise RecordIncompleteError(reason=_("write the chief complaint."))
    if not record.diagnosis:
        raise RecordIncompleteError(reason=_("write or choose a diagnosis."))
    if not record.advice:
        raise RecordIncompleteError(reason=_("write the advice."))
    if lacks_pattern(systems):
        raise RecordIncompleteError(reason=_("a TCM disease and its pattern go together."))
    if lacks_western_pair(codes):
        raise RecordIncompleteError(
            reason=_("an ICD-11 code of traditional medicine needs one of another chapter.")
        )
