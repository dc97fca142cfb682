"""Setting up merchants."""

from django.conf import settings

from payments.enums import Provider
from payments.gateways.secrets import EMBEDDED
from payments.models import MerchantConfig


def ensure_embedded_merchant() -> MerchantConfig:
    """Return the merchant of the local gateway, made now if it is new. Embedded profile only."""
    merchant, _created = MerchantConfig.objects.get_or_create(
        provider=Provider.WECHAT_V3,
        merchant_number=settings.GATEWAY_KEYS.mchid,
        app_id=settings.GATEWAY_KEYS.appid,
        defaults={"name": "WeChat Pay (simulator)", "secret_reference": EMBEDDED},
    )
    return merchant
