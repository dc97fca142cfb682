"""Passwords: proving one, changing one."""

from datetime import datetime

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction

from clinic.accounts.enums import CodePurpose, RevokedWhy
from clinic.accounts.errors import (
    AccountSuspendedError,
    ProofMissingError,
    WrongCredentialsError,
    WrongPasswordError,
)
from clinic.accounts.events import ConsoleEnded
from clinic.accounts.models import User
from clinic.accounts.services.codes import use_code
from clinic.accounts.services.sessions import revoke_sessions
from clinic.core import audit
from clinic.core.actor import Actor
from clinic.core.events import publish
from clinic.core.ratelimit import forget, strict_limit
from clinic.settings import rules


def prove_password(*, phone: str, password: str, address: str) -> User:
    """Return the account whose phone and password these are.

    Tries are counted in the database before the password is looked at, known phone or not. Log-in
    by code stays open during a lockout. Raises WrongCredentialsError, RateLimitedError or, after a
    right password, AccountSuspendedError.
    """
    limit_address(address)
    strict_limit("login", phone, count=rules.LOGIN_TRIES, window=rules.LOGIN_LOCKOUT)
    user = User.objects.filter(phone=phone).first()
    if user is None:
        make_password(password)  # the work of a known phone, so that time tells nothing
        raise WrongCredentialsError
    if not _matches(user, password):
        raise WrongCredentialsError
    if not user.is_active:
        raise AccountSuspendedError
    forget("login", phone)
    return user


def change_password(
    *, actor: Actor, current: str | None, code: str | None, new: str, now: datetime
) -> None:
    """Set a new password after a proof and log every other device out.

    The proof is the current password or a one-time code; an account without a password needs the
    code. Raises ProofMissingError, WrongPasswordError, WrongCodeError, RateLimitedError.
    """
    user = User.objects.get(pk=actor.account_id)
    if code:
        use_code(phone=user.phone or "", purpose=CodePurpose.PASSWORD, code=code, now=now)
    elif current:
        _prove_current(user, current)
    else:
        raise ProofMissingError
    with transaction.atomic():
        account = User.objects.select_for_update(of=("self",), no_key=True).get(pk=user.pk)
        account.set_password(new)
        account.save(update_fields=["password"])
        revoke_sessions(user_id=account.pk, why=RevokedWhy.PASSWORD, now=now, keep=actor.session_id)
        publish(ConsoleEnded(user_public_id=account.public_id, session=None))
        audit.record(actor, "change_password", "account", account.public_id)


def prove_again(*, actor: Actor, password: str) -> None:
    """Let an account pass that proves itself once more by its password.

    Raises WrongPasswordError, RateLimitedError.
    """
    _prove_current(User.objects.get(pk=actor.account_id), password)


def limit_address(address: str) -> None:
    """Count one try to sign in from an address. Raises RateLimitedError."""
    strict_limit(
        "login.address",
        address,
        count=settings.LOGIN_TRIES_PER_ADDRESS,
        window=rules.LOGIN_LOCKOUT,
    )


def _prove_current(user: User, password: str) -> None:
    who = str(user.public_id)
    strict_limit("password.change", who, count=rules.LOGIN_TRIES, window=rules.LOGIN_LOCKOUT)
    if not _matches(user, password):
        raise WrongPasswordError
    forget("password.change", who)


def _matches(user: User, password: str) -> bool:
    """Check, and store the hash anew when it is of an older kind (bcrypt to Argon2id)."""
    try:
        return user.check_password(password)
    except ValueError:  # bcrypt refuses more than 72 bytes
        return False
