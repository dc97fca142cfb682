"""What the patient tells before a doctor begins: a new version each time, warnings raised."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from clinic.core import audit
from clinic.core.actor import Actor
from clinic.core.clock import clinic_day
from clinic.core.clock import now as current_moment
from clinic.core.errors import InvalidInputError, NotFoundError
from clinic.files.errors import AttachmentUsedError, FileMissingError
from clinic.files.services.binding import Offered, bind_files, offered_files
from clinic.patients.enums import Gender
from clinic.settings import rules as numbers
from consultations.enums import INTAKE_OPEN, Allergy, IntakeSource, IntakeUse, Pregnancy
from consultations.errors import IntakeFrozenError, UnknownChoiceError
from consultations.models import Consultation, IntakeFile, IntakeSheet, RaisedFlag
from consultations.rules.red_flags import stated
from consultations.rules.ten_questions import TEN_QUESTIONS, complaints_of
from consultations.selectors.intakes import (
    PURPOSE_OF,
    files_of_case,
    flags_for,
    newest_sheet,
    own_record,
)
from consultations.services import announcing
from consultations.services.state import locked

WARNING_LANGUAGE = "zh-hans"  # of the choices that are searched for warning words


@dataclass(frozen=True, kw_only=True, slots=True)
class Form:
    """The intake as the patient fills it in; empty means not told. Ids are public ones."""

    complaint: str = ""
    duration_value: int | None = None
    duration_unit: str = ""
    allergy: str = ""
    allergies: str = ""
    pregnancy: str = ""
    drugs: str = ""
    ten_questions: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    height_cm: Decimal | None = None
    weight_kg: Decimal | None = None
    earlier_diagnosis: str = ""
    guardian_name: str = ""
    guardian_relation: str = ""
    earlier_record_id: UUID | None = None
    files: tuple[tuple[IntakeUse, UUID], ...] = ()


TOLD = tuple(one.name for one in fields(Form) if one.name not in {"earlier_record_id", "files"})


def give_intake(consultation_id: int, *, actor: Actor, form: Form) -> IntakeSheet:
    """Store a new version of the intake of the patient's own case; the whole form each time.

    Locks the case, then the files. Raises NotFoundError, IntakeFrozenError, InvalidInputError,
    UnknownChoiceError, FileMissingError, AttachmentUsedError.
    """
    with transaction.atomic():
        consultation = locked(consultation_id)
        if consultation.patient_id != actor.user_id:
            raise NotFoundError
        if consultation.state not in INTAKE_OPEN:
            raise IntakeFrozenError
        sheet = _sheet_of(consultation, form)
        shown = _offered(consultation, form, actor)
        now = current_moment()
        newest = newest_sheet(consultation.pk)
        version = newest.version + 1 if newest else 1
        consultation.complaint = sheet.complaint
        _store(consultation, sheet, shown, version=version, now=now)
        announcing.show_intake(consultation)
    return sheet


def describe(consultation: Consultation, *, now: datetime) -> None:
    """Store the description of a locked draft as its intake, in the transaction of the caller.

    What a form told before is kept beside the new description.
    """
    if not consultation.complaint:
        return
    newest = newest_sheet(consultation.pk) if consultation.intake_source else None
    if newest is not None and newest.complaint == consultation.complaint:
        return
    sheet = IntakeSheet(source=IntakeSource.DESCRIPTION, version=0)
    shown: list[tuple[IntakeUse, int]] = []
    if newest is not None:
        shown = [(IntakeUse(one.use), one.file_id) for one in newest.files.order_by("position")]
        sheet, sheet.pk = newest, None
        sheet._state.adding = True  # noqa: SLF001 the documented way to copy a row
    sheet.complaint = consultation.complaint
    _store(consultation, sheet, shown, version=sheet.version + 1, now=now)


def note_reading(consultation: Consultation, *, actor: Actor, how: str) -> None:
    """Write into the audit log who read an intake; its own patient reads unnoted."""
    if consultation.patient_id != actor.user_id:
        audit.record(actor, "intake.read", "consultation", consultation.public_id, how=how)


def _sheet_of(consultation: Consultation, form: Form) -> IntakeSheet:
    values = {name: getattr(form, name) for name in TOLD}
    values["complaint"] = form.complaint.strip() or consultation.complaint
    if not values["complaint"].strip():
        raise InvalidInputError("complaint", _("Describe the problem."), code="required")
    if form.allergies and not form.allergy:
        values["allergy"] = Allergy.KNOWN
    sheet = IntakeSheet(source=IntakeSource.FORM, **values)
    _check_sense(consultation, sheet)
    if form.earlier_record_id is not None:
        sheet.earlier_record = own_record(consultation, form.earlier_record_id)
        if sheet.earlier_record is None:
            raise UnknownChoiceError("earlier_record_id", _("Choose one of your signed records."))
    return sheet


def _check_sense(consultation: Consultation, sheet: IntakeSheet) -> None:
    if (sheet.allergy == Allergy.KNOWN) != bool(sheet.allergies):
        detail = _("Name the allergies of who has some, and of nobody else.")
        raise InvalidInputError("allergies", detail, code="allergies_unclear")
    if (sheet.duration_value is None) != (not sheet.duration_unit):
        raise InvalidInputError("duration", _("Give the number and its unit."), code="incomplete")
    if consultation.person.gender != Gender.MALE:
        return
    detail = _("This does not concern men. Check the visit person.")
    if sheet.pregnancy not in {"", Pregnancy.NO}:
        raise InvalidInputError("pregnancy", detail, code="not_for_men")
    for key in sheet.ten_questions:
        if TEN_QUESTIONS[key].not_for_men:
            raise InvalidInputError(f"ten_questions.{key}", detail, code="not_for_men")


def _offered(consultation: Consultation, form: Form, actor: Actor) -> list[tuple[IntakeUse, int]]:
    """Lock the files of a form and return them by key; each belongs to the sender, and is new."""
    wanted = [public_id for _use, public_id in form.files]
    if len(wanted) > numbers.INTAKE_FILES_MOST or len(set(wanted)) < len(wanted):
        raise InvalidInputError("files", _("At most 9 files, each once."), code="too_many_files")
    kept = files_of_case(consultation) if wanted else set()
    found: dict[tuple[str, UUID], Offered] = {}
    for purpose in sorted({PURPOSE_OF[use] for use, _public_id in form.files}):
        offers = offered_files(wanted, purpose=purpose)
        found |= {(purpose, public_id): offer for public_id, offer in offers.items()}
    shown = []
    for use, public_id in form.files:
        offer = found.get((PURPOSE_OF[use], public_id))
        if offer is None or offer.owner_id != actor.user_id:
            raise FileMissingError
        if offer.is_bound and offer.id not in kept:
            raise AttachmentUsedError
        shown.append((use, offer.id))
    return shown


def _store(
    consultation: Consultation,
    sheet: IntakeSheet,
    shown: Iterable[tuple[IntakeUse, int]],
    *,
    version: int,
    now: datetime,
) -> None:
    sheet.consultation, sheet.version, sheet.given_at = consultation, version, now
    sheet.save(force_insert=True)
    files = [
        IntakeFile(consultation=consultation, sheet=sheet, use=use, file_id=pk, position=position)
        for position, (use, pk) in enumerate(shown, start=1)
    ]
    IntakeFile.objects.bulk_create(files)
    if files:
        bind_files([one.file_id for one in files], now=now)
    raised = _raised(consultation, sheet, now)
    RaisedFlag.objects.bulk_create(raised)
    consultation.intake_source, consultation.has_red_flags = sheet.source, bool(raised)
    consultation.save(update_fields=["complaint", "intake_source", "has_red_flags"])


def _raised(consultation: Consultation, sheet: IntakeSheet, now: datetime) -> list[RaisedFlag]:
    flags = flags_for(consultation.person, sheet.pregnancy, clinic_day(now))
    with translation.override(WARNING_LANGUAGE):
        text = "。".join([sheet.complaint, *complaints_of(sheet.ten_questions)])
    advice = {flag.word: flag.advice for flag in reversed(flags)}
    return [
        RaisedFlag(consultation=consultation, sheet=sheet, word=word, advice=advice[word])
        for word in stated(text, advice)
    ]
