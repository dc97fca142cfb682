"""Console screens of merchants and of what providers told us."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from clinic.core.columns import state_column
from clinic.core.screens import HouseAdmin, ReadOnlyAdmin
from payments.admin.words import message_words
from payments.enums import (
    EventOutcome,
)
from payments.models import GatewayEvent, MerchantConfig, PlatformCertificate


@admin.register(GatewayEvent)
class GatewayEventAdmin(ReadOnlyAdmin):
    """What providers told us; the sealed body names the payer and is not shown."""

    icon, place = "webhook", 50
    list_display = (
        "received_at",
        "shown_kind",
        "merchant",
        "shown_outcome",
        "deliveries",
        "processed_at",
    )
    list_filter = ("outcome", "kind")
    list_select_related = ("merchant",)
    search_fields = ("gateway_event_id", "dedup_key")
    ordering = ("-id",)
    fields = (
        "merchant",
        "shown_kind",
        "shown_outcome",
        "received_at",
        "processed_at",
        "deliveries",
        "tries",
        "gateway_event_id",
        "dedup_key",
    )
    readonly_fields = ("shown_kind", "shown_outcome")
    shown_outcome = state_column(
        "outcome",
        _("outcome"),
        {
            EventOutcome.APPLIED: "success",
            EventOutcome.RECEIVED: "warning",
            EventOutcome.MISMATCH: "danger",
            EventOutcome.UNKNOWN_NUMBER: "danger",
        },
    )

    @display(description=_("kind"), ordering="kind")
    def shown_kind(self, event: GatewayEvent) -> str:
        """What the message is about, in words."""
        return message_words(event.kind)


@admin.register(MerchantConfig)
class MerchantConfigAdmin(HouseAdmin):
    """Merchant accounts; secrets are named, never stored."""

    icon, place = "storefront", 90
    list_display = ("name", "provider", "merchant_number", "is_active", "active_from")
    list_filter = ("provider", "is_active")
    ordering = ("id",)


@admin.register(PlatformCertificate)
class PlatformCertificateAdmin(ReadOnlyAdmin):
    """Certificates of providers that were learned; public keys, no secrets."""

    icon, place = "key", 95
    list_display = ("serial", "merchant", "valid_from", "valid_until", "created_at")
    list_select_related = ("merchant",)
    search_fields = ("serial",)
    ordering = ("-id",)
    exclude = ("pem",)
