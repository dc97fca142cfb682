"""Columns of the archive's tables for people: the field behind each and its name in words."""

from typing import Any, Final

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model

OWN_KEYS: Final = frozenset({"public_id", "id"})


def field_of(model: type[Model], path: str) -> Any:
    """Return the field that a column is read from; None when it is computed.

    A key of another row is that row's: the field that leads to it.
    """
    here: Any = model
    found = None
    for name in path.partition(",")[0].split("__"):
        if found is not None and name in OWN_KEYS:
            return found
        try:
            found = here._meta.get_field(name)  # noqa: SLF001 Django's name
        except FieldDoesNotExist:
            return found
        here = found.related_model or here
    return found


def title_of(field: Any, name: str) -> object:
    """Return a column's name for people, lazily translated; its own where no field names it."""
    return getattr(field, "verbose_name", None) or name.replace("_", " ")
