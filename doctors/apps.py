"""Django app."""

from django.apps import AppConfig


class DoctorsConfig(AppConfig):
    """Placeholder of the room's own text."""

    name = "doctors"
    label = "doctors"
