"""Django app of consultations."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ConsultationsConfig(AppConfig):
    """Cases from the first word to the signed record, and who serves them."""

    name = "consultations"
    label = "consultations"
    verbose_name = _("Consultations")

    def ready(self) -> None:
        """Load what registers itself: errors, promises, gauges, handlers, strategies."""
        for module in (
            "errors",
            "selectors.invariants",
            "selectors.gauges",
            "selectors.persons",
            "services.strategies",
            "handlers",
            "consumers",
        ):
            import_module(f"{self.name}.{module}")
