"""Setting up merchants."""

from django.conf import settings

from payments.enums import Provider
from payments.gateways.secrets import EMBEDDED
from payments.models import MerchantConfig


def ensure_embedded_merchant() -> MerchantConfig:
    """Return the WeChat Pay merchant of the local gateway; he and Alipay's are made when new.

    The merchant of the older WeChat interface is made switched off. Embedded profile only.
    """
    keys = settings.GATEWAY_KEYS
    _ensure(Provider.ALIPAY, keys.alipay_seller_id, keys.alipay_app_id, "Alipay (simulator)")
    _ensure(Provider.WECHAT_V2, keys.mchid, keys.appid, "WeChat Pay v2 (simulator)")
    return _ensure(Provider.WECHAT_V3, keys.mchid, keys.appid, "WeChat Pay (simulator)")


def _ensure(provider: Provider, number: str, app_id: str, name: str) -> MerchantConfig:
    merchant, _created = MerchantConfig.objects.get_or_create(
        provider=provider,
        merchant_number=number,
        app_id=app_id,
        defaults={
            "name": name,
            "secret_reference": EMBEDDED,
            "is_active": provider != Provider.WECHAT_V2,
        },
    )
    return merchant
