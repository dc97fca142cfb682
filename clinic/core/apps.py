"""Django app of the shared ground."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CoreConfig(AppConfig):
    """The ground every room stands on."""

    name = "clinic.core"
    label = "core"
    verbose_name = _("Platform")

    def ready(self) -> None:
        """Register the promises of the ground."""
        import_module("clinic.core.promises")
