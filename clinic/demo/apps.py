"""Django app of the demo."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DemoConfig(AppConfig):
    """Demo data and the demo clients; nothing imports this room."""

    name = "clinic.demo"
    label = "demo"
    verbose_name = _("Demo")
