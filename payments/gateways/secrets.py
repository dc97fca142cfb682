"""From the reference of a merchant to his keys. Secrets stay in files and settings."""

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from clinic.adapters.wechatpay.config import MerchantConfig as WeChatMerchant
from payments.models import MerchantConfig

EMBEDDED = "embedded"


def wechat_merchant(merchant: MerchantConfig) -> WeChatMerchant:
    """Return the keys of a WeChat Pay merchant. Raises ImproperlyConfigured when unknown."""
    if merchant.secret_reference == EMBEDDED:
        return _embedded(merchant)
    return _from_folder(merchant, _read(merchant.secret_reference))


def _embedded(merchant: MerchantConfig) -> WeChatMerchant:
    keys = getattr(settings, "GATEWAY_KEYS", None)
    if keys is None:
        raise ImproperlyConfigured("the embedded merchant exists in the embedded profile alone")
    return WeChatMerchant(
        mchid=merchant.merchant_number,
        appid=merchant.app_id,
        merchant_serial=keys.merchant_serial,
        merchant_private_key_pem=keys.merchant_private_key_pem,
        apiv3_key=keys.apiv3_key,
        platform_keys={
            keys.platform_key_id: keys.platform_public_key_pem,
            keys.certificate_serial: keys.certificate_pem,
        },
        base_url=settings.WECHATPAY_BASE_URL,
        answer_key_id=keys.platform_key_id,
    )


def _from_folder(merchant: MerchantConfig, kept: dict[str, Any]) -> WeChatMerchant:
    return WeChatMerchant(
        mchid=merchant.merchant_number,
        appid=merchant.app_id,
        merchant_serial=kept["merchant_serial"],
        merchant_private_key_pem=Path(kept["merchant_private_key_path"]).read_text(),
        apiv3_key=kept["apiv3_key"],
        platform_keys=kept["platform_keys"],
        base_url=settings.WECHATPAY_BASE_URL or WeChatMerchant.base_url,
        answer_key_id=kept.get("platform_key_id", ""),
    )


@lru_cache(maxsize=16)
def _read(reference: str) -> dict[str, Any]:
    folder = settings.MERCHANT_SECRETS_DIR
    path = Path(folder) / Path(reference).name / "merchant.json"
    if not folder or not path.is_file():
        raise ImproperlyConfigured(f"no secrets for the merchant reference {reference!r}")
    found: dict[str, Any] = json.loads(path.read_text())
    if found.get("simulator"):
        raise ImproperlyConfigured("keys of the simulator serve the embedded profile alone")
    return found
