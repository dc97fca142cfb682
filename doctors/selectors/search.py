"""The catalogue: departments, branches, and the list of doctors that patients search."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

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


def card_of(doctor_id: int) -> dict[str, Any]:
    """Return the values of one doctor's card."""
    values: dict[str, Any] = Doctor.objects.values(*CARD_FIELDS).get(pk=doctor_id)
    return values
