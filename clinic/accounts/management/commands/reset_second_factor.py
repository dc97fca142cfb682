"""manage.py reset_second_factor: for the day on which no administrator can log in."""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from clinic.accounts.enums import ResetWhy
from clinic.accounts.errors import SecondFactorNotSetUpError
from clinic.accounts.models import User
from clinic.accounts.rules import normalise_mobile
from clinic.accounts.services.second_factors import reset_second_factor
from clinic.core.actor import system_actor
from clinic.core.clock import now
from clinic.core.errors import ClinicError


class Command(BaseCommand):
    """The phone is read from standard input: arguments stay in the history of the shell."""

    help = "Take an account's second factor away. The phone is read from standard input."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument("--reason", required=True, choices=ResetWhy.values)

    def handle(self, *_args: Any, **options: Any) -> None:
        """Reset it, or say in one sentence why not."""
        if sys.stdin.isatty():
            self.stderr.write("Phone: ", ending="")
        try:
            phone = normalise_mobile(sys.stdin.readline().strip())
        except ValueError:
            raise CommandError("This is no valid mobile number.") from None
        user = User.objects.filter(phone=phone).first()
        if user is None:
            raise CommandError("There is no account with this phone.")
        try:
            reset_second_factor(
                user_id=user.pk,
                by=system_actor("reset_second_factor"),
                reason=ResetWhy(options["reason"]),
                now=now(),
            )
        except SecondFactorNotSetUpError:
            raise CommandError("This account has no second factor: nothing was taken.") from None
        except ClinicError as error:
            raise CommandError(error.detail) from None
        self.stdout.write(f"reset: {user.public_id}")
