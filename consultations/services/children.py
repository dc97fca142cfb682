"""Small children: seen by some departments only, and never without a guardian."""

from datetime import date, datetime

from clinic.core.clock import clinic_day
from clinic.core.clock import now as current_moment
from clinic.patients.enums import Relation
from clinic.patients.models import VisitPerson
from clinic.patients.selectors.consents import guardian_consent_of
from consultations.errors import (
    BirthdayNeededError,
    GuardianNeededError,
    NoChildrenHereError,
)
from consultations.models import Consultation
from consultations.rules.children import is_small_child
from consultations.selectors.intakes import newest_sheet
from doctors.models import Doctor


def check_sees_children(person: VisitPerson, doctor: Doctor, *, today: date | None = None) -> None:
    """Let a doctor pass who may treat this person.

    Raises NoChildrenHereError; BirthdayNeededError when nobody knows how old the person is.
    """
    day = today or clinic_day(current_moment())
    if doctor.department.sees_children:
        return
    if is_small_child(birthday_of(person), day):
        raise NoChildrenHereError


def birthday_of(person: VisitPerson) -> date:
    """Return the birthday by which the rules for children go. Raises BirthdayNeededError."""
    if person.birthday is None:
        raise BirthdayNeededError(extra={"door": f"/api/v1/visit-persons/{person.public_id}"})
    return person.birthday


def check_guardian(consultation: Consultation, *, now: datetime) -> None:
    """Let a small child pass whose guardian is named, in the intake or by his consent.

    A child has no account of its own, so it is never "myself". Raises GuardianNeededError,
    BirthdayNeededError.
    """
    person = consultation.person
    if not is_small_child(birthday_of(person), clinic_day(now)):
        return
    sheet = newest_sheet(consultation.pk)
    is_named = bool(sheet and sheet.guardian_name) or guardian_consent_of(person, now) is not None
    if person.relation == Relation.SELF or not is_named:
        raise GuardianNeededError
