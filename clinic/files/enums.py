"""Choices of files."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class FileKind(TextChoices):
    """What a file is, by its bytes."""

    IMAGE = "image", _("Image")
    VOICE = "voice", _("Voice")
    FILE = "file", _("Document")


class Scan(TextChoices):
    """What the virus scanner says; none where no scanner is set up."""

    NONE = "none", _("Not scanned")
    PENDING = "pending", _("Being scanned")
    CLEAN = "clean", _("Clean")
    REFUSED = "refused", _("Refused")
