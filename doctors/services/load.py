"""Places of doctors: taken one by one, given back, counted again.

Every function works in the caller's transaction; the place and the row that says whose it is must
commit together. Order of locks: order, consultation, doctor, conversation.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import connection, transaction
from django.db.models import F

from clinic.core.clock import clinic_day
from clinic.core.events import publish
from clinic.settings import rules
from doctors.events import DoctorBecameFree
from doctors.models import Doctor
from doctors.rules import Wanted

__all__ = [
    "TakenPlace",
    "Wanted",
    "lock_places",
    "reconcile_counts",
    "release_place",
    "take_best",
    "take_named",
]

TAKE_BEST: Final = "SELECT * FROM doctors_take_best_place(%s, %s, %s, %s::bigint[], %s, %s, %s)"
TAKE_NAMED: Final = """
    UPDATE doctors_doctor AS d
    SET current_consultation_count = d.current_consultation_count + 1, last_assigned_at = %(now)s
    FROM accounts_user AS u
    WHERE d.id = %(doctor_id)s AND u.id = d.user_id AND u.is_active
      AND d.current_consultation_count < d.place_limit
      AND d.status = 'active' AND d.certification = 'certified'
      AND d.is_service_open AND d.is_text_open AND d.licence_valid_until >= %(today)s
      AND (NOT %(require_online)s OR (
        d.is_on_duty AND (d.duty_ends_at IS NULL OR d.duty_ends_at > %(now)s)
        AND EXISTS (
          SELECT 1 FROM doctors_doctorpresence AS p
          WHERE p.doctor_id = d.id AND p.state = 'online' AND p.heartbeat_at > %(fresh_after)s)))
    RETURNING d.id, d.user_id, d.current_consultation_count, d.place_limit
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class TakenPlace:
    """A place of a doctor that now belongs to the caller; ``load`` counts it already."""

    doctor_id: int
    user_id: int
    load: int
    limit: int


def take_best(wanted: Wanted, *, now: datetime) -> TakenPlace | None:
    """Take a place of the best free doctor; None when nobody who is wanted is free.

    Lowest load / limit first, then longest idle, then oldest row. A wanted ``doctor_id`` is taken
    by name and must be online.
    """
    if wanted.doctor_id is not None:
        if wanted.doctor_id in wanted.excluded_doctor_ids:
            return None
        return take_named(wanted.doctor_id, now=now, require_online=True)
    fresh_after = now - rules.PRESENCE_SILENCE
    excluded = list(wanted.excluded_doctor_ids)
    return _taken(
        TAKE_BEST,
        [*wanted.ranks, wanted.department_id, excluded, now, fresh_after, clinic_day(now)],
    )


def take_named(doctor_id: int, *, now: datetime, require_online: bool) -> TakenPlace | None:
    """Take a place of this doctor; None when he is full, closed or, where required, not there.

    Waits for rivals who hold his row. With ``require_online`` False presence and hours do not
    count.
    """
    return _taken(
        TAKE_NAMED,
        {
            "doctor_id": doctor_id,
            "now": now,
            "today": clinic_day(now),
            "fresh_after": now - rules.PRESENCE_SILENCE,
            "require_online": require_online,
        },
    )


def release_place(doctor_id: int) -> None:
    """Give one place of the doctor back, never below zero, and announce it.

    Take no other doctor's place later in the same transaction: commit first.
    """
    freed = Doctor.objects.filter(pk=doctor_id, current_consultation_count__gt=0).update(
        current_consultation_count=F("current_consultation_count") - 1
    )
    if freed:
        publish(DoctorBecameFree(doctor_id=doctor_id))


def lock_places() -> None:
    """Hold every place still until the transaction ends; count only after this."""
    list(Doctor.objects.select_for_update(no_key=True).order_by("pk").values_list("pk", flat=True))


def reconcile_counts(counts: Mapping[int, int]) -> list[int]:
    """Set every doctor's count to the true one and return the doctors that were wrong.

    Call ``lock_places`` before counting, in the same transaction. Doctors missing from ``counts``
    have none. A true count above the limit is stored as the limit: he gets nobody new, and the
    promises still report him.
    """
    wrong: list[int] = []
    with transaction.atomic():
        rows = Doctor.objects.values_list("pk", "current_consultation_count", "place_limit")
        for doctor_id, stored, limit in rows.order_by("pk"):
            if stored != counts.get(doctor_id, 0):
                wrong.append(doctor_id)
                true = min(counts.get(doctor_id, 0), limit)
                Doctor.objects.filter(pk=doctor_id).update(current_consultation_count=true)
    return wrong


def _taken(statement: str, values: Sequence[Any] | Mapping[str, Any]) -> TakenPlace | None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        row = cursor.fetchone()
    if row is None:
        return None
    return TakenPlace(doctor_id=row[0], user_id=row[1], load=row[2], limit=row[3])
