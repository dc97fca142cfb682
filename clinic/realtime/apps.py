"""Django app."""

from django.apps import AppConfig


class RealtimeConfig(AppConfig):
    """Placeholder of the room's own text."""

    name = "clinic.realtime"
    label = "realtime"
