"""Django app."""

from django.apps import AppConfig


class ConsultationsConfig(AppConfig):
    """Placeholder of the room's own text."""

    name = "consultations"
    label = "consultations"
