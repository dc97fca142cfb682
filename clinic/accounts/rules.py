"""Pure rules of accounts: phone numbers, and what each role may do in the console."""

import hashlib
import hmac
import re
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

import phonenumbers
import pyotp

from clinic.core.roles import STAFF_ROLES, Role
from clinic.settings import rules

HOME_REGION = "CN"
_MOBILE = frozenset(
    {phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE}
)

ROLE_NAMES = frozenset(Role.values)

VIEW = frozenset({"view"})
EDIT = frozenset({"view", "change"})
KEEP = frozenset({"view", "change", "add"})
ALL = frozenset({"view", "change", "add", "delete"})
NOTHING: frozenset[str] = frozenset()
_SESSION_KEY = re.compile(r"[a-z0-9]{8,40}", re.ASCII)

# What a role may do in the console, by "app.model", "app" or "*" (most exact entry wins). States
# still move only by actions that call services; "change" opens the form and those actions.
CONSOLE_RIGHTS: dict[Role, dict[str, frozenset[str]]] = {
    Role.PATIENT: {},
    Role.DOCTOR: {},
    Role.PHARMACIST: {
        "records": VIEW,
        "consultations": VIEW,
        "patients": VIEW,
        "patients.identitydocument": NOTHING,
        "doctors": VIEW,
        "doctors.credential": NOTHING,
    },
    Role.CUSTOMER_SERVICE: {
        "accounts.user": VIEW,
        "patients": VIEW,
        "patients.identitydocument": NOTHING,
        "doctors": VIEW,
        "doctors.credential": NOTHING,  # ID cards and licences
        "chat": EDIT,
        # Teams, agents, days and grades: only those who lead the desk, decided by its screens.
        "customer_service": KEEP,
        "consultations": EDIT,
        "complaints": VIEW,
        "appointments": VIEW,
        "payments": VIEW,
        "notifications": VIEW,
        "reviews": EDIT,
    },
    Role.CONTENT_OPERATOR: {
        "doctors": VIEW,
        "doctors.credential": NOTHING,
        "doctors.department": KEEP,
        "doctors.branch": KEEP,
        "notifications": VIEW,
        "reviews": EDIT,
    },
    Role.FINANCE: {
        "accounts.user": VIEW,
        "doctors": VIEW,
        "doctors.credential": NOTHING,
        "consultations": VIEW,
        "appointments": VIEW,
        "payments": KEEP,
    },
    Role.ADMIN: {"*": ALL},
    Role.AUDITOR: {"*": VIEW},
}
# Nobody reads console cookies through the console.
CLOSED_APPS = frozenset({"sessions", "contenttypes"})


def normalise_phone(text: str) -> str:
    """Return a phone number as E.164, for example "+8613812345678"; no prefix means China.

    Full-width digits, spaces and dashes are understood. Raises ValueError when it is no number
    of the regions served.
    """
    try:
        number = phonenumbers.parse(text, HOME_REGION)
    except phonenumbers.NumberParseException:
        raise ValueError("no phone number") from None
    region = phonenumbers.region_code_for_number(number)
    if region not in rules.PHONE_REGIONS or not phonenumbers.is_valid_number(number):
        raise ValueError("not served")
    number.extension = None
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def normalise_mobile(text: str) -> str:
    """Return a mobile number as E.164. Raises ValueError for all else, also for landlines."""
    phone = normalise_phone(text)
    if phonenumbers.number_type(phonenumbers.parse(phone)) not in _MOBILE:
        raise ValueError("no mobile number")
    return phone


def console_session_id(key: str) -> UUID:
    """Return an id of a console session that may be told: its key opens the console, this does not.

    Raises ValueError for what can be no key.
    """
    if not _SESSION_KEY.fullmatch(key):
        raise ValueError("no session key")
    return UUID(bytes=hashlib.sha256(key.encode()).digest()[:16])


def roles_of(names: Iterable[str | None], *, is_proven: bool) -> frozenset[Role]:
    """Return the roles that a device session has: those of staff only once it is proven."""
    held = frozenset(Role(name) for name in names if name in ROLE_NAMES)
    return held if is_proven else held - STAFF_ROLES


def step_of(secret: str, code: str, moment: datetime) -> int | None:
    """Return the step of time whose code this is, within the drift of clocks; None for no such."""
    app = pyotp.TOTP(
        secret,
        digits=rules.SECOND_FACTOR_DIGITS,
        interval=int(rules.SECOND_FACTOR_STEP.total_seconds()),
    )
    here, drift = app.timecode(moment), rules.SECOND_FACTOR_DRIFT_STEPS
    for step in range(here - drift, here + drift + 1):
        if hmac.compare_digest(app.generate_otp(step), code):
            return step
    return None


def setup_address(secret: str, *, account: str, house: str) -> str:
    """Return the ``otpauth:`` address that an authenticator app reads from a QR code."""
    return pyotp.TOTP(secret).provisioning_uri(name=account, issuer_name=house)


def plain_code(text: str) -> str:
    """Return a code as typed without blanks and dashes, letters large."""
    return re.sub(r"[\s-]", "", text).upper()


def console_verbs(role: Role, app: str, model: str) -> frozenset[str]:
    """Return what a role may do with a model in the console; may be empty."""
    table = CONSOLE_RIGHTS[role]
    if app in CLOSED_APPS:
        return frozenset()
    for key in (f"{app}.{model}", app, "*"):
        if key in table:
            return table[key]
    return frozenset()
