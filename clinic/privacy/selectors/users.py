"""Accounts as staff look for them."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet

from clinic.accounts.models import User
from clinic.accounts.rules import normalise_phone
from clinic.core.clock import CLINIC_ZONE
from clinic.core.roles import Role
from clinic.privacy.enums import AccountState


@dataclass(frozen=True, kw_only=True, slots=True)
class Wanted:
    """Which accounts; days are those of the clinic, both included. ``words`` never enter a URL."""

    words: str = ""
    role: str = ""
    state: str = ""
    since: date | None = None
    until: date | None = None


def find_users(wanted: Wanted) -> QuerySet[User]:
    """Return the accounts that fit, newest first, with their roles.

    Words are a phone in any spelling, a public id, or a part of the display name.
    """
    rows = User.objects.prefetch_related("groups").order_by("-id")
    if wanted.role:
        rows = rows.filter(groups__name=wanted.role)
    rows = rows.filter(_state(wanted.state))
    if wanted.since is not None:
        rows = rows.filter(created_at__gte=_begin(wanted.since))
    if wanted.until is not None:
        rows = rows.filter(created_at__lt=_begin(wanted.until + timedelta(days=1)))
    words = wanted.words.strip()
    return rows.filter(_named(words)) if words else rows


def state_of(user: User) -> AccountState:
    """Return whether an account is in use, switched off or nameless for ever."""
    if user.anonymised_at is not None:
        return AccountState.ANONYMISED
    return AccountState.ACTIVE if user.is_active else AccountState.SUSPENDED


def patient_named(words: str) -> User | None:
    """Return the account of a patient by his phone or public id, whole; names find nobody."""
    rows = User.objects.filter(groups__name=Role.PATIENT.value, anonymised_at=None)
    return rows.filter(_exactly(words.strip())).first()


def _named(words: str) -> Q:
    return _exactly(words) | Q(name__icontains=words)


def _exactly(words: str) -> Q:
    try:
        return Q(public_id=UUID(words))
    except ValueError:
        pass  # no id: perhaps a phone
    try:
        return Q(phone=normalise_phone(words))
    except ValueError:
        return Q(pk=None)


def _state(state: str) -> Q:
    if state == AccountState.ANONYMISED:
        return Q(anonymised_at__isnull=False)
    if state == AccountState.SUSPENDED:
        return Q(is_active=False, anonymised_at=None)
    return Q(is_active=True) if state == AccountState.ACTIVE else Q()


def _begin(day: date) -> datetime:
    return datetime.combine(day, time(), CLINIC_ZONE)
