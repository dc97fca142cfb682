"""How the OpenAPI document describes the log-ins."""

from typing import Any

from django.conf import settings
from drf_spectacular.extensions import OpenApiAuthenticationExtension


class BearerScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """Registers itself with drf-spectacular by being defined."""

    target_class = "clinic.accounts.authentication.BearerAuthentication"
    name = "bearer"

    def get_security_definition(self, _auto_schema: Any) -> dict[str, str]:
        """Return the security scheme of the document."""
        return {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}


class ConsoleScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """Registers itself with drf-spectacular by being defined."""

    target_class = "clinic.accounts.authentication.ConsoleAuthentication"
    name = "console"

    def get_security_definition(self, _auto_schema: Any) -> dict[str, str]:
        """Return the security scheme of the document."""
        return {
            "type": "apiKey",
            "in": "cookie",
            "name": settings.SESSION_COOKIE_NAME,
            "description": "The log-in of the staff console. All but reads need the header "
            "X-CSRFToken with the value of the cookie csrftoken.",
        }
