"""OpenAPI: summary, roles, limits and errors of each operation come from the view itself."""

import re
from typing import Any

from drf_spectacular.openapi import AutoSchema

from clinic.core import policy
from clinic.core.api.pagination import PageShape
from clinic.core.api.query import PageQuery
from clinic.core.api.views import ApiView
from clinic.core.errors import (
    ClinicError,
    ForbiddenError,
    IdempotencyInProgressError,
    IdempotencyKeyRequiredError,
    IdempotencyKeyReusedError,
    InvalidInputError,
    MalformedRequestError,
    NotAuthenticatedError,
    NotFoundError,
    RateLimitedError,
)
from clinic.core.idempotency import once_if_asked

PROBLEM_REF = {"$ref": "#/components/schemas/Problem"}
PROBLEM_SCHEMA: dict[str, Any] = {
    "type": "object",
    "description": "RFC 9457 problem document. Branch on `code`; `detail` is for people.",
    "required": ["type", "title", "status", "detail", "instance", "code", "request_id"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "instance": {"type": "string"},
        "code": {"type": "string"},
        "request_id": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["attr", "code", "detail"],
                "properties": {
                    "attr": {"type": "string"},
                    "code": {"type": "string"},
                    "detail": {"type": "string"},
                },
            },
        },
    },
}
IDEMPOTENCY_HEADER = {
    "in": "header",
    "name": "Idempotency-Key",
    "required": True,
    "schema": {"type": "string", "maxLength": 255, "pattern": "^[!-~]+$"},
    "description": "Repeat the request with the same key and get the same answer.",
}


class ClinicSchema(AutoSchema):
    """Adds what the house knows about a view to drf-spectacular's picture of it."""

    def get_summary(self) -> str | None:
        """First line of the method's docstring, else of the view's."""
        method = getattr(self.view, self.method.lower(), None)
        text = (getattr(method, "__doc__", None) or self.view.__doc__ or "").strip()
        return text.split("\n", 1)[0].rstrip(".") or None

    def get_description(self) -> str:  # type: ignore[override]
        """Who may call it, how often, and with which errors."""
        if not isinstance(self.view, ApiView):
            return str(super().get_description())
        lines = [self._who(), f"Limit: {self.view.rate}."]
        codes = sorted({error.code for error in self._errors()})
        lines.append("Errors: " + ", ".join(f"`{code}`" for code in codes) + ".")
        return "\n\n".join(lines)

    def get_tags(self) -> list[str]:
        """One tag per resource of the policy table."""
        return [getattr(self.view, "resource", "") or "platform"]

    def get_operation_id(self) -> str:
        """Verb and path, unique and readable in generated clients."""
        path = re.sub(r"[^a-zA-Z0-9]+", "_", self.path.removeprefix("/api/v1/")).strip("_")
        return f"{self.method.lower()}_{path}"

    def get_auth(self) -> list[dict[str, Any]]:
        """Name the login; doors that are open to everybody also take none."""
        logins = super().get_auth()
        view = self.view
        if isinstance(view, ApiView) and policy.is_public(view.resource, view.verbs[self.method]):
            return [*logins, {}] if logins else []
        return list(logins)

    def get_override_parameters(self) -> list[Any]:
        """Query parameters of the view's serializer."""
        query = getattr(self.view, "query_serializer_class", None)
        return [query] if query is not None and self.method == "GET" else []

    def _get_paginator(self) -> PageShape | None:
        query = getattr(self.view, "query_serializer_class", None)
        is_numbered = isinstance(query, type) and issubclass(query, PageQuery)
        return PageShape() if is_numbered and self.method == "GET" else None

    def get_operation(self, *args: Any, **kwargs: Any) -> dict[str, Any] | None:
        """Add the idempotency header and one problem answer per error status."""
        operation: dict[str, Any] | None = super().get_operation(*args, **kwargs)
        if operation is None or not isinstance(self.view, ApiView):
            return operation
        if self.view.idempotent and self.method == "POST":
            is_wanted = self.view.run_once is not once_if_asked
            header = IDEMPOTENCY_HEADER | {"required": is_wanted}
            operation.setdefault("parameters", []).append(header)
        for error in self._errors():
            operation["responses"].setdefault(
                str(error.status),
                {
                    "description": "Problem",
                    "content": {"application/problem+json": {"schema": PROBLEM_REF}},
                },
            )
        return operation

    def _who(self) -> str:
        view = self._house_view()
        rights = policy.rights(view.resource, view.verbs[self.method])
        if policy.Reach.PUBLIC in rights.values():
            return "Open to everybody."
        return (
            "For: " + ", ".join(f"{role.value} ({reach})" for role, reach in rights.items()) + "."
        )

    def _errors(self) -> list[type[ClinicError]]:
        view = self._house_view()
        found: list[type[ClinicError]] = [RateLimitedError, InvalidInputError, *view.errors]
        if not policy.is_public(view.resource, view.verbs[self.method]):
            found += [NotAuthenticatedError, ForbiddenError]
        if "{" in self.path:
            found.append(NotFoundError)
        if self.method != "GET":
            found.append(MalformedRequestError)
        if view.idempotent and self.method == "POST":
            found += [
                IdempotencyKeyRequiredError,
                IdempotencyKeyReusedError,
                IdempotencyInProgressError,
            ]
        return found

    def _house_view(self) -> ApiView:
        if not isinstance(self.view, ApiView):
            raise TypeError(self.view)
        return self.view


def add_problem_schema(result: dict[str, Any], **_kwargs: Any) -> dict[str, Any]:
    """Put the shared Problem schema into the document (a drf-spectacular hook)."""
    schemas = result.setdefault("components", {}).setdefault("schemas", {})
    schemas["Problem"] = PROBLEM_SCHEMA
    return result
