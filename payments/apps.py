"""Django app of money."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PaymentsConfig(AppConfig):
    """Prices, orders, refunds and the ledger."""

    name = "payments"
    label = "payments"
    verbose_name = _("Payments")

    def ready(self) -> None:
        """Connect the handlers, the explained constraints and the invariants."""
        for module in ("checks", "errors", "handlers", "selectors.invariants"):
            import_module(f"payments.{module}")
