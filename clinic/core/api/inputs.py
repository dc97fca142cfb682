"""Bodies made into values, by serializers that are built once for each thread."""

import threading
from typing import Any, Final

from rest_framework.serializers import Serializer

from clinic.core.api.choices import check
from clinic.core.api.query import refuse_unknown

Values = dict[str, Any]
# A serializer copies and binds all its fields when it is made, which costs more than the reading.
_kept: Final = threading.local()


def validated(
    serializer_class: type[Serializer[Any]],
    body: object,
    context: Values,
    *,
    refuses_unknown_fields: bool,
) -> Values:
    """Return the values of a body; null is an empty one. Raises a field error list as 400.

    A serializer that refused something is not used again: its words are in the language of then.
    """
    body = {} if body is None else body
    kept: dict[Any, Any] = _kept.__dict__  # each thread sees its own
    serializer: Any = kept.pop(serializer_class, None) or serializer_class(data=None)
    serializer.initial_data, serializer._context = body, context  # noqa: SLF001 DRF has no setter
    if refuses_unknown_fields:
        refuse_unknown(body, serializer)
    check(serializer)
    values = dict(serializer.validated_data)
    del serializer.initial_data, serializer._validated_data, serializer._errors  # noqa: SLF001
    serializer._context = {}  # noqa: SLF001
    kept[serializer_class] = serializer
    return values
