"""An appointment by its six digits: one statement, for people who know little else."""

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Final, get_args
from uuid import UUID

from django.utils.translation import get_language

from appointments.enums import NOT_YET_HIS, State
from clinic.core.actor import Actor
from clinic.core.roles import Role
from clinic.core.statements import Read, Statement, packed, rows_of


@dataclass(frozen=True, slots=True)
class Found:
    """What stands behind a code. ``phone`` is the person's own, else the account's, in E.164."""

    public_id: UUID
    code: str
    state: str
    starts_at: datetime | None
    ends_at: datetime | None
    wanted_from: datetime | None
    wanted_until: datetime | None
    expires_at: datetime | None
    checked_in_at: datetime | None
    type_code: str
    name_zh: str
    name_en: str
    duration_minutes: int
    branch_code: str | None
    branch_name: str | None
    branch_address: str | None
    time_zone: str | None
    doctor_id: UUID | None
    doctor_name: str | None
    person_name: str
    phone: str
    order_id: UUID | None
    patient_key: int
    doctor_key: int | None

    @property
    def hours(self) -> tuple[datetime | None, datetime | None]:
        """Begin and end; of who waits, the window that he waits for."""
        if self.state == State.QUEUED:
            return self.wanted_from, self.wanted_until
        return self.starts_at, self.ends_at

    @property
    def type_name(self) -> str:
        """Name of the type in the active language."""
        return self.name_zh if (get_language() or "zh").startswith("zh") else self.name_en

    def is_of_patient(self, actor: Actor) -> bool:
        """Say whether the actor booked it."""
        return actor.has_role(Role.PATIENT) and self.patient_key == actor.user_id

    def is_of_doctor(self, actor: Actor) -> bool:
        """Say whether the actor is its doctor, and may know of it."""
        is_his = actor.has_role(Role.DOCTOR) and self.doctor_key == actor.user_id
        return is_his and self.doctor_key is not None and self.state not in NOT_YET_HIS

    def is_of(self, actor: Actor) -> bool:
        """Say whether the actor takes part in it."""
        return self.is_of_patient(actor) or self.is_of_doctor(actor)


FIND: Final = packed(
    Statement(
        "appointment_by_code",
        ("text",),
        """
SELECT a.public_id, a.code, a.state, a.starts_at, a.ends_at, a.wanted_from, a.wanted_until,
  a.expires_at, a.checked_in_at,
  k.code, k.name_zh, k.name_en, k.duration_minutes, b.code, b.name, b.address, b.time_zone,
  d.public_id, d.name, v.name, coalesce(nullif(v.phone, ''), u.phone, ''), o.public_id,
  a.patient_id, d.user_id
FROM appointments_appointment a
JOIN appointments_appointmenttype k ON k.id = a.kind_id
JOIN patients_visitperson v ON v.id = a.person_id
JOIN accounts_user u ON u.id = a.patient_id
LEFT JOIN doctors_branch b ON b.id = a.branch_id
LEFT JOIN doctors_doctor d ON d.id = a.doctor_id
LEFT JOIN payments_paymentorder o ON o.id = a.order_id
WHERE a.code = %s AND a.is_code_taken
""",
    ),
    *((get_args(column.type) or (column.type,))[0] for column in fields(Found)),
)


def finding(code: str) -> Read:
    """Return the read of what a code stands for; its row makes a Found."""
    return Read(FIND, (code,))


def find_by_code(code: str) -> Found | None:
    """Return what a code in use stands for; one query."""
    rows = rows_of(FIND, code)
    return Found(*rows[0]) if rows else None
