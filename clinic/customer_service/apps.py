"""Django app of customer service."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CustomerServiceConfig(AppConfig):
    """Teams, agents, the queue and the desk."""

    name = "clinic.customer_service"
    label = "customer_service"
    verbose_name = _("Customer service")

    def ready(self) -> None:
        """Load what registers itself, from errors to the frames of the desk."""
        for module in (
            "errors",
            "services.sentences",
            "services.activity",
            "services.desk_news",
            "selectors.complaining",
            "selectors.invariants",
            "selectors.gauges",
            "handlers",
            "consumers",
            "api.desk.permissions",
            "api.desk.commands",
        ):
            import_module(f"{self.name}.{module}")
