"""Reads of real-name checks."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet

from clinic.patients.enums import CheckResult, RealName
from clinic.patients.models import RealNameCheck, VisitPerson
from clinic.patients.rules import real_name_now
from clinic.settings import rules


@dataclass(frozen=True, slots=True, kw_only=True)
class RealNameView:
    """Where a person stands, and how many questions to the register are left today."""

    state: RealName
    checked_at: datetime | None
    tries_left: int


def state_of(person: VisitPerson, now: datetime) -> RealName:
    """Return whether the person's name and ID number are verified, as of now."""
    return real_name_now(
        person.real_name_state, person.real_name_at, until=person.real_name_until, now=now
    )


def tries_used(person: VisitPerson, day: date) -> int:
    """Return how many answers the register gave about a person on a day of the clinic."""
    return _answered(day).filter(person=person).count()


def tries_used_by_account(account_id: int, day: date) -> int:
    """Return how many answers the register gave about all persons of an account on a day."""
    return _answered(day).filter(person__account_id=account_id).count()


def tries_left(person: VisitPerson, day: date) -> int:
    """Return how often the register may still be asked about a person that day."""
    own = rules.REAL_NAME_TRIES_A_DAY - tries_used(person, day)
    all_ = rules.REAL_NAME_TRIES_OF_ACCOUNT_A_DAY - tries_used_by_account(person.account_id, day)
    return max(0, min(own, all_))


def view_of(person: VisitPerson, *, day: date, now: datetime) -> RealNameView:
    """Return what the account sees of a person's check."""
    return RealNameView(
        state=state_of(person, now),
        checked_at=person.real_name_at,
        tries_left=tries_left(person, day),
    )


def _answered(day: date) -> QuerySet[RealNameCheck]:
    return RealNameCheck.objects.filter(day=day).exclude(result=CheckResult.AWAY)
