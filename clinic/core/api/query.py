"""Query parameters: validated like a body, unknown ones refused."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.serializers import Serializer

from clinic.core.errors import InvalidInputError, MalformedRequestError

ALWAYS_ALLOWED = frozenset({"lang", "format"})


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
    given = request.query_params
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
    serializer.is_valid(raise_exception=True)
    return dict(serializer.validated_data)


def _refuse_poison(given: Any) -> None:
    for name, value in given.items():
        if "\x00" in name + value or "\ufffd" in name + value:
            raise MalformedRequestError
