"""Log-in to the console: phone and password under the same lockout as the API."""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.http import HttpRequest

from clinic.accounts.errors import AccountSuspendedError, WrongCredentialsError
from clinic.accounts.models import User
from clinic.accounts.rules import normalise_mobile
from clinic.accounts.services.passwords import prove_password


class PhoneBackend(ModelBackend):
    """Accepts a phone in any common spelling; rights come from the role's groups."""

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **kwargs: Any,
    ) -> User | None:
        """Return the account, or None for what is wrong. Raises RateLimitedError in a lockout."""
        phone = username or kwargs.get("phone")
        if not phone or not password:
            return None
        address = str(request.META.get("REMOTE_ADDR", "")) if request else ""
        try:
            return prove_password(phone=normalise_mobile(phone), password=password, address=address)
        except (ValueError, WrongCredentialsError, AccountSuspendedError):
            return None
