"""Django app of visit persons."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PatientsConfig(AppConfig):
    """The people for whom accounts seek care."""

    name = "clinic.patients"
    label = "patients"
    verbose_name = _("Visit persons")

    def ready(self) -> None:
        """Subscribe to events and name errors and promises."""
        for part in ("errors", "handlers", "selectors", "selectors.documents"):
            import_module(f"{self.name}.{part}")
