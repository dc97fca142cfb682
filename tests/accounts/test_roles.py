"""Roles: who may give and take them, and what they open in the console."""

import io
import sys
import threading

import pytest
from django.contrib.auth.models import Group
from django.core.management import CommandError, call_command
from django.db import connection

from clinic.accounts.errors import LastAdminError, OwnRoleError
from clinic.accounts.models import User
from clinic.accounts.services.accounts import restore_account, suspend_account
from clinic.accounts.services.roles import grant_role, revoke_role, sync_roles
from clinic.core.actor import Actor, system_actor
from clinic.core.clock import now
from clinic.core.errors import ForbiddenError
from clinic.core.models import AuditEntry
from clinic.core.roles import Role
from tests.cast import Member, make_member

SYSTEM = system_actor("test")


@pytest.mark.django_db
def test_every_role_has_its_group_after_migrate() -> None:
    assert set(Role.values) <= set(Group.objects.values_list("name", flat=True))


@pytest.mark.django_db
def test_an_admin_gives_and_takes_a_role_and_both_are_audited(an: Member, lin: Member) -> None:
    grant_role(user=lin.user, role=Role.FINANCE, by=an.actor)
    granted = (lin.client.get("/api/v1/me").json()["roles"], _is_staff(lin))
    revoke_role(user=lin.user, role=Role.FINANCE, by=an.actor)
    revoked = (lin.client.get("/api/v1/me").json()["roles"], _is_staff(lin))

    assert granted == (["finance", "patient"], True)
    assert revoked == (["patient"], False)
    acts = AuditEntry.objects.filter(subject=f"account:{lin.public_id}").order_by("id")
    assert [(act.verb, act.note, act.actor) for act in acts] == [
        ("grant_role", {"role": "finance"}, an.actor.label),
        ("revoke_role", {"role": "finance"}, an.actor.label),
    ]


@pytest.mark.django_db
def test_giving_or_taking_twice_changes_nothing(an: Member, lin: Member) -> None:
    for _ in range(2):
        grant_role(user=lin.user, role=Role.AUDITOR, by=an.actor)
    for _ in range(2):
        revoke_role(user=lin.user, role=Role.AUDITOR, by=an.actor)

    assert AuditEntry.objects.filter(subject=f"account:{lin.public_id}").count() == 2


@pytest.mark.django_db
def test_nobody_gives_himself_a_role_and_others_than_admins_give_none(
    an: Member, bao: Member, lin: Member
) -> None:
    with pytest.raises(OwnRoleError):
        grant_role(user=an.user, role=Role.FINANCE, by=an.actor)
    with pytest.raises(OwnRoleError):
        grant_role(user=lin.user, role=Role.ADMIN, by=lin.actor)
    for by in (bao.actor, lin.actor, Actor(kind="anonymous"), Actor(kind="gateway")):
        other = make_member("other", Role.PATIENT)
        with pytest.raises(ForbiddenError):
            grant_role(user=other.user, role=Role.ADMIN, by=by)
        with pytest.raises(ForbiddenError):
            revoke_role(user=other.user, role=Role.PATIENT, by=by)


@pytest.mark.django_db
def test_the_last_administrator_stays(an: Member) -> None:
    with pytest.raises(LastAdminError):
        revoke_role(user=an.user, role=Role.ADMIN, by=SYSTEM)
    make_member("second", Role.ADMIN)
    revoke_role(user=an.user, role=Role.ADMIN, by=SYSTEM)

    assert not an.user.groups.filter(name="admin").exists()


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_two_administrators_cannot_be_removed_at_the_same_time() -> None:
    admins = [make_member(str(n), Role.ADMIN) for n in range(2)]
    barrier = threading.Barrier(2)
    refused: list[bool] = []

    def run(member: Member) -> None:
        try:
            barrier.wait(20)
            revoke_role(user=member.user, role=Role.ADMIN, by=SYSTEM)
        except LastAdminError:
            refused.append(True)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(member,)) for member in admins]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert refused == [True]
    assert User.objects.filter(groups__name="admin").count() == 1


@pytest.mark.django_db
def test_a_suspended_account_is_out_at_once_and_comes_back(an: Member, lin: Member) -> None:
    suspend_account(user_id=lin.user.pk, by=an.actor, now=now(), reason="abuse")
    out = lin.client.get("/api/v1/me").status_code
    restore_account(user_id=lin.user.pk, by=an.actor)

    assert out == 401
    assert User.objects.get(pk=lin.user.pk).is_active
    assert lin.client.get("/api/v1/me").status_code == 401  # the device must log in again
    with pytest.raises(OwnRoleError):
        suspend_account(user_id=an.user.pk, by=an.actor, now=now(), reason="oops")


@pytest.mark.django_db
def test_sync_roles_gives_exactly_the_rights_of_the_table_each_time() -> None:
    first = sync_roles()
    Group.objects.get(name="finance").permissions.clear()
    second = sync_roles()

    assert first == second
    assert first["patient"] == first["doctor"] == 0
    assert first["admin"] > first["auditor"] > 0
    auditor = Group.objects.get(name="auditor").permissions
    assert not auditor.exclude(codename__startswith="view_").exists()
    assert not auditor.filter(content_type__app_label="sessions").exists()
    finance = Group.objects.get(name="finance").permissions
    assert not finance.filter(codename="delete_user").exists()
    assert not finance.filter(codename__startswith="change_user").exists()


@pytest.mark.django_db
def test_the_command_sync_roles_reports_each_role(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("sync_roles")

    assert "admin: " in capsys.readouterr().out


@pytest.mark.django_db
def test_create_staff_makes_an_account_that_can_use_the_console(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("Wildleek-88\n"))

    roles = ("--role", "finance", "--role", "auditor")
    call_command("create_staff", "--phone", "138 0013 8000", *roles, "--name", "范思")

    user = User.objects.get(phone="+8613800138000")
    assert user.check_password("Wildleek-88")
    assert user.is_staff
    assert set(user.groups.values_list("name", flat=True)) == {"finance", "auditor"}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("phone", "password"), [("123", "Wildleek-88"), ("13800138000", "12345678")]
)
def test_create_staff_refuses_a_bad_phone_or_password_in_one_sentence(
    monkeypatch: pytest.MonkeyPatch, phone: str, password: str
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{password}\n"))

    with pytest.raises(CommandError):
        call_command("create_staff", phone=phone, role=["admin"])

    assert not User.objects.exists()


@pytest.mark.django_db
def test_create_staff_refuses_a_taken_phone(monkeypatch: pytest.MonkeyPatch, lin: Member) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("Wildleek-88\n"))

    with pytest.raises(CommandError):
        call_command("create_staff", phone=lin.user.phone, role=["admin"])

    assert not _is_staff(lin)


def _is_staff(member: Member) -> bool:
    return User.objects.get(pk=member.user.pk).is_staff
