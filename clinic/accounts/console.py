"""Logging in to the staff console with a cookie."""

import contextlib
from typing import Any

import phonenumbers
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from unfold.forms import AuthenticationForm

from clinic.core import ratelimit
from clinic.core.errors import RateLimitedError
from clinic.settings import rules

RULE = "login"


class LoginForm(AuthenticationForm):
    """Takes a phone as people write it; tries are counted as at the API's log-in."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Name the first field as what it is."""
        super().__init__(*args, **kwargs)
        self.fields["username"].label = _("Phone")

    def clean_username(self) -> str:
        """Return the phone as E.164; what is no phone stays as it is and will not be found."""
        text = str(self.cleaned_data["username"])
        with contextlib.suppress(phonenumbers.NumberParseException):
            number = phonenumbers.parse(text, "CN")
            return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
        return text

    def clean(self) -> dict[str, Any]:
        """Check the password, unless it was tried too often."""
        phone = str(self.cleaned_data.get("username", ""))
        try:
            ratelimit.strict_limit(RULE, phone, count=rules.LOGIN_TRIES, window=rules.LOGIN_LOCKOUT)
        except RateLimitedError as error:
            raise ValidationError(error.detail, code=error.code) from None
        cleaned: dict[str, Any] = super().clean()
        ratelimit.forget(RULE, phone)
        return cleaned
