"""The roles of the house. Each is a Django group of the same name."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Role(TextChoices):
    """What a person may be; one account can hold several."""

    PATIENT = "patient", _("Patient")
    DOCTOR = "doctor", _("Doctor")
    PHARMACIST = "pharmacist", _("Pharmacist")
    CUSTOMER_SERVICE = "customer_service", _("Customer service agent")
    CONTENT_OPERATOR = "content_operator", _("Content operator")
    FINANCE = "finance", _("Finance")
    ADMIN = "admin", _("Administrator")
    AUDITOR = "auditor", _("Auditor")


STAFF_ROLES = frozenset(Role) - {Role.PATIENT, Role.DOCTOR}
