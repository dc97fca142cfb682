"""Aliyun SMS `SendSms`. Phones and parameters are never logged."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

import httpx2

from clinic.adapters.aliyun_rpc import AliyunAccount, ask, canonical_query, signature_of, utc_now
from clinic.adapters.http import no_answer

__all__ = ["AliyunSmsClient", "SmsConfig", "SmsMessage", "canonical_query", "signature_of"]
API_VERSION = "2017-05-25"


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


class AliyunSmsClient:
    """Sends messages. Safe to share between threads."""

    def __init__(
        self,
        config: SmsConfig,
        *,
        http: httpx2.Client | None = None,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        """Use the process's pool unless another client is given."""
        self.config = config
        self._account = AliyunAccount(
            access_key_id=config.access_key_id,
            access_key_secret=config.access_key_secret,
            base_url=config.base_url,
        )
        self._http = http
        self._now = now

    def send(self, message: SmsMessage) -> str:
        """Return the service's id of the accepted message.

        Raises DefiniteError, TransientError, or UnknownOutcomeError when it may have been sent.
        """
        document = ask(
            self._account,
            "SendSms",
            API_VERSION,
            self._parameters(message),
            http=self._http,
            now=self._now,
        )
        biz_id = document.get("BizId")
        if not isinstance(biz_id, str):
            raise no_answer("no BizId", changes=True)
        return biz_id

    def _parameters(self, message: SmsMessage) -> dict[str, str]:
        parameters = {
            "PhoneNumbers": message.phone,
            "SignName": self.config.sign_name,
            "TemplateCode": message.template_code,
            "TemplateParam": json.dumps(dict(message.params), ensure_ascii=False),
        }
        return parameters | ({"OutId": message.out_id} if message.out_id else {})
