"""Console screens of accounts and their devices."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from clinic.accounts.models import DeviceSession, OneTimeCode, User
from clinic.core.admin import ReadOnlyAdmin, ReadOnlyInline, StateAdmin
from clinic.core.masking import mask_phone
from clinic.core.roles import Role


class DeviceSessionInline(ReadOnlyInline):
    """The devices of an account."""

    model = DeviceSession
    fields = ("device", "created_at", "last_used_at", "expires_at", "revoked_at", "revoked_why")
    readonly_fields = fields
    ordering = ("-id",)
    verbose_name_plural = _("device sessions")
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
    search_fields = ("name", "phone", "public_id")
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
        "anonymised_at",
        "created_at",
    )
    inlines = (DeviceSessionInline,)

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
    search_fields = ("public_id", "user__name")
    ordering = ("-id",)
    exclude = ("refresh_hash",)


@admin.register(OneTimeCode)
class OneTimeCodeAdmin(ReadOnlyAdmin):
    """Codes that were sent; neither code nor phone can be seen."""

    icon, place = "pin", 30
    list_display = ("id", "purpose", "created_at", "expires_at", "tries", "used_at")
    list_filter = ("purpose",)
    ordering = ("-id",)
    exclude = ("phone_index", "code_hash")
