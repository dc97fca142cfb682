"""Shapes of the account endpoints. What is not listed here cannot be set."""

from typing import Any

from django.conf import settings
from rest_framework import serializers

from clinic.accounts.api.fields import CodeField, MobileField, NewPasswordField, PasswordField
from clinic.accounts.enums import CodePurpose
from clinic.accounts.models import DeviceSession, User
from clinic.accounts.selectors import role_names
from clinic.accounts.services.sessions import SignedIn
from clinic.core.api.fields import OneLineField
from clinic.core.roles import Role
from clinic.settings import rules


class SendCodeInput(serializers.Serializer[Any]):
    """Where a code goes and what it is for."""

    phone = MobileField()
    purpose = serializers.ChoiceField(choices=CodePurpose.choices)


class CodeSentOutput(serializers.Serializer[Any]):
    """How long the code is good, and when another may be asked for."""

    expires_in = serializers.IntegerField(help_text="seconds")
    retry_after = serializers.IntegerField(help_text="seconds")


class DeviceInput(serializers.Serializer[Any]):
    """What every way of coming in takes."""

    device = OneLineField(max_length=120, required=False, default="", allow_blank=True)


class RegisterInput(DeviceInput):
    """A new patient's account."""

    phone = MobileField()
    password = NewPasswordField()
    code = CodeField(help_text="sent for the purpose register")
    name = OneLineField(max_length=60, required=False, default="", allow_blank=True)


class LogInInput(DeviceInput):
    """Phone and password."""

    phone = MobileField()
    password = PasswordField()


class LogInByCodeInput(DeviceInput):
    """Phone and one-time code."""

    phone = MobileField()
    code = CodeField(help_text="sent for the purpose login")


class SecondFactorInput(DeviceInput):
    """The second step of a log-in of staff."""

    ticket = serializers.CharField(max_length=600, write_only=True, help_text="of the first step")
    code = OneLineField(
        max_length=20, write_only=True, help_text="of the authenticator app, or a recovery code"
    )


class RefreshInput(serializers.Serializer[Any]):
    """The refresh token of the last answer; each is good once."""

    refresh_token = serializers.CharField(max_length=300, write_only=True)


class ChangePasswordInput(serializers.Serializer[Any]):
    """A new password with its proof: the current password or a code for the purpose password."""

    current_password = PasswordField(required=False)
    code = CodeField(required=False)
    new_password = NewPasswordField()


class ChangeAccountInput(serializers.Serializer[Any]):
    """What the owner may change about his account."""

    name = OneLineField(max_length=60, required=False, allow_blank=True)
    language = serializers.ChoiceField(choices=settings.LANGUAGES, required=False)


class AccountOutput(serializers.ModelSerializer[User]):
    """The account as its owner sees it."""

    id = serializers.UUIDField(source="public_id", read_only=True)
    roles = serializers.SerializerMethodField()
    has_password = serializers.BooleanField(source="has_usable_password", read_only=True)

    class Meta:
        model = User
        fields = ("id", "phone", "name", "language", "roles", "has_password", "created_at")
        read_only_fields = fields

    def get_roles(self, user: User) -> list[Role]:
        """Roles of this moment."""
        return [Role(name) for name in role_names(user)]


class SignedInOutput(serializers.Serializer[SignedIn]):
    """Tokens of a device that is logged in."""

    access_token = serializers.CharField()
    refresh_token = serializers.CharField()
    token_type = serializers.SerializerMethodField()
    expires_in = serializers.SerializerMethodField(help_text="seconds the access token is good")
    refresh_expires_at = serializers.DateTimeField(source="session.expires_at")
    session_id = serializers.UUIDField(source="session.public_id")
    user = AccountOutput()

    def get_token_type(self, _signed_in: SignedIn) -> str:
        """Always Bearer."""
        return "Bearer"

    def get_expires_in(self, _signed_in: SignedIn) -> int:
        """Seconds from now."""
        return int(rules.ACCESS_TOKEN_LIFE.total_seconds())


class SessionOutput(serializers.ModelSerializer[DeviceSession]):
    """One device on which the account is logged in."""

    id = serializers.UUIDField(source="public_id", read_only=True)
    is_current = serializers.SerializerMethodField()

    class Meta:
        model = DeviceSession
        fields = ("id", "device", "created_at", "last_used_at", "expires_at", "is_current")
        read_only_fields = fields

    def get_is_current(self, session: DeviceSession) -> bool:
        """Whether this is the device that asks."""
        return bool(session.pk == self.context["actor"].session_id)
