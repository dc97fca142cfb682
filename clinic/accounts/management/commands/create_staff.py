"""manage.py create_staff: an account with a role, for people who do not register themselves."""

import sys
from getpass import getpass
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from clinic.accounts.errors import PhoneTakenError
from clinic.accounts.rules import normalise_mobile
from clinic.accounts.services.accounts import create_staff
from clinic.core.actor import system_actor
from clinic.core.roles import Role


class Command(BaseCommand):
    """The password is asked for, or read from standard input; it never stands in the arguments."""

    help = "Make an account with one or more roles. The password is read from standard input."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument("--phone", required=True, help="mobile number, the log-in name")
        parser.add_argument(
            "--role", required=True, action="append", choices=Role.values, help="repeatable"
        )
        parser.add_argument("--name", default="", help="display name")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Make the account or say in one sentence why not."""
        try:
            phone = normalise_mobile(options["phone"])
        except ValueError:
            raise CommandError("This is no valid mobile number.") from None
        password = _read_password()
        try:
            validate_password(password)
            user = create_staff(
                phone=phone,
                password=password,
                name=options["name"],
                roles=[Role(role) for role in options["role"]],
                by=system_actor("create_staff"),
            )
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from None
        except PhoneTakenError as error:
            raise CommandError(error.detail) from None
        self.stdout.write(str(user.public_id))


def _read_password() -> str:
    if sys.stdin.isatty():
        return getpass("Password: ")
    return sys.stdin.readline().rstrip("\n")
