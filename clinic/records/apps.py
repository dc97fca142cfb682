"""Django app of medical records."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RecordsConfig(AppConfig):
    """Records, their addenda and the codes of diagnoses."""

    name = "clinic.records"
    label = "records"
    verbose_name = _("Medical records")

    def ready(self) -> None:
        """Load the errors behind the constraints and the promises."""
        import_module(f"{self.name}.errors")
        import_module(f"{self.name}.selectors.invariants")
