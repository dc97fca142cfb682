"""Django app of the socket."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RealtimeConfig(AppConfig):
    """The only door to the channel layer: sockets, their commands and pushes."""

    name = "clinic.realtime"
    label = "realtime"
    verbose_name = _("Real time")
