"""Django app of files."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FilesConfig(AppConfig):
    """What people upload: checked by its bytes, stored under random names, shown to few."""

    name = "clinic.files"
    label = "files"
    verbose_name = _("Files")

    def ready(self) -> None:
        """Register policy, handlers and the errors behind the constraints."""
        import_module("clinic.files.api.permissions")
        import_module("clinic.files.handlers")
