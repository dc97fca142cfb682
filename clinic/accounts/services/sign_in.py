"""Coming in: register, log in by password, log in by code; for staff a second step."""

from datetime import datetime

from django.db import transaction
from django.utils.crypto import constant_time_compare

from clinic.accounts.enums import CodePurpose
from clinic.accounts.errors import (
    PhoneTakenError,
    SecondFactorNeededError,
    SecondFactorNotSetUpError,
    SecondStepOverError,
)
from clinic.accounts.models import User
from clinic.accounts.selectors import demands_second_factor
from clinic.accounts.services.codes import use_code
from clinic.accounts.services.passwords import limit_address, prove_password
from clinic.accounts.services.roles import grant_role
from clinic.accounts.services.second_factors import prove_second_factor
from clinic.accounts.services.sessions import SignedIn, open_session
from clinic.accounts.tokens import issue_ticket, read_ticket
from clinic.core import audit
from clinic.core.actor import Actor, system_actor
from clinic.core.crypto import blind_index
from clinic.core.roles import Role
from clinic.settings import rules

REGISTRATION = system_actor("registration")


def register(
    *,
    phone: str,
    password: str,
    code: str,
    name: str,
    device: str,
    address: str,
    now: datetime,
) -> SignedIn:
    """Make a patient's account for a proven phone and log it in.

    Raises WrongCodeError, RateLimitedError, PhoneTakenError.
    """
    limit_address(address)
    use_code(phone=phone, purpose=CodePurpose.REGISTER, code=code, now=now)
    with transaction.atomic():
        if User.objects.filter(phone=phone).exists():
            raise PhoneTakenError
        user = _new_patient(phone, password, name)
        return open_session(user=user, device=device, now=now)


def register_at_desk(*, phone: str, name: str, by: Actor) -> User:
    """Make the account of a patient who stands at the desk; he logs in by code later.

    ``phone`` is E.164. Raises PhoneTakenError.
    """
    with transaction.atomic():
        if User.objects.filter(phone=phone).exists():
            raise PhoneTakenError
        user = _new_patient(phone, None, name)
        audit.record(by, "register", "account", user.public_id)
    return user


def log_in(*, phone: str, password: str, device: str, address: str, now: datetime) -> SignedIn:
    """Log in by phone and password.

    Staff come in by ``finish_log_in``. Raises WrongCredentialsError, RateLimitedError,
    AccountSuspendedError, SecondFactorNeededError, SecondFactorNotSetUpError.
    """
    user = prove_password(phone=phone, password=password, address=address)
    _ask_second_factor(user, now)
    return open_session(user=user, device=device, now=now)


def log_in_by_code(*, phone: str, code: str, device: str, address: str, now: datetime) -> SignedIn:
    """Log in by a one-time code; an unknown phone becomes a patient's account without password.

    Staff come in by ``finish_log_in``. Raises WrongCodeError, RateLimitedError,
    AccountSuspendedError, SecondFactorNeededError, SecondFactorNotSetUpError.
    """
    limit_address(address)
    use_code(phone=phone, purpose=CodePurpose.LOGIN, code=code, now=now)
    with transaction.atomic():
        user = User.objects.filter(phone=phone).first() or _new_patient(phone, None, "")
        _ask_second_factor(user, now)
        return open_session(user=user, device=device, now=now)


def finish_log_in(*, ticket: str, code: str, device: str, address: str, now: datetime) -> SignedIn:
    """Log staff in by the ticket of the first step and the second factor.

    Raises SecondStepOverError, WrongSecondFactorError, SecondFactorLockedError, RateLimitedError.
    """
    limit_address(address)
    user = account_in_second_step(ticket=ticket, now=now)
    prove_second_factor(user=user, code=code, now=now)
    return open_session(user=user, device=device, now=now, is_proven=True)


def begin_second_step(*, user: User, now: datetime) -> str:
    """Return the ticket with which an account that proved itself once goes on."""
    return issue_ticket(user.public_id, _stamp(user), now)


def account_in_second_step(*, ticket: str, now: datetime) -> User:
    """Return the account behind a ticket. Raises SecondStepOverError."""
    public_id, stamp = read_ticket(ticket, now)
    user = User.objects.filter(public_id=public_id, is_active=True).first()
    if user is None or not constant_time_compare(stamp, _stamp(user)):
        raise SecondStepOverError
    return user


def _stamp(user: User) -> str:
    """Return what changes with password and second factor, and opens no console."""
    return blind_index(user.get_session_auth_hash(), context="user.second_step")


def _ask_second_factor(user: User, now: datetime) -> None:
    if not demands_second_factor(user) or not user.is_active:
        return
    if user.second_factor_at is None:
        raise SecondFactorNotSetUpError
    raise SecondFactorNeededError(
        ticket=begin_second_step(user=user, now=now),
        expires_in=int(rules.SECOND_STEP_WITHIN.total_seconds()),
    )


def _new_patient(phone: str, password: str | None, name: str) -> User:
    user = User.objects.create_user(phone=phone, password=password, name=name)
    grant_role(user=user, role=Role.PATIENT, by=REGISTRATION)
    return user
