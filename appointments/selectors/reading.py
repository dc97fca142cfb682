"""An appointment as plain values for the busiest read, by one statement that is planned once."""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from appointments.enums import NOT_YET_HIS
from appointments.models import Appointment
from clinic.core.actor import Actor
from clinic.core.roles import Role
from clinic.core.statements import Read, Row, Statement, packed, rows_of

Values = dict[str, Any]
# Name of a value in the answer's making, and where it comes from.
VISIT: Final = {
    "id": "a.public_id", "code": "a.code", "state": "a.state", "starts_at": "a.starts_at",
    "ends_at": "a.ends_at", "expires_at": "a.expires_at", "price_fen": "a.price_fen",
    "requirements": "a.requirements", "moves": "a.moves", "checked_in_at": "a.checked_in_at",
    "started_at": "a.started_at", "finished_at": "a.finished_at", "ended_at": "a.ended_at",
    "cancelled_by": "a.cancelled_by", "cancel_reason": "a.cancel_reason",
    "created_at": "a.created_at", "patient_pk": "a.patient_id",
    "kind_code": "k.code", "kind_name_zh": "k.name_zh", "kind_name_en": "k.name_en",
    "kind_mode": "k.mode", "kind_minutes": "k.duration_minutes", "kind_capacity": "k.capacity",
    "branch_code": "b.code", "branch_name": "b.name", "branch_address": "b.address",
    "branch_zone": "b.time_zone",
    "doctor_id": "d.public_id", "doctor_name": "d.name", "doctor_icon": "d.icon",
    "doctor_level": "d.level", "doctor_department": "dd.name",
    "person_id": "p.public_id", "person_name": "p.name", "person_gender": "p.gender",
    "order_id": "o.public_id", "order_status": "o.status", "order_amount_fen": "o.amount_fen",
    "order_expires_at": "o.expires_at",
}  # fmt: skip
OWN: Final = tuple(name for name, source in VISIT.items() if source == f"a.{name}")
PEOPLE: Final = """
FROM appointments_appointment a
JOIN appointments_appointmenttype k ON k.id = a.kind_id
JOIN patients_visitperson p ON p.id = a.person_id
LEFT JOIN doctors_branch b ON b.id = a.branch_id
LEFT JOIN doctors_doctor d ON d.id = a.doctor_id
LEFT JOIN doctors_department dd ON dd.id = d.department_id
LEFT JOIN payments_paymentorder o ON o.id = a.order_id
"""
# Found by its id alone, so that it can be read together with who asks; ``seen_by`` comes after.
# Moments come as such, ids as the texts that are sent on.
ONE: Final = packed(
    Statement(
        "appointment_by_id",
        ("uuid",),
        f"SELECT {', '.join(VISIT.values())}, d.user_id {PEOPLE} WHERE a.public_id = %s",
    ),
    *(datetime if name.endswith("_at") else object for name in VISIT),
    int,
)


def reading(public_id: UUID) -> Read:
    """Return the read of an appointment; its row is for ``seen_by``."""
    return Read(ONE, (public_id,))


def read_visit(actor: Actor, public_id: UUID) -> Values | None:
    """Return the values of VISIT for an appointment the actor may see; None when there is none."""
    return seen_by(actor, next(iter(rows_of(ONE, public_id)), None))


def seen_by(actor: Actor, row: Row | None) -> Values | None:
    """Return the values of a row when the actor may see it, as ``visible_to`` has it; else None."""
    if row is None:
        return None
    values = dict(zip(VISIT, row[:-1], strict=True))
    doctor_key, me = row[-1], actor.account_id
    is_patients = actor.has_role(Role.PATIENT) and values["patient_pk"] == me
    is_doctors = actor.has_role(Role.DOCTOR) and doctor_key == me
    return values if is_patients or (is_doctors and values["state"] not in NOT_YET_HIS) else None


def values_of(row: Appointment) -> Values:
    """Return the same values of a row that was made just now, with all that it refers to."""
    kind, branch, doctor, person, order = row.kind, row.branch, row.doctor, row.person, row.order
    return {
        **{name: getattr(row, name) for name in OWN},
        "id": row.public_id, "patient_pk": row.patient_id,
        "kind_code": kind.code, "kind_name_zh": kind.name_zh, "kind_name_en": kind.name_en,
        "kind_mode": kind.mode, "kind_minutes": kind.duration_minutes,
        "kind_capacity": kind.capacity,
        "branch_code": branch and branch.code, "branch_name": branch and branch.name,
        "branch_address": branch and branch.address, "branch_zone": branch and branch.time_zone,
        "doctor_id": doctor and doctor.public_id, "doctor_name": doctor and doctor.name,
        "doctor_icon": doctor and doctor.icon, "doctor_level": doctor and doctor.level,
        "doctor_department": doctor and doctor.department.name,
        "person_id": person.public_id, "person_name": person.name, "person_gender": person.gender,
        "order_id": order and order.public_id, "order_status": order and order.status,
        "order_amount_fen": order and order.amount_fen,
        "order_expires_at": order and order.expires_at,
    }  # fmt: skip
