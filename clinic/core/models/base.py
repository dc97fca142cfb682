"""The common head of every table that the outside can name."""

from typing import Any, Self

from django.db import DEFAULT_DB_ALIAS, models
from django.db.models.base import ModelState
from django.utils.translation import gettext_lazy as _

from clinic.core.clock import now
from clinic.core.ids import uuid7


class PublicModel(models.Model):
    """A row with a bigint key inside, a UUID outside and the moment it was made (UTC)."""

    public_id = models.UUIDField(_("public id"), default=uuid7, unique=True, editable=False)
    created_at = models.DateTimeField(_("created at"), default=now, editable=False)

    class Meta:
        abstract = True

    @classmethod
    def known(cls, **values: Any) -> Self:
        """Return a stored row of which only these columns are read; others load when asked for.

        Values are what the columns hold: nothing is converted.
        """
        row = cls.__new__(cls)  # what ``from_db`` does, without asking each field
        row._state = ModelState()  # noqa: SLF001 Django has no other door
        row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS  # noqa: SLF001
        row.__dict__.update(values)
        return row
