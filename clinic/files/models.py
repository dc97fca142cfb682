"""Uploaded files; the bytes are in the storage ``files``."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clinic.core.models import PublicModel
from clinic.files.enums import FileKind, Scan


class StoredFile(PublicModel):
    """One uploaded file. The row is made before the bytes are stored, so none is without a row.

    ``bound_at`` is when a thing took it (a message, a certificate); until then it may be swept.
    ``stored_as`` is a random name; ``name`` is what people see, its ending made by us.
    """

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    purpose = models.CharField(_("purpose"), max_length=30)
    kind = models.CharField(_("kind"), max_length=10, choices=FileKind)
    mime = models.CharField(_("media type"), max_length=100)
    name = models.CharField(_("name"), max_length=120)
    size = models.PositiveIntegerField(_("bytes"))
    sha256 = models.CharField(max_length=64)
    width = models.PositiveIntegerField(_("width"), null=True)
    height = models.PositiveIntegerField(_("height"), null=True)
    duration_ms = models.PositiveIntegerField(_("milliseconds"), null=True)
    stored_as = models.CharField(max_length=100, unique=True, editable=False)
    scan = models.CharField(_("scan"), max_length=10, choices=Scan, default=Scan.NONE)
    bound_at = models.DateTimeField(_("bound at"), null=True)

    class Meta:
        verbose_name = _("file")
        verbose_name_plural = _("files")
        indexes = [
            models.Index(fields=["owner"], include=["size"], name="file_owner_size"),
            models.Index(fields=["created_at"], condition=Q(bound_at=None), name="file_unbound"),
            models.Index(fields=["id"], condition=Q(scan="pending"), name="file_to_scan"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(size__gt=0), name="file_has_bytes"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.public_id}"
