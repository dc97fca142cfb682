"""The one format of the API, without reading through lists of others."""

from collections.abc import Iterable
from typing import Any

from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request

from clinic.core.api.renderers import FastJSONRenderer

_PLAIN = frozenset({"", "*/*", "application/json"})
_JSON = FastJSONRenderer()


class JsonNegotiation(DefaultContentNegotiation):
    """Takes JSON at once for those who ask for it or for anything; the rest goes the long way."""

    def select_renderer(
        self,
        request: Request,
        renderers: Iterable[BaseRenderer],
        format_suffix: str | None = None,
    ) -> tuple[BaseRenderer, str]:
        """Return renderer and media type. Raises NotAcceptable."""
        asked = request.META.get("HTTP_ACCEPT", "")
        if asked in _PLAIN and "format=" not in request.META.get("QUERY_STRING", ""):
            return _JSON, _JSON.media_type
        chosen: Any = super().select_renderer(request, renderers, format_suffix)
        return chosen[0], chosen[1]
