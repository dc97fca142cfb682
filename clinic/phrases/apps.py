"""Django app of common phrases."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PhrasesConfig(AppConfig):
    """Texts that doctors write again and again."""

    name = "clinic.phrases"
    label = "phrases"
    verbose_name = _("Common phrases")

    def ready(self) -> None:
        """Name errors."""
        import_module(f"{self.name}.errors")
