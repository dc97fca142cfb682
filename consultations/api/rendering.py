"""Cases as the shapes describe them, made of plain values: the busiest reads of patients."""

from datetime import datetime
from typing import Any

import orjson

from clinic.core.clock import CLINIC_ZONE, clinic_day, now
from clinic.patients.models import VisitPerson
from clinic.patients.rules import age_in_years
from clinic.patients.selectors import masked_id_number
from consultations.enums import State
from consultations.rules import is_invalid, seed_status
from consultations.selectors.reading import Values

Body = dict[str, Any]
MOMENTS = (
    "created_at", "paid_at", "pay_by", "assign_by", "accept_by", "accepted_at", "service_until",
    "held_since", "held_until", "ended_at", "follow_up_until",
)  # fmt: skip


def row_of(values: Values) -> Body:
    """Return what ``ConsultationRow`` describes."""
    return {
        "id": values["id"],
        "kind": values["kind"],
        "is_instant": values["is_instant"],
        "state": values["state"],
        "status": seed_status(values["state"]),
        "isInvalid": is_invalid(values["state"]),
        "state_since": _local(values["state_since"]),
        "person": {"id": values["person_id"], "name": values["person_name"]},
        "doctor": _doctor(values),
        "has_red_flags": values["has_red_flags"],
        "wanted_level": values["wanted_level"],
        "department": _department(values, "department"),
        **{name: _local(values[name]) for name in MOMENTS},
    }


def case_of(values: Values, user_id: int | None) -> Body:
    """Return what ``PatientDetail`` describes to the patient, ``CaseForDoctor`` to the doctor."""
    body = row_of(values)
    body["complaint"] = values["complaint"]
    body["hops"] = values["hops"]
    body["conversation_id"] = values["conversation_id"]
    body["relation_id"] = values["relation_id"]
    body["latest_report_id"] = values["latest_report_id"]
    body["follow_up"] = _follow_up(values)
    body["record"] = _record(values)
    body["intake"] = orjson.loads(values["intake"]) if values["intake"] else None
    body["fits_revisit"] = values["fits_revisit"]
    if values["patient_pk"] == user_id:
        body["order"] = _order(values)
        body["ahead"] = values["ahead"]
    else:
        body["person"] = _patient(values)
        body["unanswered_since"] = _local(values["unanswered_since"])
        body["reply_due_at"] = _local(values["reply_due_at"])
        body["revoked_consents"] = values["revoked_consents"]
    return body


def _local(moment: datetime | None) -> datetime | None:
    return moment.astimezone(CLINIC_ZONE) if moment else None


def _doctor(values: Values) -> Body | None:
    if values["doctor_id"] is None:
        return None
    return {
        "id": values["doctor_id"],
        "name": values["doctor_name"],
        "icon": values["doctor_icon"],
        "hospital": values["doctor_hospital"],
        "level": values["doctor_level"],
        "department": _department(values, "doctor_department"),
    }


def _department(values: Values, which: str) -> Body | None:
    code = values[f"{which}_code"]
    return None if code is None else {"code": code, "name": values[f"{which}_name"]}


def _follow_up(values: Values) -> Body | None:
    if values["state"] != State.COMPLETED or values["conversation_id"] is None:
        return None
    until = values["writing_until"]
    is_open = until is not None and until > now()
    return {"left": (values["writes_left"] or 0) if is_open else 0, "until": _local(until)}


def _record(values: Values) -> Body | None:
    if values["record_signed_at"] is None:
        return None
    return {
        "id": values["record_id"],
        "number": values["record_number"],
        "diagnosis": values["record_diagnosis"],
        "advice": values["record_advice"],
        "signed_at": _local(values["record_signed_at"]),
    }


def _order(values: Values) -> Body | None:
    if values["order_id"] is None:
        return None
    return {
        "id": values["order_id"],
        "amount_fen": values["order_amount_fen"],
        "status": values["order_status"],
        "expires_at": _local(values["order_expires_at"]),
    }


def _patient(values: Values) -> Body:
    height, weight = values["person_height_cm"], values["person_weight_kg"]
    sealed = VisitPerson(
        public_id=values["person_id"], id_number_sealed=values["person_id_number_sealed"]
    )
    return {
        "id": values["person_id"],
        "name": values["person_name"],
        "gender": values["person_gender"],
        "age": age_in_years(values["person_birthday"], clinic_day(now())),
        "relation": values["person_relation"],
        "height_cm": None if height is None else f"{height:f}",
        "weight_kg": None if weight is None else f"{weight:f}",
        "city": values["person_city"],
        "id_number": masked_id_number(sealed),
    }
