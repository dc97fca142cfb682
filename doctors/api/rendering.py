"""Doctors as patients see them, made of plain values: the list is one of the busiest pages."""

from datetime import datetime, time
from typing import Any

from clinic.core.clock import clinic_day
from clinic.settings import rules
from doctors.enums import PresenceState


def card(row: dict[str, Any], moment: datetime) -> dict[str, Any]:
    """Return the public card for the values of a card."""
    presence = _presence(row, moment)
    return {
        "id": row["public_id"],
        "name": row["name"],
        "gender": row["gender"],
        "icon": row["icon"],
        "hospital": row["hospital"],
        "level": row["level"],
        "description": row["description"],
        "department": {"code": row["department_code"], "name": row["department_name"]},
        "branch": row["branch_name"],
        "is_text_open": row["is_service_open"] and row["is_text_open"],
        "is_phone_open": row["is_service_open"] and row["is_phone_open"],
        "text_price_fen": row["text_price_fen"],
        "phone_price_fen": row["phone_price_fen"],
        "rating_average": str(row["rating_average"]),
        "rating_count": row["rating_count"],
        "presence": presence,
        "takes_patients": presence == PresenceState.ONLINE and _has_room(row, moment),
    }


def stretch(weekday: int, start: time, end: time) -> dict[str, Any]:
    """Return one row of a doctor's hours."""
    return {"weekday": weekday, "start": f"{start:%H:%M}", "end": f"{end:%H:%M}"}


def _presence(row: dict[str, Any], moment: datetime) -> str:
    """A state that no fresh heartbeat backs is offline, also before the sweep."""
    heartbeat_at = row["heartbeat_at"]
    if heartbeat_at is None or heartbeat_at <= moment - rules.PRESENCE_SILENCE:
        return PresenceState.OFFLINE.value
    return str(row["presence_state"])


def _has_room(row: dict[str, Any], moment: datetime) -> bool:
    is_on_duty = row["is_on_duty"] and (not row["duty_ends_at"] or row["duty_ends_at"] > moment)
    is_valid = row["licence_valid_until"] and row["licence_valid_until"] >= clinic_day(moment)
    is_open = row["is_service_open"] and row["is_text_open"]
    return bool(
        is_on_duty
        and is_valid
        and is_open
        and row["current_consultation_count"] < row["place_limit"]
    )
