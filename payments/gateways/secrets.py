"""From the reference of a merchant to his keys. Secrets stay in files and settings."""

import json
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from clinic.adapters.alipay.config import AlipayConfig
from clinic.adapters.wechatpay.config import MerchantConfig as WeChatMerchant
from clinic.adapters.wechatpay_v2.config import MerchantV2Config as WeChatV2Merchant
from clinic.adapters.wechatpay_v2.config import SignType
from payments.enums import MerchantMode
from payments.models import MerchantConfig
from payments.selectors.merchants import learned_keys

EMBEDDED = "embedded"


def wechat_merchant(merchant: MerchantConfig) -> WeChatMerchant:
    """Return the keys of a WeChat Pay merchant. Raises ImproperlyConfigured when unknown."""
    if merchant.secret_reference == EMBEDDED:
        found = _embedded(merchant)
    else:
        found = _from_folder(merchant, _read(merchant.secret_reference))
    return replace(found, platform_keys={**learned_keys(merchant), **found.platform_keys})


def _embedded(merchant: MerchantConfig) -> WeChatMerchant:
    keys = _gateway_keys()
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
        answer_key_id=_answer_key(merchant, keys.platform_key_id),
    )


def _answer_key(merchant: MerchantConfig, key_id: str) -> str:
    """Return the public key to be answered with; none asks for certificates. Both are believed."""
    return "" if merchant.mode == MerchantMode.CERTIFICATE else key_id


def _from_folder(merchant: MerchantConfig, kept: dict[str, Any]) -> WeChatMerchant:
    return WeChatMerchant(
        mchid=merchant.merchant_number,
        appid=merchant.app_id,
        merchant_serial=kept["merchant_serial"],
        merchant_private_key_pem=Path(kept["merchant_private_key_path"]).read_text(),
        apiv3_key=kept["apiv3_key"],
        platform_keys=kept["platform_keys"],
        base_url=settings.WECHATPAY_BASE_URL or WeChatMerchant.base_url,
        answer_key_id=_answer_key(merchant, kept.get("platform_key_id", "")),
    )


def wechat_v2_merchant(merchant: MerchantConfig) -> WeChatV2Merchant:
    """Return the keys of a merchant of the older interface. Raises ImproperlyConfigured."""
    md5 = merchant.mode == MerchantMode.MD5
    values: dict[str, Any] = {
        "mchid": merchant.merchant_number,
        "appid": merchant.app_id,
        "sign_type": SignType.MD5 if md5 else SignType.HMAC_SHA256,
    }
    if merchant.secret_reference == EMBEDDED:
        keys = _gateway_keys()
        address = settings.WECHATPAY_BASE_URL
        return WeChatV2Merchant(
            **values,
            api_key=keys.api_v2_key,
            base_url=address,
            secure_base_url=address.replace("http://", "https://", 1),
            client_certificate_path=keys.client_certificate_path,
            client_key_path=keys.client_key_path,
            server_ca_path=keys.tls_ca_path,
        )
    kept = _read(merchant.secret_reference)
    return WeChatV2Merchant(
        **values,
        api_key=kept["api_key"],
        base_url=settings.WECHATPAY_BASE_URL or WeChatV2Merchant.base_url,
        client_certificate_path=kept["client_certificate_path"],
        client_key_path=kept["client_key_path"],
        server_address=kept.get("server_address", "127.0.0.1"),
    )


def alipay_merchant(merchant: MerchantConfig) -> AlipayConfig:
    """Return the keys of an Alipay application. Raises ImproperlyConfigured when unknown."""
    kept = (
        _embedded_alipay()
        if merchant.secret_reference == EMBEDDED
        else _alipay_files(_read(merchant.secret_reference))
    )
    if merchant.mode != MerchantMode.CERTIFICATE:
        kept |= {"app_certificate_pem": "", "alipay_certificates_pem": ()}
    return AlipayConfig(app_id=merchant.app_id, seller_id=merchant.merchant_number, **kept)


def _embedded_alipay() -> dict[str, Any]:
    keys = _gateway_keys()
    return {
        "app_private_key_pem": keys.alipay_app_private_key_pem,
        "alipay_public_keys_pem": (keys.alipay_public_key_pem,),
        "app_certificate_pem": keys.alipay_app_certificate_pem,
        "alipay_certificates_pem": (keys.alipay_certificate_pem,),
        "root_certificates_pem": keys.alipay_root_certificates_pem,
        "gateway_url": f"{settings.WECHATPAY_BASE_URL}/gateway.do",
    }


def _alipay_files(kept: dict[str, Any]) -> dict[str, Any]:
    return {
        "app_private_key_pem": Path(kept["app_private_key_path"]).read_text(),
        "alipay_public_keys_pem": tuple(kept.get("alipay_public_keys", ())),
        "app_certificate_pem": _text_of(kept.get("app_certificate_path")),
        "alipay_certificates_pem": tuple(
            _text_of(path) for path in kept.get("alipay_certificate_paths", ())
        ),
        "root_certificates_pem": _text_of(kept.get("root_certificates_path")),
    }


def _text_of(path: str | None) -> str:
    return Path(path).read_text() if path else ""


def _gateway_keys() -> Any:
    keys = getattr(settings, "GATEWAY_KEYS", None)
    if keys is None:
        raise ImproperlyConfigured("the embedded merchant exists in the embedded profile alone")
    return keys


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
