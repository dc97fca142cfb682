"""Django app of complaints."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ComplaintsConfig(AppConfig):
    """What patients complain of, how it ends, and what it says about doctors."""

    name = "clinic.complaints"
    label = "complaints"
    verbose_name = _("Complaints and quality")

    def ready(self) -> None:
        """Name errors, promises, subjects and the purpose of files."""
        for part in ("errors", "selectors.subjects", "selectors.files", "selectors.invariants"):
            import_module(f"{self.name}.{part}")
