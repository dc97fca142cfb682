"""What the body of a booking names, read before anybody judged it."""

import re
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

from appointments.selectors.named import Naming
from clinic.core.api.fields import FIRST_DATE, LAST_DATE

CODE: Final = re.compile(r"[-a-zA-Z0-9_]{1,20}")
NAMES: Final = frozenset({"type", "branch", "person_id", "doctor_id", "starts_at"})
Body = dict[str, Any]


def named_by(body: Body) -> Naming | None:
    """Return what a body names; None when something in it cannot be a name.

    It refuses nothing: that is said by who judges the body afterwards.
    """
    try:
        return Naming(
            kind=_code(body["type"]),
            branch=_code(body["branch"]) if body.get("branch") else "",
            person_id=UUID(body["person_id"]),
            doctor_id=UUID(body["doctor_id"]) if body.get("doctor_id") else None,
            starts_at=_moment(body["starts_at"]),
        )
    except (KeyError, TypeError, ValueError, AttributeError):
        return None


def plain_wish(body: Body, named: Naming | None) -> Body | None:
    """Return what ``BookInput`` makes of a body that holds nothing but what it names.

    None for every other body: the serializer judges it.
    """
    if named is None or not NAMES.issuperset(body) or not all(map(_is_word, body.items())):
        return None
    return {
        "kind": named.kind, "branch": named.branch, "person_id": named.person_id,
        "doctor_id": named.doctor_id, "starts_at": named.starts_at, "requirements": "",
    }  # fmt: skip


def _is_word(told: tuple[str, object]) -> bool:
    name, value = told
    return (isinstance(value, str) and value != "") or (name == "doctor_id" and value is None)


def _code(word: str) -> str:
    if not CODE.fullmatch(word):
        raise ValueError(word)
    return word


def _moment(word: str) -> datetime:
    moment = datetime.fromisoformat(word)
    if moment.tzinfo is None or not FIRST_DATE.year <= moment.year <= LAST_DATE.year:
        raise ValueError(word)
    return moment.astimezone(UTC)  # PostgreSQL knows fewer offsets than people may write
