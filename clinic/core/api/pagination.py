"""Numbered pages for lists that staff and catalogues need."""

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer


def page_of(
    query: dict[str, Any],
    rows: QuerySet[Any, Any],
    serializer_class: type[BaseSerializer[Any]],
    context: dict[str, Any],
) -> Response:
    """Return {count, page, page_size, results}; a page past the end is empty, not an error."""
    page, size = query.get("page", 1), query.get("page_size", 20)
    start = (page - 1) * size
    shown = list(rows[start : start + size])
    results = serializer_class(shown, many=True, context=context).data
    count = count_of(page, size, len(shown), rows.count)
    return Response({"count": count, "page": page, "page_size": size, "results": results})


def count_of(page: int, size: int, shown: int, ask: Callable[[], int]) -> int:
    """Return how many rows there are on all pages; a page that is not full says it by itself."""
    if 0 < shown < size or (not shown and page == 1):
        return (page - 1) * size + shown
    return ask()


class PageShape:
    """What a numbered page looks like, for the OpenAPI document."""

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """Wrap the schema of the rows."""
        number = {"type": "integer"}
        return {
            "type": "object",
            "required": ["count", "page", "page_size", "results"],
            "properties": {"count": number, "page": number, "page_size": number, "results": schema},
        }

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:  # noqa: ARG002
        """The view's query serializer names them."""
        return []
