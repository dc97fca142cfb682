"""Places of doctors: taken one by one, given back, counted again.

Every function works in the caller's transaction; the place and the row that says whose it is must
commit together. Order of locks: order, consultation, doctor, conversation.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import orjson
from django.db import connection, transaction
from django.db.models import F

from clinic.accounts.models import User
from clinic.core.clock import clinic_day
from clinic.core.events import publish
from clinic.settings import rules
from doctors.events import DoctorBecameFree
from doctors.models import Doctor
from doctors.rules import Wanted

__all__ = [
    "TakenPlace",
    "Wanted",
    "lock_doctors",
    "lock_places",
    "reconcile_counts",
    "release_place",
    "take_best",
    "take_first",
    "take_named",
]

TAKE_FIRST: Final = "SELECT * FROM doctors_take_first_place(%s::jsonb, %s, %s, %s)"


@dataclass(frozen=True, kw_only=True, slots=True)
class TakenPlace:
    """A place of a doctor that now belongs to the caller; ``load`` counts it already.

    ``wish`` is the position of the wish that he fulfils. ``doctor`` comes with name and public ids;
    whatever else is asked of him is loaded then.
    """

    doctor: Doctor
    load: int
    limit: int
    wish: int

    @property
    def doctor_id(self) -> int:
        """Key of the doctor."""
        return self.doctor.pk

    @property
    def user_id(self) -> int:
        """Key of his account."""
        return self.doctor.user_id


def take_best(wanted: Wanted, *, now: datetime) -> TakenPlace | None:
    """Take a place of the best free doctor; None when nobody who is wanted is free.

    Lowest load / limit first, then longest idle, then oldest row. A wanted ``doctor_id`` is taken
    by name.
    """
    return take_first([wanted], now=now)


def take_named(doctor_id: int, *, now: datetime, require_online: bool) -> TakenPlace | None:
    """Take a place of this doctor; None when he is full, closed or, where required, not there.

    Waits for rivals who hold his row. With ``require_online`` False presence and hours do not
    count.
    """
    return take_first([Wanted(doctor_id=doctor_id, may_be_away=not require_online)], now=now)


def take_first(wishes: Sequence[Wanted], *, now: datetime) -> TakenPlace | None:
    """Take one place for the first wish that anybody fulfils; all are tried in one statement."""
    plain = orjson.dumps([_plain(wanted) for wanted in wishes]).decode()
    with connection.cursor() as cursor:
        cursor.execute(TAKE_FIRST, [plain, now, now - rules.PRESENCE_SILENCE, clinic_day(now)])
        row = cursor.fetchone()
    if row is None:
        return None
    wish, load, limit, *person = row
    return TakenPlace(doctor=_known_doctor(*person), load=load, limit=limit, wish=wish)


def _plain(wanted: Wanted) -> dict[str, Any]:
    low, high = wanted.ranks
    return {
        "doctor_id": wanted.doctor_id,
        "may_be_away": wanted.may_be_away,
        "low_rank": low,
        "high_rank": high,
        "department_id": wanted.department_id,
        "by_phone": wanted.by_phone,
        "excluded": list(wanted.excluded_doctor_ids),
    }


def _known_doctor(
    doctor_id: int, name: str, public_id: UUID, user_id: int, user_public_id: UUID
) -> Doctor:
    doctor = Doctor.known(id=doctor_id, name=name, public_id=public_id, user_id=user_id)
    doctor.user = User.known(id=user_id, public_id=user_public_id)
    return doctor


def release_place(doctor_id: int) -> None:
    """Give one place of the doctor back, never below zero, and announce it.

    Take no other doctor's place later in the same transaction: commit first.
    """
    freed = Doctor.objects.filter(pk=doctor_id, current_consultation_count__gt=0).update(
        current_consultation_count=F("current_consultation_count") - 1
    )
    if freed:
        publish(DoctorBecameFree(doctor_id=doctor_id))


def lock_doctors(doctor_ids: Sequence[int]) -> None:
    """Hold the rows of these doctors until the transaction ends, in the order of their keys.

    Who moves a place from one to another calls this first, so that two who move at once never
    wait for each other.
    """
    rows = Doctor.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=doctor_ids)
    list(rows.order_by("pk").values_list("pk", flat=True))


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
