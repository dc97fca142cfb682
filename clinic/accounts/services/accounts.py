"""The account itself: its plain fields, its suspension, its end, and staff accounts."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction

from clinic.accounts.enums import RevokedWhy
from clinic.accounts.errors import AccountHasDutiesError, OwnRoleError, PhoneTakenError
from clinic.accounts.events import AccountAnonymised, ConsoleEnded
from clinic.accounts.models import DeviceSession, OneTimeCode, SecondFactor, User
from clinic.accounts.services.codes import phone_index
from clinic.accounts.services.roles import grant_role
from clinic.accounts.services.sessions import revoke_sessions
from clinic.core import audit
from clinic.core.actor import Actor
from clinic.core.events import publish
from clinic.core.roles import Role

OWNER_MAY_CHANGE = frozenset({"name", "language"})


def change_account(*, user_id: int, changes: dict[str, Any]) -> User:
    """Store the owner's changes of name and language; other keys are a fault of the caller."""
    if not changes.keys() <= OWNER_MAY_CHANGE:
        raise KeyError(*sorted(changes.keys() - OWNER_MAY_CHANGE))
    with transaction.atomic():
        account = _locked(user_id)
        for field, value in changes.items():
            setattr(account, field, value)
        account.save(update_fields=sorted(changes))
    return account


def anonymise_account(*, user_id: int, by: Actor, now: datetime) -> None:
    """Remove the person from an account for ever: phone, name, password, devices.

    What the law keeps (records, payments) stays with the nameless account; rooms above hear
    AccountAnonymised. Nothing happens the second time. Raises AccountHasDutiesError.
    """
    with transaction.atomic():
        account = _locked(user_id)
        if account.anonymised_at is not None:
            return
        if _has_duties(account):
            raise AccountHasDutiesError
        OneTimeCode.objects.filter(phone_index=phone_index(account.phone or "")).delete()
        _erase(account, now)
        revoke_sessions(user_id=account.pk, why=RevokedWhy.ANONYMISED, now=now)
        # People name their devices after themselves.
        DeviceSession.objects.filter(user_id=account.pk).update(device="")
        audit.record(by, "anonymise", "account", account.public_id)
        publish(AccountAnonymised(user_id=account.pk))


def suspend_account(*, user_id: int, by: Actor, now: datetime, reason: str) -> None:
    """Switch an account off and log it out everywhere; ``reason`` is a code, not a story.

    Raises OwnRoleError when somebody would suspend himself.
    """
    if by.user_id == user_id:
        raise OwnRoleError
    with transaction.atomic():
        account = _locked(user_id)
        account.is_active = False
        account.save(update_fields=["is_active"])
        revoke_sessions(user_id=user_id, why=RevokedWhy.SUSPENDED, now=now)
        publish(ConsoleEnded(user_public_id=account.public_id, session=None))
        audit.record(by, "suspend", "account", account.public_id, reason=reason)


def restore_account(*, user_id: int, by: Actor) -> None:
    """Switch a suspended account on again; an anonymised one stays off."""
    with transaction.atomic():
        account = _locked(user_id)
        if account.anonymised_at is None:
            account.is_active = True
            account.save(update_fields=["is_active"])
            audit.record(by, "restore", "account", account.public_id)


def create_staff(*, phone: str, password: str, name: str, roles: Iterable[Role], by: Actor) -> User:
    """Make an account with roles, for people who do not register themselves.

    Raises PhoneTakenError.
    """
    with transaction.atomic():
        if User.objects.filter(phone=phone).exists():
            raise PhoneTakenError
        user = User.objects.create_user(phone=phone, password=password, name=name)
        for role in roles:
            grant_role(user=user, role=role, by=by)
    return user


def _locked(user_id: int) -> User:
    return User.objects.select_for_update(of=("self",), no_key=True).get(pk=user_id)


def _has_duties(account: User) -> bool:
    return account.is_superuser or account.groups.exclude(name=Role.PATIENT.value).exists()


def _erase(account: User, now: datetime) -> None:
    account.phone = None
    account.name = ""
    account.last_login = None
    account.is_active = False
    account.anonymised_at = now
    account.second_factor_at = None
    account.set_unusable_password()
    SecondFactor.objects.filter(user=account).delete()
    account.save(
        update_fields=[
            "phone", "name", "last_login", "is_active", "anonymised_at", "password",
            "second_factor_at",
        ]
    )  # fmt: skip
