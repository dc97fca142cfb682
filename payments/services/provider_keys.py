"""Keys of providers before they change, and clocks that must agree. Asked by us, on our time."""

import logging

from clinic.adapters.errors import AdapterError
from clinic.adapters.http import send, shared_client
from clinic.adapters.wechatpay.client import WeChatPayClient
from clinic.core.batches import each_alone
from payments.enums import Provider
from payments.gateways.secrets import alipay_merchant, wechat_merchant, wechat_v2_merchant
from payments.models import MerchantConfig, PlatformCertificate
from payments.services.provider_calls import outside_transaction

log = logging.getLogger(__name__)


def refresh_provider_keys() -> int:
    """Add certificates that providers published; return how many are new. None is ever dropped."""
    outside_transaction()
    merchants = MerchantConfig.objects.filter(provider=Provider.WECHAT_V3, is_active=True)
    learned: list[int] = []
    each_alone(merchants.order_by("pk"), lambda merchant: learned.append(_refresh(merchant)))
    return sum(learned)


def _refresh(merchant: MerchantConfig) -> int:
    try:
        return _learn(merchant)
    except AdapterError as error:
        log.warning("keys not refreshed", extra={"why": type(error).__name__})
        return 0


def check_clocks() -> int:
    """Let every provider in use tell the time; return how many did. A wrong clock is an alarm."""
    outside_transaction()
    merchants = MerchantConfig.objects.filter(is_active=True).order_by("pk")
    addresses = {_address(merchant) for merchant in merchants}
    return each_alone(sorted(addresses), _ask_the_time)


def _ask_the_time(address: str) -> None:
    client = shared_client()
    try:
        send(client, client.build_request("GET", address), changes=False)
    except AdapterError as error:
        log.warning("provider not reached", extra={"why": type(error).__name__})


def _address(merchant: MerchantConfig) -> str:
    if merchant.provider == Provider.ALIPAY:
        return alipay_merchant(merchant).gateway_url
    if merchant.provider == Provider.WECHAT_V2:
        return wechat_v2_merchant(merchant).base_url
    return wechat_merchant(merchant).base_url


def _learn(merchant: MerchantConfig) -> int:
    config = wechat_merchant(merchant)
    found = [
        PlatformCertificate(
            merchant=merchant,
            serial=certificate.serial,
            pem=certificate.pem,
            valid_from=certificate.valid_from,
            valid_until=certificate.valid_until,
        )
        for certificate in WeChatPayClient(config).platform_certificates()
        if certificate.serial not in config.platform_keys
    ]
    PlatformCertificate.objects.bulk_create(found, ignore_conflicts=True)
    return len(found)
