"""Start-up checks: real money must not go to a simulator."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


@register()
def provider_addresses_are_real(**_kwargs: Any) -> list[CheckMessage]:
    """Refuse plain or local provider addresses outside of the embedded profile."""
    if getattr(settings, "GATEWAY_KEYS", None) is not None:
        return []
    address = urlsplit(settings.WECHATPAY_BASE_URL)
    if not address.netloc or (address.scheme == "https" and address.hostname not in LOOPBACK):
        return []
    return [
        Error(
            "WECHATPAY_BASE_URL must be an https address of the payment provider.",
            hint="Only the embedded profile pays through the local gateway.",
            id="payments.E001",
        )
    ]
