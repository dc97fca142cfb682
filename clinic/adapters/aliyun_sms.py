"""Aliyun SMS `SendSms` with ACS3-HMAC-SHA256. Phones and parameters are never logged."""

import hashlib
import hmac
import json
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import quote

import httpx2

from clinic.adapters.errors import AdapterError, DefiniteError, TransientError
from clinic.adapters.http import HttpAnswer, no_answer, send, shared_client

ALGORITHM = "ACS3-HMAC-SHA256"
API_VERSION = "2017-05-25"
# [known] words that mean: not now, ask again
_LATER = ("isv.BUSINESS_LIMIT_CONTROL", "isp.", "Throttling", "ServiceUnavailable")


@dataclass(frozen=True, kw_only=True)
class SmsConfig:
    """One account of the SMS service."""

    access_key_id: str
    access_key_secret: str = field(repr=False)
    sign_name: str
    base_url: str = "https://dysmsapi.aliyuncs.com"


@dataclass(frozen=True, kw_only=True)
class SmsMessage:
    """One message: `params` fill the reviewed template; `out_id` comes back in reports."""

    phone: str = field(repr=False)
    template_code: str
    params: Mapping[str, str] = field(repr=False)
    out_id: str = ""


def _utc_now() -> datetime:
    return datetime.now(UTC)


class AliyunSmsClient:
    """Sends messages. Safe to share between threads."""

    def __init__(
        self,
        config: SmsConfig,
        *,
        http: httpx2.Client | None = None,
        now: Callable[[], datetime] = _utc_now,
    ) -> None:
        """Use the process's pool unless another client is given."""
        self.config = config
        self._http = http
        self._now = now

    def send(self, message: SmsMessage) -> str:
        """Return the service's id of the accepted message.

        Raises DefiniteError, TransientError, or UnknownOutcomeError when it may have been sent.
        """
        query = canonical_query(self._parameters(message))
        url = httpx2.URL(f"{self.config.base_url.rstrip('/')}/?{query}")
        http = self._http or shared_client()
        request = http.build_request("POST", url, headers=self._signed_headers(url, query))
        return _biz_id(send(http, request, changes=True))

    def _parameters(self, message: SmsMessage) -> dict[str, str]:
        parameters = {
            "PhoneNumbers": message.phone,
            "SignName": self.config.sign_name,
            "TemplateCode": message.template_code,
            "TemplateParam": json.dumps(dict(message.params), ensure_ascii=False),
        }
        return parameters | ({"OutId": message.out_id} if message.out_id else {})

    def _signed_headers(self, url: httpx2.URL, query: str) -> dict[str, str]:
        headers = {
            "host": url.netloc.decode("ascii"),
            "x-acs-action": "SendSms",
            "x-acs-content-sha256": hashlib.sha256(b"").hexdigest(),
            "x-acs-date": self._now().astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "x-acs-signature-nonce": secrets.token_hex(16),
            "x-acs-version": API_VERSION,
        }
        signature = signature_of(self.config.access_key_secret, "POST", "/", query, headers)
        credential = f"Credential={self.config.access_key_id}"
        signed = f"SignedHeaders={';'.join(sorted(headers))}"
        value = f"{ALGORITHM} {credential},{signed},Signature={signature}"
        return headers | {"Authorization": value, "Accept": "application/json"}


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


def _biz_id(answer: HttpAnswer) -> str:
    try:
        document = json.loads(answer.body)
    except (ValueError, RecursionError) as error:
        raise no_answer(f"HTTP {answer.status}, not JSON", changes=True) from error
    code = document.get("Code") if isinstance(document, dict) else None
    if not isinstance(code, str):
        raise no_answer(f"HTTP {answer.status}, no code", changes=True)
    if code != "OK":
        raise _refusal(answer.status, code)
    biz_id = document.get("BizId")
    if not isinstance(biz_id, str):
        raise no_answer("no BizId", changes=True)
    return biz_id


def _refusal(status: int, code: str) -> AdapterError:
    message = f"HTTP {status} {code[:60]}"
    if code.startswith(_LATER):
        return TransientError(message, code=code)
    if status >= httpx2.codes.INTERNAL_SERVER_ERROR:
        return no_answer(message, changes=True, code=code)
    return DefiniteError(message, code=code, status=status)
