"""Django app of notices."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NotificationsConfig(AppConfig):
    """What people are told, in the app and over the socket."""

    name = "clinic.notifications"
    label = "notifications"
    verbose_name = _("Notifications")

    def ready(self) -> None:
        """Register policy, frames and handlers."""
        import_module("clinic.notifications.api.permissions")
        import_module("clinic.notifications.consumers")
        import_module("clinic.notifications.handlers")
