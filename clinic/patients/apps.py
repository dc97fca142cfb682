"""Django app of visit persons."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PatientsConfig(AppConfig):
    """The people for whom accounts seek care."""

    name = "clinic.patients"
    label = "patients"
    verbose_name = _("Visit persons")
