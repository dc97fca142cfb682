"""The catalogue: departments, branches, and the list of doctors that patients search."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, time
from functools import cache as cache_in_process
from functools import lru_cache
from typing import Any, Final
from uuid import UUID

from django.core.cache import cache
from django.db import connection
from django.db.models import Q, QuerySet

from clinic.core.statements import Statement, rows_of
from clinic.settings import rules
from doctors.models import Branch, Department

Card = dict[str, Any]
PAGE_SIZE: Final = 20
CARD: Final = {
    "public_id": "d.public_id", "name": "d.name", "gender": "d.gender", "icon": "d.icon",
    "hospital": "d.hospital", "level": "d.level", "description": "d.description",
    "is_service_open": "d.is_service_open", "is_text_open": "d.is_text_open",
    "is_phone_open": "d.is_phone_open", "text_price_fen": "d.text_price_fen",
    "phone_price_fen": "d.phone_price_fen", "rating_average": "d.rating_average",
    "rating_count": "d.rating_count", "department_code": "dd.code", "department_name": "dd.name",
    "branch_name": "b.name", "presence_state": "p.state", "heartbeat_at": "p.heartbeat_at",
    "is_on_duty": "d.is_on_duty", "duty_ends_at": "d.duty_ends_at",
    "current_consultation_count": "d.current_consultation_count", "place_limit": "d.place_limit",
    "licence_valid_until": "d.licence_valid_until",
}  # fmt: skip
TABLES: Final = """
FROM doctors_doctor d
JOIN accounts_user u ON u.id = d.user_id
JOIN doctors_department dd ON dd.id = d.department_id
LEFT JOIN doctors_branch b ON b.id = d.branch_id
LEFT JOIN doctors_doctorpresence p ON p.doctor_id = d.id
"""
# The condition ``LISTED`` of the model, and ``online``; both stand here for prepared statements.
LISTED: Final = "d.status = 'active' AND d.certification = 'certified' AND u.is_active"
ONLINE: Final = "(p.state = 'online' AND p.heartbeat_at > %s)"
SEARCHED: Final = ("d.name", "d.hospital", "d.description", "dd.name")
ONE: Final = Statement(
    "doctor_card",
    ("uuid",),
    f"SELECT {', '.join(CARD.values())}, d.user_id, d.id {TABLES}"
    f" WHERE d.public_id = %s AND {LISTED}",
)
HOURS: Final = Statement(
    "doctor_hours",
    ("bigint",),
    'SELECT weekday, start, "end" FROM doctors_servicehours WHERE doctor_id = %s'
    " ORDER BY weekday, start",
)


@dataclass(frozen=True, kw_only=True, slots=True)
class DoctorSearch:
    """What a patient looks for; None and empty mean any."""

    department: str = ""
    keyword: str = ""
    level: str = ""
    online: bool | None = None


def open_departments(keyword: str = "") -> QuerySet[Department]:
    """Return departments that are offered, by name or code."""
    rows = Department.objects.filter(is_active=True)
    if keyword:
        rows = rows.filter(Q(name__icontains=keyword) | Q(code__icontains=keyword))
    return rows.order_by("position", "id")


def open_branches() -> QuerySet[Branch]:
    """Return the branches that patients can visit."""
    return Branch.objects.filter(is_active=True).order_by("name")


@dataclass(frozen=True, slots=True)
class Found:
    """One page of cards, and how many there are on all pages."""

    cards: list[Card]
    count: int


def page_of_doctors(search: DoctorSearch, moment: datetime, *, page: int, size: int) -> Found:
    """Return a page of matching doctors; one query, and one more when the page is full.

    The count of a full page is remembered for a moment: counting thousands costs more than reading
    the page.
    """
    start = (page - 1) * size
    cards = _cards(_listed(_shape(search), size, start), *_values(search, moment))
    if 0 < len(cards) < size or (not cards and page == 1):
        return Found(cards, start + len(cards))
    key = f"doctors.count:{hashlib.sha256(repr(search).encode()).hexdigest()}"
    count = cache.get(key)
    if count is None:
        count = rows_of(_counted(_shape(search)), *_values(search, moment))[0][0]
        cache.set(key, count, rules.DOCTOR_COUNT_REMEMBERED.total_seconds())
    return Found(cards, count)


def card_of(public_id: UUID) -> Card | None:
    """Return the values of the card of a doctor whom patients may see, and his account's key."""
    found = rows_of(ONE, public_id)
    return dict(zip((*CARD, "user_id", "pk"), found[0], strict=True)) if found else None


def hours_of(doctor_id: int) -> list[tuple[int, time, time]]:
    """Return weekday, start and end of a doctor's stretches, in order; none means always."""
    return [(weekday, start, end) for weekday, start, end in rows_of(HOURS, doctor_id)]


def _cards(statement: Statement, *values: Any) -> list[Card]:
    return [dict(zip(CARD, row, strict=True)) for row in rows_of(statement, *values)]


# Which filters a search has: department, level, keyword, and online wanted, unwanted or any.
_Shape = tuple[bool, bool, bool, bool | None]


def _shape(search: DoctorSearch) -> _Shape:
    return bool(search.department), bool(search.level), bool(search.keyword), search.online


def _values(search: DoctorSearch, moment: datetime) -> list[Any]:
    values: list[Any] = [text for text in (search.department, search.level) if text]
    if search.keyword:
        values += [f"%{connection.ops.prep_for_like_query(search.keyword)}%"] * len(SEARCHED)
    if search.online is not None:
        values.append(moment - rules.PRESENCE_SILENCE)
    return values


@cache_in_process
def _conditions(shape: _Shape) -> tuple[str, tuple[str, ...]]:
    """Return what follows WHERE and the types of its values, in the order of ``_values``."""
    department, level, keyword, online = shape
    parts, types = [LISTED], []
    if department:
        parts.append("dd.code = %s AND dd.is_active")
        types.append("text")
    if level:
        parts.append("d.level = %s")
        types.append("text")
    if keyword:
        parts.append("(" + " OR ".join(f"UPPER({name}) LIKE UPPER(%s)" for name in SEARCHED) + ")")
        types += ["text"] * len(SEARCHED)
    if online is not None:
        parts.append(f"{'' if online else 'NOT '}COALESCE({ONLINE}, false)")
        types.append("timestamptz")
    return " AND ".join(parts), tuple(types)


@lru_cache(maxsize=256)
def _listed(shape: _Shape, size: int, start: int) -> Statement:
    """The first page of each sort is kept planned; with its size as a number it is planned well."""
    conditions, types = _conditions(shape)
    return Statement(
        "_".join(["doctors", *(str(part).lower() for part in shape)]),
        types,
        f"SELECT {', '.join(CARD.values())} {TABLES} WHERE {conditions}"
        " ORDER BY d.is_on_duty DESC, d.level_rank DESC, d.rating_average DESC, d.id"
        f" LIMIT {size:d} OFFSET {start:d}",
        is_kept=size == PAGE_SIZE and start == 0,
    )


@cache_in_process
def _counted(shape: _Shape) -> Statement:
    conditions, types = _conditions(shape)
    name = "_".join(["doctors_counted", *(str(part).lower() for part in shape)])
    return Statement(name, types, f"SELECT count(*) {TABLES} WHERE {conditions}")
