"""Small children: seen by some departments only, and never without a guardian."""

from datetime import date

from clinic.core.clock import clinic_day
from clinic.core.clock import now as current_moment
from clinic.patients.enums import Relation
from clinic.patients.models import VisitPerson
from consultations.errors import GuardianNeededError, NoChildrenHereError
from consultations.models import Consultation
from consultations.rules.children import is_small_child
from consultations.selectors.intakes import newest_sheet
from doctors.models import Doctor


def check_sees_children(person: VisitPerson, doctor: Doctor, *, today: date | None = None) -> None:
    """Let a doctor pass who may treat this person. Raises NoChildrenHereError."""
    day = today or clinic_day(current_moment())
    if is_small_child(person.birthday, day) and not doctor.department.sees_children:
        raise NoChildrenHereError


def check_guardian(consultation: Consultation, *, today: date) -> None:
    """Let a small child pass who comes with a named guardian. Raises GuardianNeededError.

    A child has no account of its own, so it is never "myself".
    """
    person = consultation.person
    if not is_small_child(person.birthday, today):
        return
    sheet = newest_sheet(consultation.pk)
    if person.relation == Relation.SELF or sheet is None or not sheet.guardian_name:
        raise GuardianNeededError
