"""Django app of the socket."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RealtimeConfig(AppConfig):
    """The only door to the channel layer: sockets, their commands and pushes."""

    name = "clinic.realtime"
    label = "realtime"
    verbose_name = _("Real time")

    def ready(self) -> None:
        """Register commands, frames and handlers."""
        import_module("clinic.realtime.api.permissions")
        import_module("clinic.realtime.commands")
        import_module("clinic.realtime.handlers")
