"""How the OpenAPI document describes the bearer token."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension


class BearerScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """Registers itself with drf-spectacular by being defined."""

    target_class = "clinic.accounts.authentication.BearerAuthentication"
    name = "bearer"

    def get_security_definition(self, _auto_schema: Any) -> dict[str, str]:
        """Return the security scheme of the document."""
        return {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}
