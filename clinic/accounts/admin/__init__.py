"""Console screens of accounts and their devices."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from clinic.accounts.enums import ResetWhy, RevokedWhy
from clinic.accounts.models import DeviceSession, OneTimeCode, SecondFactor, User
from clinic.accounts.services.accounts import restore_account, suspend_account
from clinic.accounts.services.roles import grant_role, revoke_role
from clinic.accounts.services.second_factors import reset_second_factor
from clinic.accounts.services.sessions import revoke_session
from clinic.core import audit
from clinic.core.actor import Actor
from clinic.core.changes import Naming, name_by
from clinic.core.clock import now
from clinic.core.masking import mask_name, mask_phone
from clinic.core.roles import Role
from clinic.core.screens import ReadOnlyAdmin, ReadOnlyInline
from clinic.core.steps import CodeForm, StateAdmin, Step


class RoleForm(CodeForm):
    """Asks for a role."""

    reason = None  # type: ignore[assignment]
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices, widget=CodeForm.widget)


class SuspendForm(CodeForm):
    """Asks why an account is switched off."""

    choices = (
        ("left", _("Left the clinic")),
        ("abuse", _("Abuse")),
        ("security", _("Security")),
        ("own_wish", _("Own wish")),
    )


class ResetForm(CodeForm):
    """Asks why a second factor is taken away."""

    choices = ResetWhy.choices


def _grant(user: User, actor: Actor, cleaned: dict[str, Any]) -> None:
    grant_role(user=user, role=Role(cleaned["role"]), by=actor)


def _revoke(user: User, actor: Actor, cleaned: dict[str, Any]) -> None:
    revoke_role(user=user, role=Role(cleaned["role"]), by=actor)


def _suspend(user: User, actor: Actor, cleaned: dict[str, Any]) -> None:
    suspend_account(user_id=user.pk, by=actor, now=now(), reason=cleaned["reason"])


def _restore(user: User, actor: Actor, _cleaned: dict[str, Any]) -> None:
    restore_account(user_id=user.pk, by=actor)


def _reset(user: User, actor: Actor, cleaned: dict[str, Any]) -> None:
    reason = ResetWhy(cleaned["reason"])
    reset_second_factor(user_id=user.pk, by=actor, reason=reason, now=now())


def _end_session(session: DeviceSession, actor: Actor, _cleaned: dict[str, Any]) -> None:
    if revoke_session(session=session, why=RevokedWhy.STAFF, now=now()):
        audit.record(actor, "session.revoke", "session", session.public_id)


class DeviceSessionInline(ReadOnlyInline):
    """The devices of an account."""

    model = DeviceSession
    fields = ("device", "created_at", "last_used_at", "expires_at", "revoked_at", "revoked_why")
    readonly_fields = fields
    ordering = ("-id",)
    per_page = 10


@admin.register(User)
class UserAdmin(StateAdmin):
    """Accounts. Roles are granted and taken by steps, so that the audit log knows who did it."""

    icon, place = "person", 10
    list_display = (
        "shown_name",
        "shown_phone",
        "shown_roles",
        "is_active",
        "is_staff",
        "created_at",
    )
    list_filter = ("groups", "is_active", "is_staff")
    search_fields = ("public_id",)
    ordering = ("-id",)
    fields = (
        "public_id",
        "name",
        "shown_phone",
        "language",
        "shown_roles",
        "is_active",
        "is_staff",
        "is_superuser",
        "last_login",
        "second_factor_at",
        "anonymised_at",
        "created_at",
    )
    inlines = (DeviceSessionInline,)
    steps = (
        Step(
            name="grant", label=_("Grant a role"), icon="add_moderator", run=_grant, form=RoleForm
        ),
        Step(
            name="take",
            label=_("Take a role"),
            icon="remove_moderator",
            run=_revoke,
            form=RoleForm,
            when=lambda user: bool(user.groups.all()),
        ),
        Step(
            name="reset-second-factor",
            label=_("Reset the second factor"),
            icon="phonelink_erase",
            run=_reset,
            form=ResetForm,
            when=lambda user: user.second_factor_at is not None,
            danger=True,
        ),
        Step(
            name="suspend",
            label=_("Suspend"),
            icon="block",
            run=_suspend,
            form=SuspendForm,
            when=lambda user: user.is_active,
            danger=True,
        ),
        Step(
            name="restore",
            label=_("Restore"),
            icon="undo",
            run=_restore,
            when=lambda user: not user.is_active and user.anonymised_at is None,
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Bring the roles along."""
        rows: QuerySet[Any] = super().get_queryset(request).prefetch_related("groups")
        return rows

    @display(description=_("display name"), ordering="name")
    def shown_name(self, user: User) -> str:
        """The name, or the public id of an account without one."""
        return str(user)

    @display(description=_("phone"))
    def shown_phone(self, user: User) -> str:
        """The phone, masked."""
        return mask_phone(user.phone)

    @display(description=_("roles"), label=True)
    def shown_roles(self, user: User) -> list[str]:
        """The roles in words."""
        names = dict(Role.choices)
        return [str(names.get(group.name, group.name)) for group in user.groups.all()]


@admin.register(DeviceSession)
class DeviceSessionAdmin(StateAdmin):
    """Who is logged in where."""

    icon, place = "devices", 20
    list_display = ("user", "device", "last_used_at", "expires_at", "revoked_at", "revoked_why")
    list_filter = (("revoked_at", admin.EmptyFieldListFilter), "revoked_why")
    list_select_related = ("user",)
    search_fields = ("public_id", "user__public_id")
    ordering = ("-id",)
    exclude = ("refresh_hash",)
    steps = (
        Step(
            name="end",
            label=_("Log this device out"),
            icon="logout",
            run=_end_session,
            when=lambda session: session.revoked_at is None,
            danger=True,
            in_list=True,
        ),
    )


@admin.register(OneTimeCode)
class OneTimeCodeAdmin(ReadOnlyAdmin):
    """Codes that were sent; neither code nor phone can be seen."""

    icon, place = "pin", 30
    list_display = ("id", "purpose", "created_at", "expires_at", "tries", "used_at")
    list_filter = ("purpose",)
    ordering = ("-id",)
    exclude = ("phone_index", "code_hash")


@admin.register(SecondFactor)
class SecondFactorAdmin(ReadOnlyAdmin):
    """Who of the staff has an authenticator app, and how many recovery codes are left."""

    icon, place = "phonelink_lock", 25
    list_display = ("user", "confirmed_at", "codes_left")
    list_filter = (("confirmed_at", admin.EmptyFieldListFilter),)
    list_select_related = ("user",)
    search_fields = ("public_id", "user__public_id")
    ordering = ("-id",)
    fields = ("user", "public_id", "confirmed_at", "codes_left", "created_at")
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Count the unused codes along."""
        left = Count("recovery_codes", filter=Q(recovery_codes__used_at=None))
        rows: QuerySet[Any] = super().get_queryset(request).annotate(left=left)
        return rows

    @display(description=_("recovery codes left"))
    def codes_left(self, factor: Any) -> int:
        """How many codes are unused."""
        return int(factor.left)


def _account_in_history(user: User) -> str:
    return (user.name if user.is_staff else mask_name(user.name)) or str(user.public_id)


name_by(User, Naming(name=_account_in_history))
