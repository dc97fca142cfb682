"""The Django app of the comparison."""

from django.apps import AppConfig


class StockConfig(AppConfig):
    """One table without migrations."""

    name = "bench.peers.stock"
    label = "stock"
    default_auto_field = "django.db.models.BigAutoField"
