"""Merchants at payment providers, and what the providers told us."""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from clinic.core.clock import now
from clinic.core.models import PublicModel
from payments.enums import EventOutcome, MerchantMode, Provider


class MerchantConfig(PublicModel):
    """One merchant account. Secrets are named here, never stored: the reference finds them."""

    provider = models.CharField(_("provider"), max_length=20, choices=Provider.choices)
    name = models.CharField(_("name of the merchant"), max_length=80)
    merchant_number = models.CharField(_("merchant number"), max_length=40)
    app_id = models.CharField(_("app id"), max_length=40)
    mode = models.CharField(
        _("signatures"), max_length=12, choices=MerchantMode.choices, blank=True, default=""
    )
    secret_reference = models.CharField(_("secret reference"), max_length=80)
    is_active = models.BooleanField(_("active"), default=True)
    active_from = models.DateTimeField(_("active from"), default=now)
    active_until = models.DateTimeField(_("active until"), null=True, blank=True)

    class Meta:
        verbose_name = _("merchant")
        verbose_name_plural = _("merchants")
        constraints = [
            models.UniqueConstraint(
                fields=["provider", "merchant_number", "app_id"], name="merchant_once"
            ),
            models.CheckConstraint(
                condition=models.Q(active_until=None)
                | models.Q(active_until__gt=models.F("active_from")),
                name="merchant_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class PlatformCertificate(models.Model):
    """A certificate of a provider that came under our own key: public, added, never replaced."""

    merchant = models.ForeignKey(
        MerchantConfig,
        on_delete=models.PROTECT,
        related_name="certificates",
        verbose_name=_("merchant"),
    )
    serial = models.CharField(_("serial number"), max_length=64)
    pem = models.TextField(_("certificate"))
    valid_from = models.DateTimeField(_("valid from"))
    valid_until = models.DateTimeField(_("valid until"))
    created_at = models.DateTimeField(_("created at"), default=now)

    class Meta:
        verbose_name = _("provider certificate")
        verbose_name_plural = _("provider certificates")
        constraints = [
            models.UniqueConstraint(fields=["merchant", "serial"], name="platform_certificate_once")
        ]

    def __str__(self) -> str:
        return self.serial


class GatewayEvent(models.Model):
    """A genuine message of a provider, kept before it is acted on.

    ``body_sealed`` is the raw body, encrypted: it names the payer. ``dedup_key`` is the kind, the
    provider's number and the state, so a message sent anew is recognised. What stays unfinished is
    tried again at ``next_try_at``, later after each of its ``tries``.
    """

    merchant = models.ForeignKey(
        MerchantConfig, on_delete=models.PROTECT, related_name="events", verbose_name=_("merchant")
    )
    kind = models.CharField(_("kind"), max_length=40)
    dedup_key = models.CharField(_("dedup key"), max_length=160)
    gateway_event_id = models.CharField(_("provider's event id"), max_length=64)
    headers = models.JSONField(_("headers"), default=dict)
    body_sealed = models.TextField(_("body (encrypted)"))
    received_at = models.DateTimeField(_("received at"), default=now)
    processed_at = models.DateTimeField(_("processed at"), null=True)
    deliveries = models.PositiveIntegerField(_("deliveries"), default=1)
    tries = models.PositiveIntegerField(_("tries of the sweep"), default=0, db_default=0)
    next_try_at = models.DateTimeField(_("next try at"), default=now, db_default=Now())
    outcome = models.CharField(
        _("outcome"),
        max_length=20,
        choices=EventOutcome.choices,
        default=EventOutcome.RECEIVED,
    )

    class Meta:
        verbose_name = _("provider message")
        verbose_name_plural = _("provider messages")
        constraints = [
            models.UniqueConstraint(fields=["merchant", "dedup_key"], name="gateway_event_once")
        ]
        indexes = [
            models.Index(
                fields=["next_try_at"],
                condition=models.Q(outcome="received"),
                name="gateway_event_due",
            )
        ]

    def __str__(self) -> str:
        return self.gateway_event_id or f"#{self.pk}"
