"""Django app of the relations between doctors and patients."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RelationsConfig(AppConfig):
    """Who knows whom: followed, blocked, grouped, invited."""

    name = "clinic.relations"
    label = "relations"
    verbose_name = _("Doctors and their patients")

    def ready(self) -> None:
        """Subscribe to events and name errors and promises."""
        for part in ("errors", "handlers", "selectors.invariants"):
            import_module(f"{self.name}.{part}")
