"""Every operation of the API, read from the URLconf: nothing is listed by hand."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import URLPattern, URLResolver, get_resolver

from clinic.core.api.views import ApiView

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


@dataclass(frozen=True)
class Operation:
    """One method of one address."""

    method: str
    route: str
    view: type

    @property
    def name(self) -> str:
        """Readable id for tests."""
        return f"{self.method} /{self.route}"


def all_routes() -> Iterator[tuple[str, type | None]]:
    """Yield (route, view class or None) of every address."""
    yield from _walk(get_resolver().url_patterns, "")


def api_operations() -> list[Operation]:
    """Return every method of every ApiView."""
    return [
        Operation(method, route, view)
        for route, view in all_routes()
        if view is not None and issubclass(view, ApiView)
        for method in METHODS
        if hasattr(view, method.lower())
    ]


def _walk(patterns: list[URLPattern | URLResolver], head: str) -> Iterator[tuple[str, type | None]]:
    for pattern in patterns:
        route = head + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns, route)
        else:
            callback = pattern.callback
            yield route, getattr(callback, "cls", None) or getattr(callback, "view_class", None)
