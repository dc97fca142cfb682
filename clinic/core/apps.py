"""Django app of the shared ground."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from clinic import celery
from clinic.core.standing import watch_threads

# Before any room is loaded, for shared tasks are bound to it. Not where the package is imported:
# what only starts servers would load it too.
assert celery.app


class CoreConfig(AppConfig):
    """The ground every room stands on."""

    name = "clinic.core"
    label = "core"
    verbose_name = _("Platform")

    def ready(self) -> None:
        """Register the promises of the ground; no thread ends without a word."""
        import_module("clinic.core.promises")
        watch_threads()
