"""Pure rules of visit persons: ID numbers (GB 11643-1999), documents, names, ages, consents."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from clinic.core.clock import clinic_day
from clinic.patients.enums import ConsentKind, DocumentKind, RealName
from clinic.settings.rules import (
    BIRTH_CERTIFICATE_UNDER_YEARS,
    GUARDIAN_UNDER_YEARS,
    REAL_NAME_VALID_FOR,
)

OLDEST_BIRTHDAY = date(1900, 1, 1)
HEIGHT_CM = (Decimal(20), Decimal(260))
WEIGHT_KG = (Decimal("0.3"), Decimal(500))

# Han characters, with the dot between the parts of names from other languages: as ID cards print.
_CARD_NAME = re.compile(
    r"(?=.{2,30}\Z)[\u3400-\u9fff\U00020000-\U0003ffff]+"
    r"(?:·[\u3400-\u9fff\U00020000-\U0003ffff]+)*"
)
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_DIGITS = "10X98765432"
_SHORT = re.compile(r"[1-9][0-9]{14}", re.ASCII)
_LONG = re.compile(r"[1-9][0-9]{16}[0-9X]", re.ASCII)
# The first two digits: provinces, and 81-83 for residence permits of Hong Kong, Macau, Taiwan.
_REGIONS = frozenset(
    str(code)
    for first, last in (
        (11, 15),
        (21, 23),
        (31, 37),
        (41, 46),
        (50, 54),
        (61, 65),
        (71, 71),
        (81, 83),
    )
    for code in range(first, last + 1)
)


# Of the cards in use and of the booklets before them; permanent residents of old: three letters.
_DOCUMENT_NUMBERS: dict[str, re.Pattern[str]] = {
    DocumentKind.PASSPORT: re.compile(r"[A-Z0-9]{5,12}", re.ASCII),
    DocumentKind.HK_MACAU_PERMIT: re.compile(r"[HM][0-9]{8}(?:[0-9]{2})?", re.ASCII),
    DocumentKind.TAIWAN_PERMIT: re.compile(r"[0-9]{8}|[0-9]{10}[A-Z]?", re.ASCII),
    DocumentKind.RESIDENCE_CARD: re.compile(r"9[0-9]{16}[0-9X]|[A-Z]{3}[0-9]{12}", re.ASCII),
    DocumentKind.BIRTH_CERTIFICATE: re.compile(r"[A-Z][0-9]{9}", re.ASCII),
}


class DocumentNumberError(ValueError):
    """No document of the kind has this number; carries nothing of the text."""


class IdNumberError(ValueError):
    """The text is no Chinese ID number; carries nothing of the text."""


@dataclass(frozen=True, slots=True)
class IdNumber:
    """A valid ID number in its 18-digit form and what it says about the person."""

    text: str
    birthday: date
    is_male: bool

    @property
    def masked(self) -> str:
        """The number with head and tail alone: ``110***********1234``."""
        return mask_id_number(self.text)


def read_id_number(text: str, *, on: date) -> IdNumber:
    """Return the ID number that a person typed, born on or before ``on``.

    Full-width characters, blanks and a small x are understood; 15 digits become 18. Raises
    IdNumberError.
    """
    plain = re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", text)).upper()
    if _SHORT.fullmatch(plain):
        head = f"{plain[:6]}19{plain[6:]}"
        plain = head + check_digit(head)
    if not _LONG.fullmatch(plain) or plain[:2] not in _REGIONS:
        raise IdNumberError
    if check_digit(plain[:17]) != plain[17]:
        raise IdNumberError
    return IdNumber(plain, _birthday(plain[6:14], on), is_male=int(plain[16]) % 2 == 1)


def check_digit(head: str) -> str:
    """Return the check digit (ISO 7064 MOD 11-2) of the first 17 digits."""
    total = sum(int(digit) * weight for digit, weight in zip(head, _WEIGHTS, strict=True))
    return _CHECK_DIGITS[total % 11]


def mask_id_number(text: str) -> str:
    """Return an ID number of which three digits at the head and four at the tail show."""
    return f"{text[:3]}{'*' * (len(text) - 7)}{text[-4:]}" if text else ""


def age_in_years(birthday: date | None, on: date) -> int | None:
    """Return the completed years of life on a day; born on 29 February counts from 1 March.

    None for an unknown birthday.
    """
    if birthday is None:
        return None
    return on.year - birthday.year - ((on.month, on.day) < (birthday.month, birthday.day))


def is_card_name(name: str) -> bool:
    """Say whether an ID card can bear the name."""
    return _CARD_NAME.fullmatch(name) is not None


def real_name_now(
    state: str, checked_at: datetime | None, *, until: date | None = None, now: datetime
) -> RealName:
    """Return the state of a stored check: what was verified long ago, or ended since, is stale."""
    known = RealName(state)
    is_old = checked_at is not None and now - checked_at >= REAL_NAME_VALID_FOR
    has_ended = until is not None and until < clinic_day(now)
    return RealName.STALE if known is RealName.VERIFIED and (is_old or has_ended) else known


def read_document_number(kind: str, text: str) -> str:
    """Return the number of a document as it is kept: half width, capitals, no blanks.

    Raises DocumentNumberError for what no document of the kind bears.
    """
    plain = re.sub(r"[\s()-]", "", unicodedata.normalize("NFKC", text)).upper()
    if not _DOCUMENT_NUMBERS[kind].fullmatch(plain):
        raise DocumentNumberError
    if (
        kind == DocumentKind.RESIDENCE_CARD
        and plain[0] == "9"
        and check_digit(plain[:17]) != plain[17]
    ):
        raise DocumentNumberError
    return plain


def mask_document_number(text: str) -> str:
    """Return a document's number of which two characters at head and tail show."""
    return f"{text[:2]}{'*' * (len(text) - 4)}{text[-2:]}" if text else ""


def may_have_document(kind: str, birthday: date, on: date) -> bool:
    """Say whether somebody of that age is verified by such a document."""
    age = age_in_years(birthday, on)
    is_small = age is not None and age < BIRTH_CERTIFICATE_UNDER_YEARS
    return kind != DocumentKind.BIRTH_CERTIFICATE or is_small


def needs_guardian(birthday: date | None, on: date) -> bool:
    """Say whether a guardian must consent for who was born that day; not for unknown birthdays."""
    age = age_in_years(birthday, on)
    return age is not None and age < GUARDIAN_UNDER_YEARS


def kinds_wanted(birthday: date | None, on: date, *, is_online: bool = True) -> list[ConsentKind]:
    """Return the kinds of consent without which nothing can be ordered for a person."""
    kinds = [ConsentKind.SERVICE] if is_online else []
    kinds.append(ConsentKind.HEALTH_DATA)
    return [*kinds, ConsentKind.GUARDIAN] if needs_guardian(birthday, on) else kinds


def is_plausible_birthday(birthday: date, *, on: date) -> bool:
    """Say whether a living person can be born on that day."""
    return OLDEST_BIRTHDAY <= birthday <= on


def _birthday(digits: str, on: date) -> date:
    try:
        birthday = date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        raise IdNumberError from None
    if not is_plausible_birthday(birthday, on=on):
        raise IdNumberError
    return birthday
