"""Django app of accounts."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """Who a person is, how he proves it, which devices he uses."""

    name = "clinic.accounts"
    label = "accounts"
    verbose_name = _("Accounts")
