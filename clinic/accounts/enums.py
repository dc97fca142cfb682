"""Fixed words of accounts."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class CodePurpose(TextChoices):
    """What a one-time code proves; a code for one purpose is worth nothing for another."""

    REGISTER = "register", _("Register")
    LOGIN = "login", _("Log in")
    PASSWORD = "password", _("Set a new password")
    IDENTITY = "identity", _("Confirm who you are")


class ResetWhy(TextChoices):
    """Why a second factor is taken away by somebody else."""

    LOST = "lost", _("Phone lost or broken")
    STOLEN = "stolen", _("Phone stolen, or the secret seen by others")
    NEW_PHONE = "new_phone", _("New phone, the old one is gone")
    LOCKED = "locked", _("Locked out")


class RevokedWhy(TextChoices):
    """Why a device session ended before its time."""

    LOGOUT = "logout", _("Logged out")
    OWNER = "owner", _("Ended by the owner from another device")
    STAFF = "staff", _("Ended by the clinic")
    REUSE = "reuse", _("A spent refresh token came back")
    PASSWORD = "password", _("Password changed")
    TOO_MANY = "too_many", _("Too many devices")
    SECOND_FACTOR = "second_factor", _("Second factor changed")
    SUSPENDED = "suspended", _("Account suspended")
    ANONYMISED = "anonymised", _("Account deleted")
