"""Reads of intakes: the newest version, the warning words in use, who may see the files."""

from datetime import date
from typing import Final
from uuid import UUID

from django.db.models import Q, QuerySet

from clinic.files.enums import FileKind
from clinic.files.models import StoredFile
from clinic.files.purposes import Purpose, declare_purpose
from clinic.patients.models import VisitPerson
from clinic.records.models import MedicalRecord
from clinic.records.selectors.records import records_of_patient
from consultations.enums import IntakeUse, Pregnancy
from consultations.models import Consultation, IntakeFile, IntakeSheet, RedFlag, RevisitCheck
from consultations.rules.children import age_in_months

PHOTO: Final = "intake_photo"
PAPER: Final = "earlier_diagnosis"
PURPOSE_OF: Final = {IntakeUse.TONGUE: PHOTO, IntakeUse.FACE: PHOTO, IntakeUse.EARLIER: PAPER}


def newest_sheet(consultation_id: int) -> IntakeSheet | None:
    """Return what counts of the intake of a case, plain; None for cases of before intakes."""
    return _of(consultation_id).first()


def sheet_with_all(consultation_id: int, version: int | None = None) -> IntakeSheet | None:
    """Return a version, the newest by default, with files, warnings and the earlier record."""
    rows = _of(consultation_id).select_related("earlier_record__doctor")
    rows = rows.prefetch_related("files__file", "red_flags")
    return rows.first() if version is None else rows.filter(version=version).first()


def flags_for(person: VisitPerson, pregnancy: str, today: date) -> list[RedFlag]:
    """Return the warning words that concern this person now; of unknown age, those of a child."""
    months = age_in_months(person.birthday, today) or 0
    rows = RedFlag.objects.filter(Q(below_months=None) | Q(below_months__gt=months), is_active=True)
    if pregnancy != Pregnancy.YES:
        rows = rows.filter(only_pregnant=False)
    return list(rows.order_by("id"))


def own_record(consultation: Consultation, public_id: UUID) -> MedicalRecord | None:
    """Return an earlier signed record of the same visit person."""
    rows = records_of_patient(consultation.patient_id).filter(person_id=consultation.person_id)
    return rows.filter(public_id=public_id).first()


def file_of(consultation: Consultation, public_id: UUID) -> StoredFile | None:
    """Return a file of the intake of a case, of any version."""
    shown = IntakeFile.objects.filter(consultation=consultation, file__public_id=public_id)
    found = shown.select_related("file").first()
    return found.file if found else None


def files_of_case(consultation: Consultation) -> set[int]:
    """Return the keys of the files that the versions of a case show."""
    rows = IntakeFile.objects.filter(consultation=consultation)
    return set(rows.values_list("file_id", flat=True))


def latest_check(consultation: Consultation) -> RevisitCheck | None:
    """Return what the present doctor of a case said last about the re-visit."""
    rows = RevisitCheck.objects.filter(
        consultation=consultation, doctor_id=consultation.doctor_id or 0
    )
    return rows.order_by("-id").first()


def may_read(file_id: int, user_id: int) -> bool:
    """Say whether the account is the patient; doctors read through the case, which is noted."""
    return IntakeFile.objects.filter(file_id=file_id, consultation__patient_id=user_id).exists()


def _of(consultation_id: int) -> QuerySet[IntakeSheet]:
    return IntakeSheet.objects.filter(consultation_id=consultation_id).order_by("-version")


declare_purpose(Purpose(PHOTO, frozenset({FileKind.IMAGE}), may_read))
declare_purpose(Purpose(PAPER, frozenset({FileKind.IMAGE, FileKind.FILE}), may_read))
