"""Shapes of users and batches. What is not listed here cannot be set."""

from typing import Any

from django.conf import settings
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from clinic.accounts.models import User
from clinic.core.api.fields import DayField, OneLineField
from clinic.core.api.query import PageQuery
from clinic.core.masking import mask_phone
from clinic.core.roles import Role
from clinic.privacy.enums import AccountState, BatchAct, SuspendReason
from clinic.privacy.models import AccountBatch, BatchItem
from clinic.privacy.selectors.users import state_of
from clinic.settings import rules


class UserFilters(serializers.Serializer[Any]):
    """Which accounts; the days are those of the clinic, both included."""

    role = serializers.ChoiceField(choices=Role.choices, required=False)
    state = serializers.ChoiceField(choices=AccountState.choices, required=False)
    since = DayField(required=False)
    until = DayField(required=False)


class UserQuery(PageQuery, UserFilters):
    """A page of accounts."""


class UserSearch(UserQuery):
    """Words stand in the body, so that no name and no phone stands in an address."""

    words = OneLineField(
        max_length=60, required=False, allow_blank=True, default="",
        help_text="a phone in any spelling, an account's id, or a part of a display name",
    )  # fmt: skip


class UserFile(UserFilters):
    """The same, for a file."""

    words = OneLineField(max_length=60, required=False, allow_blank=True, default="")


class UserRow(serializers.ModelSerializer[User]):
    """An account as staff see it; the phone is masked."""

    id = serializers.UUIDField(source="public_id", read_only=True)
    phone = serializers.SerializerMethodField()
    roles = serializers.SerializerMethodField()
    state = serializers.SerializerMethodField()

    class Meta:
        model = User
        fields = ("id", "name", "phone", "language", "roles", "state", "created_at")
        read_only_fields = fields

    def get_phone(self, user: User) -> str:
        """Like 138****5678; empty once anonymised."""
        return mask_phone(user.phone)

    @extend_schema_field(serializers.ListField(child=serializers.ChoiceField(Role.choices)))
    def get_roles(self, user: User) -> list[str]:
        """Roles of this moment."""
        names = {group.name for group in user.groups.all()}
        return [role.value for role in Role if role.value in names]

    @extend_schema_field(serializers.ChoiceField(AccountState.choices))
    def get_state(self, user: User) -> str:
        """In use, switched off, or nameless for ever."""
        return state_of(user).value


class UserPage(serializers.Serializer[Any]):
    """A page of accounts."""

    count = serializers.IntegerField(min_value=0)
    page = serializers.IntegerField(min_value=1)
    page_size = serializers.IntegerField(min_value=1)
    results = UserRow(many=True)


class UserDetail(UserRow):
    """One account, with what keeps it from losing its person and what would stay of it."""

    obstacles = serializers.ListField(
        child=serializers.CharField(), help_text="codes of what is still open"
    )
    kept = serializers.DictField(
        child=serializers.IntegerField(), help_text="rows the law keeps, by kind"
    )

    class Meta:
        model = User
        fields = (
            *UserRow.Meta.fields, "last_login", "anonymised_at", "obstacles", "kept",
        )  # fmt: skip
        read_only_fields = fields


class UserChange(serializers.Serializer[Any]):
    """What staff may change about an account."""

    name = OneLineField(max_length=60, required=False, allow_blank=True)
    language = serializers.ChoiceField(choices=settings.LANGUAGES, required=False)


class SuspendInput(serializers.Serializer[Any]):
    """Why an account is switched off."""

    reason = serializers.ChoiceField(choices=SuspendReason.choices)


class BatchInput(serializers.Serializer[Any]):
    """What is done to which accounts."""

    act = serializers.ChoiceField(choices=BatchAct.choices)
    users = serializers.ListField(
        child=serializers.UUIDField(), min_length=1, max_length=rules.ACCOUNT_BATCH_MAX
    )
    reason = serializers.ChoiceField(
        choices=SuspendReason.choices, required=False, help_text="needed to deactivate"
    )


class BatchOutput(serializers.ModelSerializer[AccountBatch]):
    """A batch and how far it is."""

    id = serializers.UUIDField(source="public_id", read_only=True)
    counts = serializers.DictField(
        child=serializers.IntegerField(), source="found_counts", read_only=True,
        help_text="accounts by state: pending, done, skipped, failed",
    )  # fmt: skip

    class Meta:
        model = AccountBatch
        fields = ("id", "act", "reason", "state", "counts", "created_at", "ended_at")
        read_only_fields = fields


class BatchItemRow(serializers.ModelSerializer[BatchItem]):
    """What became of one account, and why not."""

    user_id = serializers.UUIDField(source="account.public_id", read_only=True)
    reasons = serializers.ListField(child=serializers.CharField(), read_only=True)
    kept = serializers.DictField(child=serializers.IntegerField(), read_only=True)

    class Meta:
        model = BatchItem
        fields = ("user_id", "state", "reasons", "kept", "at")
        read_only_fields = fields
