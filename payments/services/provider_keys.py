"""Keys of providers before they change, and clocks that must agree. Asked by us, on our time."""

import logging
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

from clinic.adapters.errors import AdapterError
from clinic.adapters.http import send, shared_client
from clinic.adapters.wechatpay.client import WeChatPayClient
from clinic.core.clock import now
from clinic.settings import rules
from payments.enums import Provider
from payments.gateways.secrets import wechat_merchant
from payments.models import MerchantConfig, PlatformCertificate
from payments.services.provider_calls import outside_transaction

log = logging.getLogger(__name__)


def refresh_provider_keys() -> int:
    """Add certificates that providers published; return how many are new. None is ever dropped."""
    outside_transaction()
    merchants = MerchantConfig.objects.filter(provider=Provider.WECHAT_V3, is_active=True)
    added = 0
    for merchant in merchants.order_by("pk"):
        try:
            added += _learn(merchant)
            check_clock(wechat_merchant(merchant).base_url, moment=now())
        except AdapterError as error:
            log.warning("keys not refreshed", extra={"why": type(error).__name__})
    return added


def check_clock(address: str, *, moment: datetime) -> timedelta:
    """Return how far our clock is ahead of a provider's; raise an alarm when it is too far."""
    client = shared_client()
    answer = send(client, client.build_request("GET", address), changes=False)
    try:
        skew = moment - parsedate_to_datetime(answer.headers["date"])
    except (KeyError, ValueError, TypeError):
        return timedelta(0)
    if abs(skew) > rules.CLOCK_SKEW_ALARM:
        log.error("our clock is wrong", extra={"seconds": int(skew.total_seconds())})
    return skew


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
