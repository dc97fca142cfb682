"""Django app."""

from django.apps import AppConfig


class PatientsConfig(AppConfig):
    """Placeholder of the room's own text."""

    name = "clinic.patients"
    label = "patients"
