"""Django app of reviews."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReviewsConfig(AppConfig):
    """Ratings, texts and replies for every kind of care."""

    name = "clinic.reviews"
    label = "reviews"
    verbose_name = _("Reviews")

    def ready(self) -> None:
        """Load the errors behind the constraints."""
        import_module(f"{self.name}.errors")
