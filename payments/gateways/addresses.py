"""Addresses that providers get from us; always built here, never taken from a client."""

from django.conf import settings
from django.urls import reverse

from payments.models import MerchantConfig

CALLBACK_ROUTE = "payments-callback"


def notify_url(merchant: MerchantConfig) -> str:
    """Return where a provider reports about one merchant; without a query string."""
    path = reverse(CALLBACK_ROUTE, args=[merchant.provider, merchant.public_id])
    return f"{settings.PUBLIC_BASE_URL}{path}"


def return_url() -> str:
    """Return where a payer's browser goes afterwards. Arriving there means nothing."""
    return f"{settings.PUBLIC_BASE_URL}/"
