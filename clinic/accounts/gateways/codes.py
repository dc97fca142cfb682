"""The door through which one-time codes leave the house."""

from functools import cache
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from clinic.accounts.enums import CodePurpose
from clinic.adapters.aliyun_sms import AliyunSmsClient, SmsConfig, SmsMessage

CHINA = "+86"


class CodeGateway(Protocol):
    """Brings a code to a phone. Raises clinic.adapters.errors.AdapterError when it cannot."""

    def send(self, *, phone: str, code: str, purpose: CodePurpose) -> None:
        """Hand the code over for delivery to an E.164 number."""


class AliyunCodeGateway:
    """Sends codes by Aliyun SMS, one reviewed template per purpose."""

    def __init__(self) -> None:
        """Take address and account from the settings."""
        self._client = AliyunSmsClient(
            SmsConfig(
                access_key_id=settings.SMS_ACCESS_KEY_ID,
                access_key_secret=settings.SMS_ACCESS_KEY_SECRET,
                sign_name=settings.SMS_SIGN_NAME,
                base_url=settings.SMS_BASE_URL,
            )
        )

    def send(self, *, phone: str, code: str, purpose: CodePurpose) -> None:
        """Send the code; mainland numbers go without prefix, others as country code and number."""
        self._client.send(
            SmsMessage(
                phone=phone.removeprefix(CHINA).removeprefix("+"),
                template_code=settings.SMS_CODE_TEMPLATES[purpose.value],
                params={"code": code},
            )
        )


def code_gateway() -> CodeGateway:
    """Return the gateway that settings.CODE_GATEWAY names; one per process."""
    return _gateway(settings.CODE_GATEWAY)


@cache
def _gateway(path: str) -> CodeGateway:
    gateway: CodeGateway = import_string(path)()
    return gateway
