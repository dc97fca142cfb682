"""One-time codes: sent to a phone, worth one proof."""

import hmac
import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F

from clinic.accounts.enums import CodePurpose
from clinic.accounts.errors import CodeNotSentError, WrongCodeError
from clinic.accounts.gateways.codes import code_gateway
from clinic.accounts.models import OneTimeCode
from clinic.adapters.errors import AdapterError, UnknownOutcomeError
from clinic.core.crypto import blind_index
from clinic.core.ids import random_digits
from clinic.core.ratelimit import strict_limit
from clinic.settings import rules

log = logging.getLogger(__name__)
KEPT = timedelta(days=2)  # longer than the longest limit looks back


def send_code(*, phone: str, purpose: CodePurpose, address: str, now: datetime) -> None:
    """Store a new code and send it; whether the phone has an account changes nothing.

    Must not run in a transaction: the code is committed before it leaves the house. Raises
    RateLimitedError or CodeNotSentError.
    """
    _limit_sending(phone, address)
    code = random_digits(rules.ONE_TIME_CODE_DIGITS)
    with transaction.atomic(durable=True):
        OneTimeCode.objects.create(
            phone_index=phone_index(phone),
            purpose=purpose,
            code_hash=_hash(phone, purpose, code),
            expires_at=now + rules.ONE_TIME_CODE_LIFE,
            created_at=now,
        )
    _hand_over(phone, purpose, code)


def use_code(*, phone: str, purpose: CodePurpose, code: str, now: datetime) -> None:
    """Spend the newest code of a phone and purpose. Raises WrongCodeError.

    Call it outside of a transaction that may roll back, or the try is not counted.
    """
    newest = (
        OneTimeCode.objects.filter(phone_index=phone_index(phone), purpose=purpose)
        .order_by("-id")
        .first()
    )
    if newest is None:
        raise WrongCodeError
    open_code = OneTimeCode.objects.filter(pk=newest.pk, used_at=None, expires_at__gt=now)
    # Counted before it is compared, so parallel guesses cannot share a try.
    if not open_code.filter(tries__lt=rules.ONE_TIME_CODE_TRIES).update(tries=F("tries") + 1):
        raise WrongCodeError
    if not hmac.compare_digest(newest.code_hash, _hash(phone, purpose, code)):
        raise WrongCodeError
    if not open_code.update(used_at=now):
        raise WrongCodeError


def phone_index(phone: str) -> str:
    """Return the keyed hash under which codes of a phone are found."""
    return blind_index(phone, context="one_time_code.phone")


def forget_old_codes(now: datetime) -> int:
    """Remove codes that prove nothing any more and return how many."""
    return OneTimeCode.objects.filter(created_at__lt=now - KEPT).delete()[0]


def _limit_sending(phone: str, address: str) -> None:
    hour = timedelta(hours=1)
    strict_limit("code.address", address, count=settings.CODES_PER_ADDRESS_AN_HOUR, window=hour)
    for count, window in rules.CODES_PER_PHONE:
        strict_limit(f"code.{int(window.total_seconds())}", phone, count=count, window=window)


def _hand_over(phone: str, purpose: CodePurpose, code: str) -> None:
    try:
        code_gateway().send(phone=phone, code=code, purpose=purpose)
    except UnknownOutcomeError as error:
        # It may well have arrived; the owner asks again when it has not.
        log.warning("code sent, no answer", extra={"reason": error.message})
    except AdapterError as error:
        log.warning("code not sent", extra={"reason": error.message})
        raise CodeNotSentError(retry_after=60) from None


def _hash(phone: str, purpose: CodePurpose, code: str) -> str:
    return blind_index(f"{phone}\n{purpose}\n{code}", context="one_time_code.code")
