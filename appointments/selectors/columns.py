"""Columns of the rows that a wish to book names, and the rows made of what was read."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db.models import DateField, DateTimeField, DurationField, UUIDField

from appointments.models import AppointmentType
from clinic.accounts.models import User
from clinic.core.models import PublicModel
from clinic.patients.models import VisitPerson
from clinic.relations.models import Relation
from doctors.models import Branch, Department, Doctor

# What booking reads of each row; the rest loads when asked for.
COLUMNS: Final[dict[str, tuple[type[PublicModel], tuple[str, ...]]]] = {
    "k": (AppointmentType, (
        "id", "code", "name_zh", "name_en", "mode", "duration_minutes",
        "step_minutes", "buffer_before_minutes", "buffer_after_minutes", "capacity", "price_fen",
        "min_notice", "max_advance", "needs_acceptance", "waiting_way", "waiting_timeout",
        "is_active",
    )),
    "b": (Branch, ("id", "code", "name", "time_zone", "address", "is_active")),
    "p": (VisitPerson, (
        "id", "public_id", "account_id", "name", "gender", "birthday", "real_name_state",
        "real_name_at", "real_name_until", "is_active",
    )),
    "a": (User, ("id", "public_id", "is_active")),
    "d": (Doctor, (
        "id", "public_id", "user_id", "department_id", "name", "icon", "level", "status",
    )),
    "u": (User, ("id", "public_id", "is_active")),
    "dd": (Department, ("id", "code", "name")),
    "r": (Relation, ("id", "is_blocked_by_doctor", "is_blocked_by_patient")),
}  # fmt: skip
# How columns are read that JSON cannot carry as they are.
KINDS: Final[dict[type, type]] = {
    UUIDField: UUID, DateTimeField: datetime, DateField: date, DurationField: timedelta,
}  # fmt: skip


def columns_of(aliases: Iterable[str]) -> str:
    """Return the columns of these tables in SQL; ``rows_from`` makes rows of them."""
    return ", ".join(
        f"extract(epoch FROM {column})" if kind is timedelta else column
        for column, kind in _columns(aliases)
    )


def kinds_of(aliases: Iterable[str]) -> list[object]:
    """Return what each of these columns is in Python, for ``statements.packed``."""
    return [kind for _column, kind in _columns(aliases)]


def _columns(aliases: Iterable[str]) -> Iterator[tuple[str, object]]:
    for alias in aliases:
        model, names = COLUMNS[alias]
        for name in names:
            field = model._meta.get_field(name)  # noqa: SLF001 Django's name
            yield f"{alias}.{name}", KINDS.get(type(field), object)


def rows_from(values: Sequence[Any], aliases: Iterable[str]) -> dict[str, Any]:
    """Return each table's row; the first column is its key, NULL where nothing was joined.

    A doctor comes with account and department, a person with the account.
    """
    found: dict[str, Any] = {}
    start = 0
    for alias in aliases:
        model, names = COLUMNS[alias]
        row = values[start : start + len(names)]
        found[alias] = None if row[0] is None else model.known(**dict(zip(names, row, strict=True)))
        start += len(names)
    if doctor := found.get("d"):
        doctor.linked(user=found["u"], department=found["dd"])
    if person := found.get("p"):
        person.linked(account=found["a"])
    return found
