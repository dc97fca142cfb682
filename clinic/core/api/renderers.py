"""JSON out, by orjson."""

from collections.abc import Mapping
from typing import Any

import orjson
from django.utils.functional import Promise
from rest_framework.renderers import BaseRenderer


class FastJSONRenderer(BaseRenderer):
    """Renders UTF-8 JSON; datetimes as RFC 3339, UUIDs and lazy texts as strings."""

    media_type = "application/json"
    format = "json"
    charset = None

    def render(
        self,
        data: Any,
        accepted_media_type: str | None = None,  # noqa: ARG002 given by DRF
        renderer_context: Mapping[str, Any] | None = None,  # noqa: ARG002 given by DRF
    ) -> bytes:
        """Return the bytes of the answer; empty for no content."""
        return (
            b""
            if data is None
            else orjson.dumps(data, default=_plain, option=orjson.OPT_NON_STR_KEYS)
        )


def _plain(value: Any) -> Any:
    if isinstance(value, Promise):
        return str(value)
    if isinstance(value, dict):
        return dict(value)
    if isinstance(value, (list, tuple, set, frozenset)):
        return list(value)
    return str(value)
