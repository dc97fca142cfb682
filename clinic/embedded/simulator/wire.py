"""Requests and answers as plain values, so that the protocols need no server."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl

from clinic.adapters.wechatpay.facts import GATEWAY_ZONE
from clinic.embedded.simulator.model import GatewayRefusal

MAX_BODY_BYTES = 64 * 1024


@dataclass(frozen=True, kw_only=True)
class Request:
    """One request. `path` is raw (percent-encoded) as it was signed; header names lower case.

    `is_secured`: it came over TLS, so the caller has shown the merchant's certificate.
    """

    method: str
    path: str
    query: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    client: str = ""
    is_secured: bool = False

    @property
    def target(self) -> str:
        """Path and query as they stood in the request line."""
        return f"{self.path}?{self.query}" if self.query else self.path

    @property
    def parameters(self) -> dict[str, str]:
        """The query decoded; the last of equal names wins."""
        return dict(parse_qsl(self.query, keep_blank_values=True, errors="replace"))

    @property
    def form(self) -> dict[str, str]:
        """The form body decoded; the last of equal names wins."""
        return dict(parse_qsl(self.body.decode("utf-8", "replace"), keep_blank_values=True))


@dataclass(frozen=True, kw_only=True)
class Answer:
    """One answer. `delay_seconds` holds it back, `is_reset` breaks it off in the middle."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    delay_seconds: float = 0
    is_reset: bool = False

    def with_headers(self, headers: Mapping[str, str]) -> "Answer":
        """Return the answer with more headers."""
        return replace(self, headers={**self.headers, **headers})


def json_answer(status: int, document: object) -> Answer:
    """Return a JSON answer."""
    body = json.dumps(document, ensure_ascii=False, separators=(",", ":"), default=str).encode()
    return Answer(status=status, body=body, headers={"Content-Type": "application/json"})


def json_object(body: bytes) -> dict[str, Any]:
    """Return the object in the body; refuses everything else, and fractions."""
    try:
        found = json.loads(body.decode("utf-8"), parse_float=_refuse, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise GatewayRefusal(400, "PARAM_ERROR", "请求体不是有效的JSON") from error
    if not isinstance(found, dict):
        raise GatewayRefusal(400, "PARAM_ERROR", "请求体不是JSON对象")
    return found


def _refuse(_text: str) -> Any:
    raise ValueError("not an integer")


def wire_time(moment: datetime) -> str:
    """Return a moment the way the gateway writes it: seconds, +08:00."""
    return moment.astimezone(GATEWAY_ZONE).isoformat(timespec="seconds")
