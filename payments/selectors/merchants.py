"""Which merchant takes the money."""

from datetime import datetime
from uuid import UUID

from payments.models import MerchantConfig


def merchant_for(provider: str, *, now: datetime) -> MerchantConfig | None:
    """Return the active merchant of a provider that began last; None when there is none."""
    return (
        MerchantConfig.objects.filter(provider=provider, is_active=True, active_from__lte=now)
        .order_by("-active_from", "-pk")
        .first()
    )


def merchant_of_callback(provider: str, public_id: UUID) -> MerchantConfig | None:
    """Return the merchant a callback address names, active or not: old payments still report."""
    return MerchantConfig.objects.filter(provider=provider, public_id=public_id).first()
