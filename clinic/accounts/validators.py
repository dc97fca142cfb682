"""What a new password must be."""

from django.contrib.auth.password_validation import MinimumLengthValidator
from django.utils.translation import gettext as _


class LongEnoughValidator(MinimumLengthValidator):
    """Django's rule in words of ours: its own are not in its Chinese catalogue."""

    def get_error_message(self) -> str:
        """Say how long a password must be, in the active language."""
        message = _("This password is too short. Use %(least)s characters or more.")
        return message % {"least": self.min_length}
