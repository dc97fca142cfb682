"""A provider of relay numbers that remembers what it was asked, and tells what tests want."""

import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, ClassVar

from clinic.adapters.aliyun_calls import (
    VENDOR_TIME,
    VENDOR_ZONE,
    Binding,
    CallReport,
    read_reports,
    sign_report,
)
from clinic.adapters.errors import AdapterError
from clinic.core.clock import now
from consultations.gateways.calls import Pair

SECRET = "report-secret"


@dataclass
class Provider:
    """What the fake was asked, and the failure that it answers with."""

    pairs: list[Pair] = field(default_factory=list)
    released: list[Binding] = field(default_factory=list)
    failure: AdapterError | None = None


class FakeCallGateway:
    """Binds nothing; ``provider`` is reset by the fixture of the same name."""

    provider: ClassVar[Provider] = Provider()

    def bind(self, pair: Pair) -> Binding:
        """Remember the pair and return a binding named after the call."""
        if self.provider.failure is not None:
            raise self.provider.failure
        self.provider.pairs.append(pair)
        return Binding(sub_id=f"sub-{pair.out_id}", relay_number="17000000001")

    def unbind(self, binding: Binding) -> None:
        """Remember the release."""
        self.provider.released.append(binding)

    def reports(self, headers: dict[str, str], body: bytes, *, now: datetime) -> list[CallReport]:
        """Read a push as the real adapter does."""
        return read_reports(SECRET, headers, body, now=now)


def leg(
    call: Any, name: str, *, seconds: int, by_doctor: bool = True, ended_at: datetime | None = None
) -> dict[str, Any]:
    """Return the report of one dialling as the vendor writes it."""
    ended = (ended_at or now()).astimezone(VENDOR_ZONE)
    answered = ended - timedelta(seconds=seconds)
    return {
        "sub_id": call.provider_ref,
        "call_id": name,
        "phone_no": "13900001111",
        "peer_no": "13900002222",
        "secret_no": call.relay_number,
        "call_type": 0 if by_doctor else 1,
        "call_time": (answered - timedelta(seconds=4)).strftime(VENDOR_TIME),
        "start_time": answered.strftime(VENDOR_TIME),
        "release_time": ended.strftime(VENDOR_TIME),
        "release_dir": 1,
        "unconnected_cause": 0 if seconds else 1,
        "record_url": "https://records.invalid/a.mp3",
    }


def signed(reports: list[dict[str, Any]], secret: str) -> tuple[dict[str, str], bytes]:
    """Return headers and body of a push."""
    body, stamp = json.dumps(reports).encode(), str(int(now().timestamp()))
    headers = {
        "X-Call-Timestamp": stamp,
        "X-Call-Nonce": "n-1",
        "X-Call-Signature": sign_report(secret, timestamp=stamp, nonce="n-1", body=body),
    }
    return headers, body


def read(reports: list[dict[str, Any]]) -> list[CallReport]:
    """Return the reports as the door reads them."""
    headers, body = signed(reports, SECRET)
    lower = {name.lower(): value for name, value in headers.items()}
    return read_reports(SECRET, lower, body, now=now())


def push(client: Any, reports: list[dict[str, Any]], *, secret: str = SECRET) -> Any:
    """Tell the clinic of calls."""
    headers, body = signed(reports, secret)
    return client.post(
        "/api/v1/calls/reports", body, content_type="application/json", headers=headers
    )
