"""Coming in: register, log in by password, log in by code."""

from datetime import datetime

from django.db import transaction

from clinic.accounts.enums import CodePurpose
from clinic.accounts.errors import PhoneTakenError
from clinic.accounts.models import User
from clinic.accounts.services.codes import use_code
from clinic.accounts.services.passwords import limit_address, prove_password
from clinic.accounts.services.roles import grant_role
from clinic.accounts.services.sessions import SignedIn, open_session
from clinic.core import audit
from clinic.core.actor import Actor, system_actor
from clinic.core.roles import Role

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

    Raises WrongCredentialsError, RateLimitedError, AccountSuspendedError.
    """
    user = prove_password(phone=phone, password=password, address=address)
    return open_session(user=user, device=device, now=now)


def log_in_by_code(*, phone: str, code: str, device: str, address: str, now: datetime) -> SignedIn:
    """Log in by a one-time code; an unknown phone becomes a patient's account without password.

    Raises WrongCodeError, RateLimitedError, AccountSuspendedError.
    """
    limit_address(address)
    use_code(phone=phone, purpose=CodePurpose.LOGIN, code=code, now=now)
    with transaction.atomic():
        user = User.objects.filter(phone=phone).first() or _new_patient(phone, None, "")
        return open_session(user=user, device=device, now=now)


def _new_patient(phone: str, password: str | None, name: str) -> User:
    user = User.objects.create_user(phone=phone, password=password, name=name)
    grant_role(user=user, role=Role.PATIENT, by=REGISTRATION)
    return user
