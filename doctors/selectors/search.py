"""The catalogue: departments, branches, and the list of doctors that patients search."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.cache import cache
from django.db.models import Q, QuerySet

from clinic.settings import rules
from doctors.enums import PresenceState
from doctors.models import Branch, Department, Doctor

CARD_FIELDS = (
    "public_id", "name", "gender", "icon", "hospital", "level", "description", "is_service_open",
    "is_text_open", "is_phone_open", "text_price_fen", "phone_price_fen", "rating_average",
    "rating_count", "department__code", "department__name", "branch__name", "presence__state",
    "presence__heartbeat_at", "is_on_duty", "duty_ends_at", "current_consultation_count",
    "place_limit", "licence_valid_until",
)  # fmt: skip


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


def search_doctors(search: DoctorSearch, moment: datetime) -> QuerySet[Doctor, dict[str, Any]]:
    """Return the cards of matching doctors: on duty first, then by level and rating."""
    rows = Doctor.objects.listed()
    if search.department:
        rows = rows.filter(department__code=search.department, department__is_active=True)
    if search.level:
        rows = rows.filter(level=search.level)
    if search.keyword:
        rows = rows.filter(_matches(search.keyword))
    if search.online is not None:
        rows = rows.online(moment) if search.online else rows.exclude(_online(moment))
    ordered = rows.order_by("-is_on_duty", "-level_rank", "-rating_average", "id")
    cards: QuerySet[Doctor, dict[str, Any]] = ordered.values(*CARD_FIELDS)
    return cards


def _online(moment: datetime) -> Q:
    return Q(
        presence__state=PresenceState.ONLINE,
        presence__heartbeat_at__gt=moment - rules.PRESENCE_SILENCE,
    )


def _matches(keyword: str) -> Q:
    fields = ("name", "hospital", "description", "department__name")
    condition = Q()
    for field in fields:
        condition |= Q(**{f"{field}__icontains": keyword})
    return condition


@dataclass(frozen=True, slots=True)
class Found:
    """One page of cards, and how many there are on all pages."""

    cards: list[dict[str, Any]]
    count: int


def page_of_doctors(search: DoctorSearch, moment: datetime, *, page: int, size: int) -> Found:
    """Return a page of matching doctors; one query, and one more when the page is full.

    The count of a full page is remembered for a moment: counting thousands costs more than reading
    the page.
    """
    rows = search_doctors(search, moment)
    start = (page - 1) * size
    cards = list(rows[start : start + size])
    if 0 < len(cards) < size or (not cards and page == 1):
        return Found(cards, start + len(cards))
    key = f"doctors.count:{hashlib.sha256(repr(search).encode()).hexdigest()}"
    count = cache.get(key)
    if count is None:
        count = rows.count()
        cache.set(key, count, rules.DOCTOR_COUNT_REMEMBERED.total_seconds())
    return Found(cards, count)


def card_of(doctor_id: int) -> dict[str, Any]:
    """Return the values of one doctor's card."""
    values: dict[str, Any] = Doctor.objects.values(*CARD_FIELDS).get(pk=doctor_id)
    return values
