"""Prices as rules: a price never changes, a newer rule replaces it."""

import pghistory
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clinic.core.clock import now
from clinic.core.models import PublicModel
from clinic.core.money import MAX_AMOUNT_FEN
from payments.enums import PriceScope


@pghistory.track(
    fields=["amount_fen", "valid_from", "valid_until", "is_active", "note"],
    append_only=True,
    model_name="PriceHistory",
    meta={"verbose_name": _("price history"), "verbose_name_plural": _("price history")},
)
class PriceRule(PublicModel):
    """The price of a service for a doctor, a level, a department or everybody, for a time.

    Active rules for the same target never overlap in time: ``price_rules_do_not_overlap``, made
    by a migration, refuses it. The end is exclusive. Every version is kept in the history.
    """

    service = models.CharField(_("service"), max_length=40)
    scope = models.CharField(_("scope"), max_length=12, choices=PriceScope.choices)
    doctor_public_id = models.UUIDField(_("doctor"), null=True, blank=True)
    level = models.CharField(_("level"), max_length=20, blank=True)
    department_code = models.CharField(_("department code"), max_length=40, blank=True)
    amount_fen = models.BigIntegerField(_("amount (fen)"))
    valid_from = models.DateTimeField(_("valid from"), default=now)
    valid_until = models.DateTimeField(_("valid until"), null=True, blank=True)
    is_active = models.BooleanField(_("active"), default=True)
    note = models.CharField(_("note"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("price rule")
        verbose_name_plural = _("price rules")
        indexes = [
            models.Index(
                fields=["service", "scope", "-valid_from"],
                condition=Q(is_active=True),
                name="price_rule_lookup",
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(amount_fen__gte=0, amount_fen__lte=MAX_AMOUNT_FEN),
                name="price_amount_sane",
            ),
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gt=models.F("valid_from")),
                name="price_ends_after_start",
            ),
            models.CheckConstraint(
                condition=(
                    Q(scope="doctor", doctor_public_id__isnull=False, level="", department_code="")
                    | Q(scope="level", doctor_public_id=None, department_code="") & ~Q(level="")
                    | Q(scope="department", doctor_public_id=None, level="")
                    & ~Q(department_code="")
                    | Q(scope="global", doctor_public_id=None, level="", department_code="")
                ),
                name="price_scope_names_its_target",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.service}/{self.scope} {self.amount_fen}"
