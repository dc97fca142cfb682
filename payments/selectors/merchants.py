"""Which merchant takes the money."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from payments.enums import OWN_PROVIDERS, Provider
from payments.models import MerchantConfig, PaymentAttempt


def merchant_for(provider: str, *, now: datetime) -> MerchantConfig | None:
    """Return the active merchant of a provider that began last; None when there is none."""
    return (
        MerchantConfig.objects.filter(provider=provider, is_active=True, active_from__lte=now)
        .filter(Q(active_until=None) | Q(active_until__gt=now))
        .order_by("-active_from", "-pk")
        .first()
    )


def provider_for(providers: Sequence[Provider], *, now: datetime) -> Provider:
    """Return the first of these providers that needs no merchant or has one; else the first."""
    able = (
        provider
        for provider in providers
        if provider in OWN_PROVIDERS or merchant_for(provider, now=now)
    )
    return next(able, providers[0])


def merchants_in_use() -> QuerySet[MerchantConfig]:
    """Return the merchants that may take money now or took some, oldest first."""
    took = PaymentAttempt.objects.filter(merchant=OuterRef("pk"))
    return MerchantConfig.objects.filter(Q(is_active=True) | Exists(took)).order_by("pk")


def merchant_of_callback(provider: str, public_id: UUID) -> MerchantConfig | None:
    """Return the merchant a callback address names, active or not: old payments still report."""
    return MerchantConfig.objects.filter(provider=provider, public_id=public_id).first()
