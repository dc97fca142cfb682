"""The common head of every table that the outside can name."""

from collections.abc import Callable
from functools import cache
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

    def linked(self, **rows: models.Model) -> None:
        """Keep these rows as the relations whose keys are read already."""
        self._state.fields_cache.update(rows)  # what assigning does, without its questions

    @classmethod
    def drafted(cls, **values: Any) -> Self:
        """Return a new row as the constructor does, without Django's questions to each field.

        Values are columns, or rows for relations; nothing is converted. The rest holds defaults.
        """
        blank, made, related = _blank(cls)
        row = cls.__new__(cls)
        row._state = ModelState()  # noqa: SLF001 as above
        columns = row.__dict__
        columns.update(blank)
        for name, value in values.items():
            if name in related:
                row._state.fields_cache[name] = value  # noqa: SLF001 what the relation keeps there
                columns[related[name]] = None if value is None else value.pk
            else:
                columns[name] = value
        for name, make in made.items():
            if name not in values:
                columns[name] = make()
        return row


@cache
def _blank(
    model: type[PublicModel],
) -> tuple[dict[str, Any], dict[str, Callable[[], Any]], dict[str, str]]:
    """Return a table's plain defaults, those that are made for each row, and its relations."""
    plain: dict[str, Any] = {}
    made: dict[str, Callable[[], Any]] = {}
    related: dict[str, str] = {}
    for field in model._meta.concrete_fields:  # noqa: SLF001 Django's name
        if field.is_relation:
            related[field.name] = field.attname
        if field.has_default() and callable(field.default):
            made[field.attname] = field.default
        else:
            plain[field.attname] = field.get_default()
    return plain, made, related
