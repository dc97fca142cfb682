"""JSON out, by orjson."""

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any, Final

import orjson
from django.utils.functional import Promise
from rest_framework.renderers import BaseRenderer

from clinic.core.clock import moment_text

OPTIONS: Final = orjson.OPT_NON_STR_KEYS | orjson.OPT_PASSTHROUGH_DATETIME


class FastJSONRenderer(BaseRenderer):
    """Renders UTF-8 JSON; moments as RFC 3339 on the clinic's clock, UUIDs and lazy texts."""

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
        return b"" if data is None else orjson.dumps(data, default=_plain, option=OPTIONS)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return moment_text(value)
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, Promise):
        return str(value)
    if isinstance(value, dict):
        return dict(value)
    if isinstance(value, (list, tuple, set, frozenset)):
        return list(value)
    return str(value)
