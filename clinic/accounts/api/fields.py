"""Input fields of accounts."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from clinic.accounts.rules import normalise_mobile, normalise_phone
from clinic.settings import rules


class PhoneField(serializers.CharField):
    """A phone number in any common spelling; the value is E.164."""

    default_error_messages = {"phone": _("Give a valid phone number, for example 138 1234 5678.")}
    normalise: Callable[[str], str] = staticmethod(normalise_phone)

    def __init__(self, **kwargs: Any) -> None:
        """Bound the length, so that parsing stays cheap."""
        super().__init__(max_length=30, **kwargs)

    def to_internal_value(self, data: Any) -> str:
        """Return the number as E.164; empty stays empty where that is allowed."""
        text = super().to_internal_value(data)
        try:
            return self.normalise(text) if text else ""
        except ValueError:
            self.fail("phone")


class MobileField(PhoneField):
    """A phone that can receive codes."""

    normalise = staticmethod(normalise_mobile)


class PasswordField(serializers.CharField):
    """A password as typed; never sent back."""

    def __init__(self, **kwargs: Any) -> None:
        """Keep blanks at the ends and bound the length."""
        kwargs |= {"write_only": True, "trim_whitespace": False}
        super().__init__(max_length=rules.PASSWORD_MAX_CHARS, **kwargs)


class NewPasswordField(PasswordField):
    """A password that must be good enough to be set."""

    def __init__(self, **kwargs: Any) -> None:
        """Ask the validators of the settings."""
        super().__init__(validators=[validate_password], **kwargs)


class CodeField(serializers.RegexField):
    """A one-time code: digits in plain ASCII."""

    def __init__(self, **kwargs: Any) -> None:
        """Take exactly the digits that are sent out."""
        digits = rules.ONE_TIME_CODE_DIGITS
        kwargs |= {"write_only": True}
        super().__init__(rf"\A[0-9]{{{digits}}}\Z", max_length=digits, **kwargs)
