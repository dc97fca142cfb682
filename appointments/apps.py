"""Django app of appointments."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AppointmentsConfig(AppConfig):
    """Slots, booking, the waiting list and the visit."""

    name = "appointments"
    label = "appointments"
    verbose_name = _("Appointments")

    def ready(self) -> None:
        """Load what registers itself: errors, promises, handlers, frames."""
        for module in (
            "errors",
            "selectors.invariants",
            "selectors.gauges",
            "selectors.persons",
            "handlers",
            "consumers",
        ):
            import_module(f"{self.name}.{module}")
