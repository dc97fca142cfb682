"""Django app of doctors."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DoctorsConfig(AppConfig):
    """Departments, branches, doctors, who is there and who has room."""

    name = "doctors"
    label = "doctors"
    verbose_name = _("Doctors")

    def ready(self) -> None:
        """Load what registers itself: errors of constraints, promises, handlers, the heartbeat."""
        selectors = ("selectors.invariants", "selectors.gauges")
        for module in ("errors", *selectors, "handlers", "consumers"):
            import_module(f"{self.name}.{module}")
