"""Appointments as ``AppointmentDetail`` describes them, made of plain values."""

from datetime import datetime
from typing import Any

from django.utils.translation import get_language

from appointments.rules import minutes_late
from appointments.selectors.reading import Values
from clinic.core.clock import CLINIC_ZONE

Body = dict[str, Any]
PLAIN = (
    "id", "code", "state", "price_fen", "requirements", "moves", "cancelled_by", "cancel_reason",
)  # fmt: skip
MOMENTS = (
    "starts_at", "ends_at", "expires_at", "checked_in_at", "started_at", "finished_at", "ended_at",
    "created_at",
)  # fmt: skip


def visit_of(values: Values, user_id: int | None) -> Body:
    """Return an appointment as one of its people sees it; its order is the patient's alone."""
    return {
        **{name: values[name] for name in PLAIN},
        **{name: _local(values[name]) for name in MOMENTS},
        "type": _kind(values),
        "branch": _branch(values),
        "doctor": _doctor(values),
        "person": {
            "id": values["person_id"],
            "name": values["person_name"],
            "gender": values["person_gender"],
        },
        "order": _order(values) if values["patient_pk"] == user_id else None,
        "minutes_late": minutes_late(values["starts_at"], values["checked_in_at"]),
    }


def _local(moment: datetime | None) -> datetime | None:
    return moment.astimezone(CLINIC_ZONE) if moment else None


def _kind(values: Values) -> Body:
    is_chinese = (get_language() or "zh").startswith("zh")
    return {
        "code": values["kind_code"],
        "name": values["kind_name_zh"] if is_chinese else values["kind_name_en"],
        "mode": values["kind_mode"],
        "duration_minutes": values["kind_minutes"],
        "capacity": values["kind_capacity"],
    }


def _branch(values: Values) -> Body | None:
    if values["branch_code"] is None:
        return None
    return {
        "code": values["branch_code"],
        "name": values["branch_name"],
        "address": values["branch_address"],
        "time_zone": values["branch_zone"],
    }


def _doctor(values: Values) -> Body | None:
    if values["doctor_id"] is None:
        return None
    return {
        "id": values["doctor_id"],
        "name": values["doctor_name"],
        "icon": values["doctor_icon"],
        "level": values["doctor_level"],
        "department": values["doctor_department"],
    }


def _order(values: Values) -> Body | None:
    if values["order_id"] is None:
        return None
    return {
        "id": values["order_id"],
        "status": values["order_status"],
        "amount_fen": values["order_amount_fen"],
        "expires_at": _local(values["order_expires_at"]),
    }
