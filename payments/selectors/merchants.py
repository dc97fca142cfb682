"""Which merchant takes the money."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from clinic.core.statements import Statement, first_rows_of, rows_of
from payments.enums import OWN_PROVIDERS, WECHAT, Provider
from payments.models import MerchantConfig, PaymentAttempt

_COLUMNS: Final = (
    "id", "public_id", "created_at", "provider", "name", "merchant_number", "app_id", "mode",
    "secret_reference", "is_active", "active_from", "active_until",
)  # fmt: skip
BY_ADDRESS: Final = Statement(
    "payments_merchant_by_address",
    ("text", "uuid"),
    f"""
    SELECT {", ".join(_COLUMNS)} FROM payments_merchantconfig
    WHERE provider = %s AND public_id = %s
    """,  # noqa: S608 columns are the names above
)
CERTIFICATES: Final = Statement(
    "payments_certificates",
    ("bigint",),
    "SELECT serial, pem FROM payments_platformcertificate WHERE merchant_id = %s",
)


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


def same_account(merchant: MerchantConfig) -> list[int]:
    """Return the keys of all rows that share a merchant's number, and so his bill."""
    family = WECHAT if merchant.provider in WECHAT else (merchant.provider,)
    rows = MerchantConfig.objects.filter(
        provider__in=family, merchant_number=merchant.merchant_number
    )
    return list(rows.order_by("pk").values_list("pk", flat=True))


def one_per_account(merchants: Iterable[MerchantConfig]) -> list[MerchantConfig]:
    """Return one row for each bill: the newer interface, then the oldest row."""
    found: dict[tuple[str, str], MerchantConfig] = {}
    for row in sorted(merchants, key=lambda row: (row.provider == Provider.WECHAT_V2, row.pk)):
        family = "wechat" if row.provider in WECHAT else row.provider
        found.setdefault((family, row.merchant_number), row)
    return list(found.values())


def merchant_of_callback(provider: str, public_id: UUID) -> MerchantConfig | None:
    """Return the merchant a callback address names, active or not: old payments still report."""
    for row in first_rows_of(BY_ADDRESS, provider, public_id):
        return MerchantConfig.known(**dict(zip(_COLUMNS, row, strict=True)))
    return None


def learned_keys(merchant: MerchantConfig) -> dict[str, str]:
    """Return the certificates that a merchant's provider published, PEM by serial number."""
    return dict(rows_of(CERTIFICATES, merchant.pk))
