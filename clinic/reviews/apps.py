"""Django app."""

from django.apps import AppConfig


class ReviewsConfig(AppConfig):
    """Placeholder of the room's own text."""

    name = "clinic.reviews"
    label = "reviews"
