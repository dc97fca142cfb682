"""Django app of accounts."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """Who a person is, how he proves it, which devices he uses."""

    name = "clinic.accounts"
    label = "accounts"
    verbose_name = _("Accounts")

    def ready(self) -> None:
        """Name the errors behind the promises of the database, describe the token."""
        for part in ("errors", "api.schema"):
            import_module(f"{self.name}.{part}")
