"""Query parameters: validated like a body, unknown ones refused."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.serializers import Serializer

from clinic.core.api.choices import check
from clinic.core.errors import InvalidInputError, MalformedRequestError

ALWAYS_ALLOWED = frozenset({"lang", "format"})
REMEMBERED_LENGTH = 120  # of a query string; longer ones are read each time


class PageQuery(Serializer[Any]):
    """Parameters of numbered lists; other lists add their filters to it."""

    page = serializers.IntegerField(min_value=1, max_value=10_000, default=1)
    page_size = serializers.IntegerField(min_value=1, max_value=100, default=20)


class CursorQuery(Serializer[Any]):
    """Parameters of feeds: rows after (newer than) or before (older than) a number."""

    after = serializers.IntegerField(min_value=0, max_value=2**62, required=False)
    before = serializers.IntegerField(min_value=1, max_value=2**62, required=False)
    limit = serializers.IntegerField(min_value=1, max_value=200, default=50)


def validated_query(
    request: Request, serializer_class: type[Serializer[Any]] | None
) -> dict[str, Any]:
    """Return the parameters as values. Raises InvalidInputError for unknown or repeated ones."""
    text = request.META.get("QUERY_STRING", "")
    if not text and serializer_class is None:
        return {}
    read = _remembered if len(text) <= REMEMBERED_LENGTH else _read
    return dict(read(text, serializer_class))


def _read(text: str, serializer_class: type[Serializer[Any]] | None) -> dict[str, Any]:
    given = QueryDict(text.encode("latin-1"))  # WSGI carries bytes as Latin-1
    _refuse_poison(given)
    known = set(serializer_class().fields) if serializer_class else set()
    for name in given:
        if name not in known and name not in ALWAYS_ALLOWED:
            raise InvalidInputError(
                name[:40], _("This parameter is not known here."), code="unknown"
            )
        if len(given.getlist(name)) > 1:
            raise InvalidInputError(name, _("Give this parameter once."), code="repeated")
    if serializer_class is None:
        return {}
    serializer = serializer_class(data={name: given[name] for name in given if name in known})
    check(serializer)
    return dict(serializer.validated_data)


# The same few addresses are asked for all day; a serializer copies all its fields each time.
_remembered = lru_cache(maxsize=512)(_read)


def refuse_unknown(body: object, serializer: Serializer[Any]) -> None:
    """Raise InvalidInputError for the first field of a body that the serializer does not know.

    Rows in it and objects in those are looked at too: ``hours.0.colour``.
    """
    if isinstance(body, Mapping):
        _refuse_unknown(body, serializer, "")


def _refuse_unknown(body: Mapping[Any, Any], serializer: Serializer[Any], path: str) -> None:
    fields = serializer.fields
    for name, value in body.items():
        if name not in fields:
            raise InvalidInputError(
                f"{path}{str(name)[:40]}", _("This field is not known here."), code="unknown"
            )
        if isinstance(value, (list, Mapping)):
            _refuse_unknown_in(value, fields[name], f"{path}{name}.")


def _refuse_unknown_in(value: object, field: object, path: str) -> None:
    if isinstance(value, Mapping) and isinstance(field, Serializer):
        _refuse_unknown(value, field, path)
    elif isinstance(value, list):
        child = getattr(field, "child", None)
        for number, one in enumerate(value):
            _refuse_unknown_in(one, child, f"{path}{number}.")


def _refuse_poison(given: QueryDict) -> None:
    for name, value in given.items():
        if "\x00" in f"{name}{value}" or "\ufffd" in f"{name}{value}":
            raise MalformedRequestError
