"""Django app."""

from django.apps import AppConfig


class ChatConfig(AppConfig):
    """Placeholder of the room's own text."""

    name = "chat"
    label = "chat"
