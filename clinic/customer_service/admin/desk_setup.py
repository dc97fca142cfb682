"""What the pages of the desk are handed over: addresses, limits, and words in one language."""

from typing import Any

from django.conf import settings
from django.utils.functional import Promise

from appointments.enums import State as VisitState
from clinic.customer_service import enums
from clinic.customer_service.admin.desk_words import (
    board_words,
    desk_keys,
    desk_words,
    end_reasons,
    message_words,
    transfer_reasons,
)
from clinic.customer_service.models import Team
from clinic.patients.enums import Gender
from clinic.settings import rules
from consultations.enums import Kind, State
from payments.enums import OrderStatus

API = "/api/v1/"
SOCKET = "/ws/v1/"


def desk_setup() -> dict[str, Any]:
    """Return what the desk needs before its first question to the API."""
    return _common() | {
        "words": desk_words(),
        "keys": desk_keys(),
        "transferReasons": transfer_reasons(),
        "endReasons": end_reasons(),
    }


def board_setup() -> dict[str, Any]:
    """Return what the board needs."""
    return _common() | {"words": board_words()}


def _common() -> dict[str, Any]:
    return {
        "api": API,
        "socket": SOCKET,
        "zone": settings.TIME_ZONE,
        "rules": _limits(),
        "labels": _labels(),
        "languages": [{"code": code, "name": str(name)} for code, name in settings.LANGUAGES],
        "teams": [
            {"id": str(team.public_id), "name": team.name}
            for team in Team.objects.filter(is_active=True)
        ],
    }


def _limits() -> dict[str, int]:
    return {
        "amberSeconds": int(rules.SERVICE_IDLE_WARN.total_seconds()),
        "redSeconds": int(rules.SERVICE_IDLE_END.total_seconds()),
        "holdMinutes": int(rules.SERVICE_HOLD_MAX.total_seconds() // 60),
        "maxChars": rules.MESSAGE_MAX_CHARS,
        "editSeconds": int(rules.EDIT_WITHIN.total_seconds()),
        "recallSeconds": int(rules.RECALL_WITHIN.total_seconds()),
        "fileBytes": rules.FILE_MAX_BYTES,
    }


def _labels() -> dict[str, dict[str, str]]:
    return {
        "status": _of(enums.AgentStatus.choices),
        "state": _of(enums.ChatState.choices),
        "side": _of(enums.Side.choices),
        "face": _of(enums.Face.choices),
        "sla": _of(enums.SlaMetric.choices),
        "alarm": _of(enums.AlarmKind.choices),
        "leftState": _of(enums.LeftMessageState.choices),
        "end": _of(enums.MoveReason.choices),
        "gender": _of(Gender.choices),
        "language": _of(settings.LANGUAGES),
        "consultation": _of(State.choices),
        "consultationKind": _of(Kind.choices),
        "appointment": _of(VisitState.choices),
        "order": _of(OrderStatus.choices),
        **message_words(),
    }


def _of(choices: Any) -> dict[str, str]:
    return {str(value): _text(label) for value, label in choices}


def _text(label: str | Promise) -> str:
    return str(label)
