"""Django app."""

from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    """Placeholder of the room's own text."""

    name = "payments"
    label = "payments"
