"""Fixed words of visit persons."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Relation(TextChoices):
    """What the visit person is to the owner of the account."""

    SELF = "self", _("Myself")
    FAMILY = "family", _("Family")
    FRIEND = "friend", _("Friend")
    OTHER = "other", _("Other")


class Gender(TextChoices):
    """Gender as medical records need it."""

    MALE = "male", _("Male")
    FEMALE = "female", _("Female")
    UNKNOWN = "unknown", _("Not stated")
