"""Django app of people's data."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PrivacyConfig(AppConfig):
    """Who sees whose data, who gets a copy, who is forgotten."""

    name = "clinic.privacy"
    label = "privacy"
    verbose_name = _("Users and privacy")

    def ready(self) -> None:
        """Name errors, watch what shows data of patients."""
        for part in ("errors", "selectors.watching"):
            import_module(f"{self.name}.{part}")
