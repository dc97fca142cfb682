"""Logging in to the staff console with a cookie; the backend counts the tries."""

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from unfold.forms import AuthenticationForm

from clinic.core.errors import RateLimitedError


class LoginForm(AuthenticationForm):
    """Takes a phone as people write it."""

    error_messages: ClassVar[dict[str, Any]] = {
        **AuthenticationForm.error_messages,
        "invalid_login": _("Phone or password is wrong."),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Name the first field as what it is."""
        super().__init__(*args, **kwargs)
        self.fields["username"].label = _("Phone")

    def clean(self) -> dict[str, Any]:
        """Check the password; too many tries are told as such."""
        try:
            cleaned: dict[str, Any] = super().clean()
        except RateLimitedError as error:
            raise ValidationError(error.detail, code=error.code) from None
        return cleaned
