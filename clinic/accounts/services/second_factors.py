"""The second factor of staff: set up, proven at log-in, reset when it is lost."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

import pyotp
from django.db import transaction

from clinic.accounts.enums import ResetWhy, RevokedWhy
from clinic.accounts.errors import (
    OwnSecondFactorError,
    SecondFactorLockedError,
    SecondFactorNotSetUpError,
    WrongSecondFactorError,
    WrongSetUpCodeError,
)
from clinic.accounts.events import (
    ConsoleEnded,
    RecoveryCodeUsed,
    SecondFactorReset,
    SecondFactorSet,
)
from clinic.accounts.models import RecoveryCode, SecondFactor, User
from clinic.accounts.rules import plain_code, setup_address, step_of
from clinic.accounts.selectors import recovery_codes_left, standing_factor
from clinic.accounts.services.sessions import revoke_sessions
from clinic.core import audit
from clinic.core.actor import Actor
from clinic.core.crypto import blind_index, decrypt, encrypt
from clinic.core.errors import ForbiddenError, RateLimitedError
from clinic.core.events import publish
from clinic.core.masking import mask_phone
from clinic.core.ratelimit import forget, strict_limit
from clinic.core.roles import Role
from clinic.settings import rules

LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # 32, none that looks like another


@dataclass(frozen=True, slots=True)
class Setup:
    """What an authenticator app needs: the secret to type, or its address to read as QR code.

    ``mark`` names the secret without telling it, for the browser session that drew it.
    """

    secret: str
    address: str
    mark: str


def begin_setup(*, user: User, house: str, mark: str = "") -> Setup:
    """Return the secret of an app that is being set up, the same until it is confirmed.

    Only to the browser session that drew it and shows its ``mark``; anybody else draws a new one.
    Otherwise who knew the password first could wait until the owner confirms a secret he has seen.
    """
    with transaction.atomic():
        factor = _locked(user)
        if not (factor.next_secret_sealed and mark == _mark(factor)):
            sealed = encrypt(pyotp.random_base32(), context=_context(factor))
            factor.next_secret_sealed = sealed
            factor.save(update_fields=["next_secret_sealed"])
    secret = decrypt(factor.next_secret_sealed, context=_context(factor))
    name = mask_phone(user.phone)
    return Setup(secret, setup_address(secret, account=name, house=house), _mark(factor))


def confirm_setup(*, user: User, code: str, present: str, by: Actor, now: datetime) -> list[str]:
    """Let the app that was set up count from now on, and return new recovery codes, once.

    ``present`` is a code of the app that counts till now; without one it is not looked at. Ends
    every other log-in of the account. Locks the factor. Raises WrongSetUpCodeError,
    SecondFactorLockedError, and for the present code what ``prove_second_factor`` does.
    """
    if standing_factor(user.pk) is not None:
        prove_second_factor(user=user, code=present, now=now)
    _limit(user)
    with transaction.atomic():
        factor = _locked(user)
        step = _step(factor, factor.next_secret_sealed, code, now)
        if step is None:
            raise WrongSetUpCodeError
        factor.secret_sealed, factor.next_secret_sealed = factor.next_secret_sealed, ""
        factor.last_step, factor.confirmed_at = step, now
        factor.save()
        codes = _new_codes(factor)
        _stamp(user, now, now=now)
        audit.record(by, "second_factor.set", "account", user.public_id)
        publish(SecondFactorSet(user_id=user.pk))
    _forget_tries(user)
    return codes


def renew_recovery_codes(*, user: User, code: str, by: Actor, now: datetime) -> list[str]:
    """Replace all recovery codes after a proof and return the new ones, once.

    Raises what ``prove_second_factor`` does.
    """
    prove_second_factor(user=user, code=code, now=now)
    with transaction.atomic():
        codes = _new_codes(_locked(user))
        audit.record(by, "second_factor.renew_codes", "account", user.public_id)
    return codes


def prove_second_factor(*, user: User, code: str, now: datetime) -> None:
    """Let an account pass by a code of its app or a recovery code; either is good once.

    The try is counted before the code is looked at: call it outside of a transaction. Raises
    SecondFactorNotSetUpError, WrongSecondFactorError, SecondFactorLockedError.
    """
    factor = standing_factor(user.pk)
    if factor is None:
        raise SecondFactorNotSetUpError
    _limit(user)
    given = plain_code(code)
    if len(given) == rules.SECOND_FACTOR_DIGITS:
        is_right = _spend_step(factor, given, now)
    else:
        is_right = _spend_recovery_code(factor, given, user, now)
    if not is_right:
        raise WrongSecondFactorError
    _forget_tries(user)


def reset_second_factor(*, user_id: int, by: Actor, reason: ResetWhy, now: datetime) -> None:
    """Take an account's second factor away and log it out everywhere; he sets up a new one.

    Only administrators and parts of the system may, and nobody his own. Locks the account. Raises
    ForbiddenError, OwnSecondFactorError, SecondFactorNotSetUpError.
    """
    if by.user_id == user_id:
        raise OwnSecondFactorError
    if by.kind != "system" and not by.has_role(Role.ADMIN):
        raise ForbiddenError
    with transaction.atomic():
        user = User.objects.select_for_update(of=("self",), no_key=True).get(pk=user_id)
        if not SecondFactor.objects.filter(user=user).delete()[0]:
            raise SecondFactorNotSetUpError
        _stamp(user, None, now=now)
        _forget_tries(user)
        audit.record(by, "second_factor.reset", "account", user.public_id, reason=reason.value)
        publish(SecondFactorReset(user_id=user.pk))


def take_code(pk: int, now: datetime) -> bool:
    """Spend one recovery code; of rivals with the same code one gets True."""
    return RecoveryCode.objects.filter(pk=pk, used_at=None).update(used_at=now) == 1


def _spend_step(factor: SecondFactor, code: str, now: datetime) -> bool:
    step = _step(factor, factor.secret_sealed, code, now)
    newer = SecondFactor.objects.filter(pk=factor.pk, last_step__lt=step or 0)
    return newer.update(last_step=step) == 1 if step else False


def _spend_recovery_code(factor: SecondFactor, code: str, user: User, now: datetime) -> bool:
    row = factor.recovery_codes.filter(code_hash=_hash(factor, code), used_at=None).first()
    if row is None:
        return False
    with transaction.atomic():
        if not take_code(row.pk, now):
            return False
        left = recovery_codes_left(user.pk)
        actor = Actor(kind="user", user_id=user.pk, public_id=user.public_id)
        audit.record(actor, "second_factor.recovery_code", "account", user.public_id, left=left)
        publish(RecoveryCodeUsed(user_id=user.pk, left=left))
    return True


def _step(factor: SecondFactor, sealed: str, code: str, now: datetime) -> int | None:
    if not sealed:
        return None
    return step_of(decrypt(sealed, context=_context(factor)), plain_code(code), now)


def _new_codes(factor: SecondFactor) -> list[str]:
    """Replace the recovery codes; only their keyed hashes stay here."""
    factor.recovery_codes.all().delete()
    codes = [_random_code() for _ in range(rules.RECOVERY_CODES)]
    RecoveryCode.objects.bulk_create(
        RecoveryCode(factor=factor, code_hash=_hash(factor, plain_code(code))) for code in codes
    )
    return codes


def _random_code() -> str:
    half = rules.RECOVERY_CODE_CHARS // 2
    code = "".join(secrets.choice(LETTERS) for _ in range(rules.RECOVERY_CODE_CHARS))
    return f"{code[:half]}-{code[half:]}"


def _stamp(user: User, since: datetime | None, *, now: datetime) -> None:
    """Note since when a second factor stands; every log-in from before ends."""
    user.second_factor_at = since
    user.save(update_fields=["second_factor_at"])
    revoke_sessions(user_id=user.pk, why=RevokedWhy.SECOND_FACTOR, now=now)
    publish(ConsoleEnded(user_public_id=user.public_id, session=None))


def _locked(user: User) -> SecondFactor:
    SecondFactor.objects.get_or_create(user=user)
    rows = SecondFactor.objects.select_for_update(of=("self",), no_key=True)
    return rows.get(user=user)


def _limit(user: User) -> None:
    for count, window in rules.SECOND_FACTOR_TRIES:
        try:
            strict_limit(_rule(window), str(user.public_id), count=count, window=window)
        except RateLimitedError as error:
            raise SecondFactorLockedError(retry_after=error.retry_after or 1) from None


def _forget_tries(user: User) -> None:
    for _count, window in rules.SECOND_FACTOR_TRIES:
        forget(_rule(window), str(user.public_id))


def _rule(window: timedelta) -> str:
    return f"second_factor.{int(window.total_seconds())}"


def _mark(factor: SecondFactor) -> str:
    return blind_index(factor.next_secret_sealed, context="second_factor.mark")


def _context(factor: SecondFactor) -> str:
    return f"second_factor.secret:{factor.public_id}"


def _hash(factor: SecondFactor, code: str) -> str:
    return blind_index(f"{factor.public_id}\n{code}", context="second_factor.recovery_code")
