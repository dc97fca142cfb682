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


class RealName(TextChoices):
    """What is known about a person's name and ID number."""

    NONE = "none", _("Not checked")
    VERIFIED = "verified", _("Verified")
    FAILED = "failed", _("Do not belong together")
    STALE = "stale", _("To be checked again")


class CheckResult(TextChoices):
    """How one question to the register ended."""

    RUNNING = "running", _("Being asked")
    SAME = "same", _("Name and number agree")
    DIFFERENT = "different", _("Name and number differ")
    NO_RECORD = "no_record", _("Not in the register")
    AWAY = "away", _("No answer")


class ConsentKind(TextChoices):
    """What a text is about."""

    SERVICE = "service", _("Online consultation")
    HEALTH_DATA = "health_data", _("Health data")
    GUARDIAN = "guardian", _("Guardian of a child")


class GuardianRelation(TextChoices):
    """What the guardian is to the child."""

    MOTHER = "mother", _("Mother")
    FATHER = "father", _("Father")
    GRANDPARENT = "grandparent", _("Grandparent")
    OTHER = "other", _("Another guardian")
