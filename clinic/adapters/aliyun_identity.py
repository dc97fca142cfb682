"""Aliyun `Id2MetaVerify`: do a name and an ID number belong together? Neither is ever logged.

Both travel in the signed body, never in the address, and the answer holds neither.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

import httpx2

from clinic.adapters.aliyun_rpc import (
    AliyunAccount,
    Call,
    canonical_query,
    signed_headers,
    utc_now,
)
from clinic.adapters.errors import AdapterError, DefiniteError, TransientError
from clinic.adapters.http import HttpAnswer, no_answer, send, shared_client

API_VERSION = "2019-03-07"
DONE = "200"
NOT_WELL_FORMED = "401"  # the provider's word for a name or number against its rules
# 402: the register is away; 403: the same asked too often; 500: a fault of the provider
_LATER = ("402", "403", "500", "Throttling", "ServiceUnavailable", "InternalError")


class Agreement(StrEnum):
    """What the register says; the provider's words are 1, 2, 3."""

    SAME = "1"
    DIFFERENT = "2"
    NO_RECORD = "3"


@dataclass(frozen=True, kw_only=True)
class IdentityConfig:
    """One account of the identity service."""

    access_key_id: str
    access_key_secret: str = field(repr=False)
    base_url: str = "https://cloudauth.aliyuncs.com"


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """The answer and the provider's number of the call."""

    agreement: Agreement
    reference: str


class AliyunIdentityClient:
    """Asks about names and numbers. Safe to share between threads."""

    def __init__(
        self,
        config: IdentityConfig,
        *,
        http: httpx2.Client | None = None,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        """Use the process's pool unless another client is given."""
        self._account = AliyunAccount(
            access_key_id=config.access_key_id,
            access_key_secret=config.access_key_secret,
            base_url=config.base_url,
        )
        self._http = http
        self._now = now

    def compare(self, *, name: str, id_number: str) -> Verdict:
        """Say whether the number (18 characters) is the named person's. Each answer is charged.

        Raises DefiniteError (its ``code`` NOT_WELL_FORMED: nobody is called so), TransientError.
        """
        told = {"ParamType": "normal", "IdentifyNum": id_number, "UserName": name}
        body = canonical_query(told).encode()
        url = httpx2.URL(f"{self._account.base_url.rstrip('/')}/")
        call = Call("Id2MetaVerify", API_VERSION, body)
        headers = signed_headers(self._account, call, self._now(), url=url)
        http = self._http or shared_client()
        request = http.build_request("POST", url, content=body, headers=headers)
        return _verdict(send(http, request, changes=False))


def _verdict(answer: HttpAnswer) -> Verdict:
    document = _object(answer)
    code = document.get("Code")
    if not isinstance(code, str):
        raise no_answer(f"HTTP {answer.status}, no code", changes=False)
    if answer.status != httpx2.codes.OK or code != DONE:
        raise _refusal(answer.status, code)
    found = document.get("ResultObject")
    try:
        agreement = Agreement(found["BizCode"] if isinstance(found, dict) else "")
    except (KeyError, ValueError) as error:
        raise no_answer("no result", changes=False) from error
    return Verdict(agreement=agreement, reference=str(document.get("RequestId", ""))[:80])


def _object(answer: HttpAnswer) -> dict[str, Any]:
    try:
        document = json.loads(answer.body)
    except (ValueError, RecursionError) as error:
        raise no_answer(f"HTTP {answer.status}, not JSON", changes=False) from error
    return document if isinstance(document, dict) else {}


def _refusal(status: int, code: str) -> AdapterError:
    message = f"HTTP {status} {code[:60]}"
    if code.startswith(_LATER) or status >= httpx2.codes.INTERNAL_SERVER_ERROR:
        return TransientError(message, code=code)
    return DefiniteError(message, code=code, status=status)
