"""The door through which two people are put through by a number of neither."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from clinic.adapters.aliyun_calls import (
    AliyunCallsClient,
    Binding,
    CallReport,
    CallsConfig,
    read_reports,
)

CHINA = "+86"


@dataclass(frozen=True, kw_only=True, slots=True)
class Pair:
    """Whom to bind: numbers in E.164, ``out_id`` the public id of the call."""

    doctor_phone: str
    patient_phone: str
    out_id: str
    expires_at: datetime
    is_recorded: bool

    def __repr__(self) -> str:
        """Show no number."""
        return f"Pair({self.out_id})"


class CallGateway(Protocol):
    """Binds two numbers. Raises clinic.adapters.errors.AdapterError when it cannot."""

    def bind(self, pair: Pair) -> Binding:
        """Let both reach each other by the relay number of the answer."""

    def unbind(self, binding: Binding) -> None:
        """Let them not any more."""

    def reports(self, headers: dict[str, str], body: bytes, *, now: datetime) -> list[CallReport]:
        """Return what a push tells. Raises ReportRefusedError unless its signature fits."""


class AliyunCallGateway:
    """Number protection of Aliyun: the doctor is A, the patient B."""

    def __init__(self) -> None:
        """Take address and account from the settings."""
        self._client = AliyunCallsClient(
            CallsConfig(
                access_key_id=settings.CALLS_ACCESS_KEY_ID,
                access_key_secret=settings.CALLS_ACCESS_KEY_SECRET,
                pool_key=settings.CALLS_POOL_KEY,
                base_url=settings.CALLS_BASE_URL,
            )
        )

    def bind(self, pair: Pair) -> Binding:
        """Bind both; mainland numbers go without prefix."""
        return self._client.bind(
            phone_a=pair.doctor_phone.removeprefix(CHINA),
            phone_b=pair.patient_phone.removeprefix(CHINA),
            expires_at=pair.expires_at,
            out_id=pair.out_id,
            is_recorded=pair.is_recorded,
        )

    def unbind(self, binding: Binding) -> None:
        """Release the binding."""
        self._client.unbind(binding)

    def reports(self, headers: dict[str, str], body: bytes, *, now: datetime) -> list[CallReport]:
        """Read a push of call reports."""
        return read_reports(settings.CALLS_REPORT_SECRET, headers, body, now=now)


def call_gateway() -> CallGateway:
    """Return the gateway that settings.CALL_GATEWAY names; one per process."""
    return _gateway(settings.CALL_GATEWAY)


@cache
def _gateway(path: str) -> CallGateway:
    gateway: CallGateway = import_string(path)()
    return gateway


def is_reachable(phone: str | None) -> bool:
    """Say whether the provider can call a number: the mainland's mobile numbers only."""
    digits = (phone or "").removeprefix(CHINA)
    return bool(phone) and str(phone).startswith(CHINA) and len(digits) == 11
