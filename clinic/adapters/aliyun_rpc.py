"""Calls of Aliyun's RPC services with ACS3-HMAC-SHA256. Parameters are never logged."""

import hashlib
import hmac
import json
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

import httpx2

from clinic.adapters.errors import AdapterError, DefiniteError, TransientError
from clinic.adapters.http import HttpAnswer, no_answer, send, shared_client

ALGORITHM = "ACS3-HMAC-SHA256"
FORM = "application/x-www-form-urlencoded"
# [known] words that mean: not now, ask again
_LATER = ("isv.BUSINESS_LIMIT_CONTROL", "isp.", "Throttling", "ServiceUnavailable")


@dataclass(frozen=True, kw_only=True)
class AliyunAccount:
    """Keys of one account, and the address of the service."""

    access_key_id: str
    access_key_secret: str = field(repr=False)
    base_url: str


@dataclass(frozen=True, slots=True)
class Call:
    """One call: its name, the version of the service, and a form body or none."""

    action: str
    version: str
    form: bytes = field(default=b"", repr=False)


def utc_now() -> datetime:
    """Return the current moment, aware."""
    return datetime.now(UTC)


def ask(
    account: AliyunAccount,
    action: str,
    version: str,
    parameters: Mapping[str, str],
    *,
    http: httpx2.Client | None = None,
    now: Callable[[], datetime] = utc_now,
) -> dict[str, Any]:
    """Return the document of an accepted call that changes something.

    Raises DefiniteError, TransientError, or UnknownOutcomeError when it may have been done.
    """
    query = canonical_query(parameters)
    url = httpx2.URL(f"{account.base_url.rstrip('/')}/?{query}")
    client = http or shared_client()
    headers = signed_headers(account, Call(action, version), now(), url=url, query=query)
    request = client.build_request("POST", url, headers=headers)
    return _accepted(send(client, request, changes=True))


def signed_headers(
    account: AliyunAccount, call: Call, moment: datetime, *, url: httpx2.URL, query: str = ""
) -> dict[str, str]:
    """Return the headers of a signed POST to the root of the service."""
    headers = {
        "host": url.netloc.decode("ascii"),
        "x-acs-action": call.action,
        "x-acs-content-sha256": hashlib.sha256(call.form).hexdigest(),
        "x-acs-date": moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "x-acs-signature-nonce": secrets.token_hex(16),
        "x-acs-version": call.version,
    }
    if call.form:
        headers["content-type"] = FORM
    return headers | _authorization(account, query, headers)


def _authorization(
    account: AliyunAccount, query: str, headers: Mapping[str, str]
) -> dict[str, str]:
    signature = signature_of(account.access_key_secret, "POST", "/", query, headers)
    credential = f"Credential={account.access_key_id}"
    signed = f"SignedHeaders={';'.join(sorted(headers))}"
    value = f"{ALGORITHM} {credential},{signed},Signature={signature}"
    return {"Authorization": value, "Accept": "application/json"}


def canonical_query(parameters: Mapping[str, str]) -> str:
    """Return the parameters sorted and encoded the way they are signed and sent."""
    pairs = sorted((quote(k, safe="~"), quote(v, safe="~")) for k, v in parameters.items())
    return "&".join(f"{name}={value}" for name, value in pairs)


def signature_of(
    secret: str, method: str, path: str, query: str, headers: Mapping[str, str]
) -> str:
    """Return the ACS3 signature; `headers` are exactly the signed ones, names in lower case."""
    names = sorted(headers)
    lines = "".join(f"{name}:{headers[name].strip()}\n" for name in names)
    payload = headers["x-acs-content-sha256"]
    request = "\n".join((method, path, query, lines, ";".join(names), payload))
    digest = hashlib.sha256(request.encode()).hexdigest()
    return hmac.new(secret.encode(), f"{ALGORITHM}\n{digest}".encode(), hashlib.sha256).hexdigest()


def _accepted(answer: HttpAnswer) -> dict[str, Any]:
    try:
        document = json.loads(answer.body)
    except (ValueError, RecursionError) as error:
        raise no_answer(f"HTTP {answer.status}, not JSON", changes=True) from error
    code = document.get("Code") if isinstance(document, dict) else None
    if not isinstance(code, str):
        raise no_answer(f"HTTP {answer.status}, no code", changes=True)
    if code != "OK":
        raise _refusal(answer.status, code)
    return dict(document)


def _refusal(status: int, code: str) -> AdapterError:
    message = f"HTTP {status} {code[:60]}"
    if code.startswith(_LATER):
        return TransientError(message, code=code)
    if status >= httpx2.codes.INTERNAL_SERVER_ERROR:
        return no_answer(message, changes=True, code=code)
    return DefiniteError(message, code=code, status=status)
