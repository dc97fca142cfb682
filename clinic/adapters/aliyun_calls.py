"""Aliyun number protection (Dypls), AXB: two people reach each other by a number of neither.

`BindAxb` and `UnbindSubscription` as the vendor documents them; `SecretReport` is the JSON array
that is pushed after each call. The push is believed when its HMAC fits: the vendor signs none, so
the address that he is given belongs to a relay of the clinic that signs. Numbers are never logged
and not part of a report here.
"""

import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import Any

import httpx2

from clinic.adapters.aliyun_rpc import AliyunAccount, ask, utc_now
from clinic.adapters.http import no_answer

API_VERSION = "2017-05-25"
VENDOR_ZONE = timezone(timedelta(hours=8))
VENDOR_TIME = "%Y-%m-%d %H:%M:%S"
SIGNATURE_WINDOW = timedelta(minutes=5)
MAX_REPORTS = 200
MAX_ADDRESS = 500
FROM_A, FROM_B = 0, 1  # call_type


class ReportRefusedError(Exception):
    """A push that is not believed or cannot be read; the message names no content."""


@dataclass(frozen=True, kw_only=True)
class CallsConfig:
    """One pool of relay numbers of one account."""

    access_key_id: str
    access_key_secret: str = field(repr=False)
    pool_key: str
    base_url: str = "https://dyplsapi.aliyuncs.com"


@dataclass(frozen=True, kw_only=True)
class Binding:
    """A binding and the number by which both reach each other."""

    sub_id: str
    relay_number: str


@dataclass(frozen=True, kw_only=True)
class CallReport:
    """One call on a binding. ``answered_at`` is None when nobody took it."""

    sub_id: str
    call_id: str
    is_from_a: bool
    started_at: datetime
    answered_at: datetime | None
    ended_at: datetime
    cause: int
    recording_url: str


class AliyunCallsClient:
    """Binds and releases numbers. Safe to share between threads."""

    def __init__(
        self,
        config: CallsConfig,
        *,
        http: httpx2.Client | None = None,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        """Use the process's pool unless another client is given."""
        self._pool_key = config.pool_key
        self._account = AliyunAccount(
            access_key_id=config.access_key_id,
            access_key_secret=config.access_key_secret,
            base_url=config.base_url,
        )
        self._http = http
        self._now = now

    def bind(
        self, *, phone_a: str, phone_b: str, expires_at: datetime, out_id: str, is_recorded: bool
    ) -> Binding:
        """Bind two mainland numbers of eleven digits until a moment.

        Raises DefiniteError, TransientError, or UnknownOutcomeError when it may have been done; a
        binding that nobody knows of ends by itself.
        """
        told = {
            "PhoneNoA": phone_a,
            "PhoneNoB": phone_b,
            "Expiration": expires_at.astimezone(VENDOR_ZONE).strftime(VENDOR_TIME),
            "IsRecordingEnabled": "true" if is_recorded else "false",
            "OutId": out_id,
        }
        made = self._ask("BindAxb", told).get("SecretBindDTO")
        if not isinstance(made, dict):
            raise no_answer("no binding", changes=True)
        sub_id, relay_number = made.get("SubsId"), made.get("SecretNo")
        if not isinstance(sub_id, str) or not isinstance(relay_number, str):
            raise no_answer("no binding", changes=True)
        return Binding(sub_id=sub_id, relay_number=relay_number)

    def unbind(self, binding: Binding) -> None:
        """Release a binding. Raises like bind; one that is over already is a DefiniteError."""
        self._ask(
            "UnbindSubscription", {"SubsId": binding.sub_id, "SecretNo": binding.relay_number}
        )

    def _ask(self, action: str, told: Mapping[str, str]) -> dict[str, Any]:
        parameters = {"PoolKey": self._pool_key, **told}
        return ask(self._account, action, API_VERSION, parameters, http=self._http, now=self._now)


def sign_report(secret: str, *, timestamp: str, nonce: str, body: bytes) -> str:
    """Return the signature of a push: HMAC-SHA256 over time, nonce and body."""
    message = f"{timestamp}\n{nonce}\n".encode() + body
    return hmac.new(secret.encode(), message, hashlib.sha256).hexdigest()


def read_reports(
    secret: str, headers: Mapping[str, str], body: bytes, *, now: datetime
) -> list[CallReport]:
    """Return the reports of a push whose signature fits; header names are in lower case.

    Reports of messages are left out. Raises ReportRefusedError.
    """
    timestamp = headers.get("x-call-timestamp", "")
    nonce, signature = headers.get("x-call-nonce", ""), headers.get("x-call-signature", "")
    known = sign_report(secret, timestamp=timestamp, nonce=nonce, body=body)
    if not secret or not nonce or not hmac.compare_digest(known.encode(), signature.encode()):
        raise ReportRefusedError("signature")
    if not timestamp.isascii() or not timestamp.isdigit() or len(timestamp) > 12:
        raise ReportRefusedError("timestamp")
    if abs(now.timestamp() - int(timestamp)) > SIGNATURE_WINDOW.total_seconds():
        raise ReportRefusedError("timestamp")
    try:
        found = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise ReportRefusedError("not JSON") from error
    if not isinstance(found, list) or len(found) > MAX_REPORTS:
        raise ReportRefusedError("not a list")
    return [_report(one) for one in found if _is_call(one)]


def _is_call(one: object) -> bool:
    if not isinstance(one, dict):
        raise ReportRefusedError("not an object")
    return one.get("call_type") in {FROM_A, FROM_B}


def _report(one: dict[str, Any]) -> CallReport:
    try:
        started, answered, ended = (
            datetime.strptime(str(one[name]), VENDOR_TIME).replace(tzinfo=VENDOR_ZONE)
            for name in ("call_time", "start_time", "release_time")
        )
        sub_id, call_id = str(one["sub_id"]), str(one["call_id"])
        cause = int(one.get("unconnected_cause") or 0)
    except (KeyError, ValueError, TypeError, OverflowError) as error:
        raise ReportRefusedError("fields") from error
    if (
        not (0 < len(call_id) <= 100 and call_id.isprintable())
        or len(sub_id) > 64
        or not -(2**31) <= cause < 2**31
    ):
        raise ReportRefusedError("fields")
    return CallReport(
        sub_id=sub_id,
        call_id=call_id,
        is_from_a=one["call_type"] == FROM_A,
        started_at=started,
        answered_at=answered if ended > answered else None,
        ended_at=ended,
        cause=cause,
        recording_url=_address(one.get("record_url")),
    )


def _address(value: object) -> str:
    is_address = isinstance(value, str) and value.startswith("https://") and value.isprintable()
    return str(value) if is_address and len(str(value)) <= MAX_ADDRESS else ""
