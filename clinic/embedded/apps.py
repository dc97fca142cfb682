"""Django registration of the embedded servers and the one-terminal supervisor."""

from django.apps import AppConfig


class EmbeddedConfig(AppConfig):
    """Has commands only: no models, nothing runs at import."""

    name = "clinic.embedded"
    label = "embedded"
