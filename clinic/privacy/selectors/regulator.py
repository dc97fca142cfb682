"""What a regulator gets of some days: pseudonymous, no free text, no more than he asks for."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from uuid import UUID

from django.db.models import QuerySet

from clinic.complaints.models import Complaint
from clinic.core.clock import CLINIC_ZONE, clinic_day
from clinic.core.crypto import blind_index, decrypt
from clinic.patients.rules import age_in_years
from clinic.privacy.selectors.tables import Column, Table
from clinic.records.enums import State as RecordState
from clinic.records.models import MedicalRecord, RecordDiagnosis
from clinic.reviews.models import Review
from consultations.models import Consultation
from doctors.enums import CredentialState
from doctors.models import Branch, Credential, Doctor
from doctors.selectors.credentials import number_context

C = Column


@dataclass(frozen=True, kw_only=True, slots=True)
class Days:
    """The moments of the clinic days asked for: from the first, before the last."""

    first: datetime
    before: datetime


@dataclass(frozen=True, slots=True)
class Chapter:
    """A table of the export and where its rows come from; ``why`` tells what is left out."""

    table: Table
    rows: Callable[[Days], QuerySet[Any]]
    why: str = ""


def days_of(since: date, until: date) -> Days:
    """Return the moments of clinic days, both included."""
    return Days(
        first=datetime.combine(since, time(), CLINIC_ZONE),
        before=datetime.combine(until + timedelta(days=1), time(), CLINIC_ZONE),
    )


def pseudonym(value: UUID | None) -> str | None:
    """Return a name that is the same in every export and leads nowhere without the house's key."""
    return None if value is None else blind_index(str(value), context="regulator")[:32]


def _age(birthday: date | None, moment: datetime) -> int | None:
    return None if birthday is None else age_in_years(birthday, clinic_day(moment))


def _number(sealed: str, public_id: UUID) -> str | None:
    if not sealed:
        return None
    return decrypt(sealed, context=number_context(Credential.known(public_id=public_id)))


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def _table(name: str, *columns: Column) -> Table:
    return Table(name=name, title=name, columns=columns)


def _alias(name: str, path: str) -> Column:
    return C(name, path, "string", pseudonym)


def _at(name: str) -> Column:
    return C(name, name, "date-time")


def _created(days: Days) -> dict[str, datetime]:
    return {"created_at__gte": days.first, "created_at__lt": days.before}


def _signed(days: Days, head: str = "") -> dict[str, Any]:
    return {
        f"{head}state": RecordState.SIGNED,
        f"{head}signed_at__gte": days.first,
        f"{head}signed_at__lt": days.before,
    }


LICENCES: Final = ("qualification", "practice_licence", "title", "multi_site")
WORDS: Final = "free text may name people; single cases are shown on demand, by their number"
CHAPTERS: Final[tuple[Chapter, ...]] = (
    Chapter(
        _table(
            "institutions",
            C("code", "code"), C("name", "name"), C("address", "address"), C("phone", "phone"),
            C("is_active", "is_active", "boolean"),
        ),
        lambda _days: Branch.objects.all(),
    ),
    Chapter(
        _table(
            "staff",
            C("id", "public_id", "uuid"), C("name", "name"), C("level", "level"),
            C("department", "department__name"), C("status", "status"),
            C("certification", "certification"), C("practising_since", "practising_since", "date"),
            C("licence_valid_until", "licence_valid_until", "date"),
        ),
        lambda _days: Doctor.objects.all(),
        "phones, identity cards and pictures are not needed to supervise",
    ),
    Chapter(
        _table(
            "licences",
            C("doctor", "doctor__public_id", "uuid"), C("kind", "kind"),
            C("number", "number_sealed,public_id", "string", _number), C("scope", "scope"),
            C("institution", "institution"), C("valid_from", "valid_from", "date"),
            C("valid_until", "valid_until", "date"),
        ),
        lambda _days: Credential.objects.filter(
            state=CredentialState.APPROVED, kind__in=LICENCES
        ),
    ),
    Chapter(
        _table(
            "consultations",
            _alias("id", "public_id"), _alias("patient", "patient__public_id"),
            _alias("person", "person__public_id"), C("gender", "person__gender"),
            C("age", "person__birthday,created_at", "integer", _age),
            C("doctor", "doctor__public_id", "uuid"), C("department", "department__code"),
            C("kind", "kind"), C("state", "state"), _at("created_at"), _at("accepted_at"),
            _at("ended_at"),
        ),
        lambda days: Consultation.objects.filter(**_created(days)),
        WORDS,
    ),
    Chapter(
        _table(
            "records",
            C("number", "number"), _alias("id", "public_id"),
            _alias("patient", "patient__public_id"), _alias("person", "person__public_id"),
            C("care", "subject_kind"), _alias("care_id", "subject_public_id"),
            C("doctor", "doctor__public_id", "uuid"), _at("signed_at"),
            C("sha256", "content_hash"),
        ),
        lambda days: MedicalRecord.objects.filter(**_signed(days)),
        WORDS,
    ),
    Chapter(
        _table(
            "diagnoses",
            C("record", "record__number"), C("position", "position", "integer"),
            C("system", "system"), C("edition", "edition"), C("code", "code"), C("name", "name"),
        ),
        lambda days: RecordDiagnosis.objects.filter(**_signed(days, "record__")),
    ),
    Chapter(
        _table(
            "satisfaction",
            C("of", "target_kind"), _alias("of_id", "target_public_id"),
            C("stars", "stars", "integer"), C("tags", "tags", "string", _json),
            C("visibility", "visibility"), _at("created_at"),
        ),
        lambda days: Review.objects.filter(**_created(days)),
        WORDS,
    ),
    Chapter(
        _table(
            "complaints",
            _alias("id", "public_id"),
            _alias("patient", "patient__public_id"),
            C("about", "subject"),
            _alias("about_id", "subject_public_id"),
            C("doctor", "doctor__public_id", "uuid"),
            C("kind", "kind"),
            C("state", "state"),
            C("round", "round", "integer"),
            _at("created_at"),
            _at("answered_at"),
            _at("decided_at"),
        ),
        lambda days: Complaint.objects.filter(**_created(days)),
        WORDS,
    ),
)  # fmt: skip
# What a regulator asks for and this clinic has no room for.
NONE_YET: Final[Mapping[str, str]] = {
    "prescriptions": "none yet: this clinic writes no prescriptions",
    "drug_use": "none yet: this clinic dispenses nothing",
    "adverse_events": "none yet: none is recorded here",
}
