"""Django app."""

from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    """Placeholder of the room's own text."""

    name = "clinic.notifications"
    label = "notifications"
