"""Roles of accounts and their rights in the console. Every change is in the audit log."""

from django.contrib.auth.models import Group, Permission
from django.db import transaction

from clinic.accounts.errors import LastAdminError, OwnRoleError
from clinic.accounts.events import RoleRevoked
from clinic.accounts.models import User
from clinic.accounts.rules import console_verbs
from clinic.core import audit
from clinic.core.actor import Actor
from clinic.core.errors import ForbiddenError
from clinic.core.events import publish
from clinic.core.roles import STAFF_ROLES, Role


def grant_role(*, user: User, role: Role, by: Actor) -> None:
    """Give an account a role; staff roles open the console. Nothing changes when it has it.

    Only administrators and parts of the system may, and nobody for himself. Raises
    ForbiddenError, OwnRoleError.
    """
    _check_right(user, by)
    with transaction.atomic():
        account = _locked(user)
        if account.groups.filter(name=role.value).exists():
            return
        account.groups.add(Group.objects.get_or_create(name=role.value)[0])
        _set_staff(account)
        audit.record(by, "grant_role", "account", account.public_id, role=role.value)
    user.is_staff = account.is_staff


def revoke_role(*, user: User, role: Role, by: Actor) -> None:
    """Take a role from an account. Nothing changes when it does not have it.

    Raises ForbiddenError, OwnRoleError, LastAdminError.
    """
    _check_right(user, by)
    with transaction.atomic():
        # All who revoke wait for each other here, or two could remove the last two administrators.
        group = Group.objects.select_for_update().get_or_create(name=role.value)[0]
        account = _locked(user)
        if not account.groups.filter(pk=group.pk).exists():
            return
        if role == Role.ADMIN and not _other_admin(account):
            raise LastAdminError
        account.groups.remove(group)
        _set_staff(account)
        audit.record(by, "revoke_role", "account", account.public_id, role=role.value)
        publish(RoleRevoked(user_id=account.pk, user_public_id=account.public_id))
    user.is_staff = account.is_staff


def sync_roles() -> dict[str, int]:
    """Give each role's group exactly the console rights of the table; return how many each has."""
    permissions = list(Permission.objects.select_related("content_type"))
    counts = {}
    for role in Role:
        group = Group.objects.get_or_create(name=role.value)[0]
        rights = [permission for permission in permissions if _includes(role, permission)]
        group.permissions.set(rights)
        counts[role.value] = len(rights)
    return counts


def _includes(role: Role, permission: Permission) -> bool:
    kind = permission.content_type
    verbs = console_verbs(role, kind.app_label, kind.model)
    verb = permission.codename.removesuffix(f"_{kind.model}")
    return verb in verbs or (role == Role.ADMIN and bool(verbs))


def _check_right(user: User, by: Actor) -> None:
    if by.user_id is not None and by.user_id == user.pk:
        raise OwnRoleError
    if by.kind != "system" and not by.has_role(Role.ADMIN):
        raise ForbiddenError


def _locked(user: User) -> User:
    return User.objects.select_for_update(of=("self",), no_key=True).get(pk=user.pk)


def _set_staff(account: User) -> None:
    names = set(account.groups.values_list("name", flat=True))
    is_staff = account.is_superuser or bool(names & {role.value for role in STAFF_ROLES})
    if is_staff != account.is_staff:
        account.is_staff = is_staff
        account.save(update_fields=["is_staff"])


def _other_admin(account: User) -> bool:
    admins = User.objects.filter(groups__name=Role.ADMIN.value, is_active=True)
    return admins.exclude(pk=account.pk).exists()
