"""The common head of every table that the outside can name."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from clinic.core.clock import now
from clinic.core.ids import uuid7


class PublicModel(models.Model):
    """A row with a bigint key inside, a UUID outside and the moment it was made (UTC)."""

    public_id = models.UUIDField(_("public id"), default=uuid7, unique=True, editable=False)
    created_at = models.DateTimeField(_("created at"), default=now, editable=False)

    class Meta:
        abstract = True
