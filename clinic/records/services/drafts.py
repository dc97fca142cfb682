"""Writing a record before it is signed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from clinic.core.clock import clinic_day, now
from clinic.core.errors import ConflictError, InvalidInputError
from clinic.core.ids import random_digits
from clinic.patients.models import VisitPerson
from clinic.records.enums import TEXTS, State
from clinic.records.errors import RecordSignedError
from clinic.records.models import DiagnosisCode, MedicalRecord, RecordDiagnosis
from clinic.records.rules import NUMBER_DIGITS, NUMBER_DRAWS, record_number
from clinic.records.selectors.codes import entries_in_use
from doctors.models import Doctor


@dataclass(frozen=True, slots=True, kw_only=True)
class Care:
    """The care that a record is of, as the room above knows it; that room holds its lock.

    ``first`` holds texts by their names with which a new draft begins.
    """

    kind: str
    public_id: UUID
    doctor: Doctor
    person: VisitPerson
    patient_id: int
    first: Mapping[str, str] = field(default_factory=dict)


def save_draft(care: Care, *, told: dict[str, Any]) -> MedicalRecord:
    """Store what the doctor wrote so far; what is not told stays as it is.

    ``told`` holds texts by their names and ``diagnoses``, a list of {system, code}. The draft is
    the one of the doctor who has the care now. In the caller's transaction; locks the record.
    Raises RecordSignedError, InvalidInputError for codes that no diagnosis may have.
    """
    with transaction.atomic():
        record = _locked(care)
        if record.state == State.SIGNED:
            raise RecordSignedError
        texts = {name: told[name].strip() for name in TEXTS if name in told}
        for name, text in texts.items():
            setattr(record, name, text)
        record.doctor = care.doctor
        record.save(update_fields=["doctor", *texts])
        if "diagnoses" in told:
            _replace_diagnoses(record, told["diagnoses"])
    return record


def _locked(care: Care) -> MedicalRecord:
    key = {"subject_kind": care.kind, "subject_public_id": care.public_id}
    rows = MedicalRecord.objects.select_for_update(of=("self",), no_key=True).filter(**key)
    for _draw in range(NUMBER_DRAWS):
        record = rows.first()
        if record is not None:
            return record
        # Refused when somebody was faster, or when the number drawn is taken.
        MedicalRecord.objects.bulk_create([_new(care)], ignore_conflicts=True)
    raise ConflictError


def _new(care: Care) -> MedicalRecord:
    return MedicalRecord(
        number=record_number(clinic_day(now()), random_digits(NUMBER_DIGITS)),
        subject_kind=care.kind,
        subject_public_id=care.public_id,
        doctor=care.doctor,
        person=care.person,
        patient_id=care.patient_id,
        **care.first,
    )


def _replace_diagnoses(record: MedicalRecord, wanted: list[dict[str, str]]) -> None:
    pairs = list(dict.fromkeys((one["system"], one["code"]) for one in wanted))
    found = entries_in_use(pairs)
    for number, pair in enumerate(pairs):
        _check_entry(found.get(pair), number)
    record.diagnoses.all().delete()
    RecordDiagnosis.objects.bulk_create(
        RecordDiagnosis(
            record=record,
            position=position,
            entry=found[pair],
            system=found[pair].system,
            edition=found[pair].edition,
            code=found[pair].code,
            name=found[pair].name,
        )
        for position, pair in enumerate(pairs, start=1)
    )


def _check_entry(entry: DiagnosisCode | None, number: int) -> None:
    where = f"diagnoses.{number}.code"
    if entry is None:
        raise InvalidInputError(where, _("This table has no such code in use."), code="unknown")
    if entry.is_category:
        raise InvalidInputError(
            where, _("This word names a category and is no diagnosis."), code="category_word"
        )
