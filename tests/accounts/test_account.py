"""The own account: seen, changed, deleted; nobody changes what is not his."""

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from clinic.accounts.models import DeviceSession, User, UserHistory
from clinic.core.clock import now
from clinic.core.models import AuditEntry
from clinic.patients.models import VisitPerson
from clinic.privacy.services.deletion import work_due_deletions
from clinic.settings import rules
from tests.accounts.conftest import PASSWORD, PHONE, post, register
from tests.cast import Member

pytestmark = pytest.mark.django_db
ME = "/api/v1/me"


def test_the_owner_sees_his_account_and_a_stranger_without_login_nothing(lin: Member) -> None:
    answer = lin.client.get(ME).json()

    assert set(answer) == {
        "id", "phone", "name", "language", "roles", "has_password", "created_at",
    }  # fmt: skip
    assert (answer["id"], answer["roles"]) == (str(lin.public_id), ["patient"])
    assert APIClient().get(ME).status_code == 401


def test_the_owner_changes_name_and_language(lin: Member) -> None:
    answer = lin.client.patch(ME, {"name": " 林晓月 ", "language": "en"}, format="json")

    assert (answer.json()["name"], answer.json()["language"]) == ("林晓月", "en")
    assert lin.client.patch(ME, {}, format="json").status_code == 200


def test_no_field_that_gives_power_can_be_set(lin: Member) -> None:
    before = User.objects.filter(pk=lin.user.pk).values().get()
    fields = {field.name: 1 for field in User._meta.get_fields()} | {"name": "x", "language": "en"}

    lin.client.patch(ME, fields | {"roles": ["admin"], "role": "admin"}, format="json")

    after = User.objects.filter(pk=lin.user.pk).values().get()
    changed = {key for key in before if before[key] != after[key]}
    assert changed == {"name", "language"}
    assert lin.client.get(ME).json()["roles"] == ["patient"]


@pytest.mark.parametrize(
    "body",
    [
        {"name": "a\nb"},
        {"name": "x\u202ey"},
        {"name": "x" * 61},
        {"name": None},
        {"name": {"a": 1}},
        {"language": "fr"},
        {"language": []},
        [],
        "text",
        7,
    ],
)
def test_hostile_changes_are_refused_with_a_problem(lin: Member, body: Any) -> None:
    answer = lin.client.patch(ME, body, format="json")

    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize(
    "path", ["codes", "register", "login", "login-by-code", "refresh", "logout", "password"]
)
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"null",
        b'"x"',
        b"{",
        b"\xff\xfe",
        b'{"phone":"\\u0000"}',
        b'{"phone":"\\ud800"}',
        b'{"phone":1e999,"password":NaN}',
        b'{"phone":99999999999999999999999}',
        b'{"phone":{"a":[1]},"password":[],"code":{},"refresh_token":{},"purpose":[]}',
        (
            b'{"phone":"13800138000","code":"\\u0661\\u0662\\u0663\\u0664\\u0665\\u0666",'
            b'"password":"Wildleek-88","purpose":"login\\u0000"}'
        ),
        b"[" * 5000,
    ],
)
def test_no_body_makes_a_500(path: str, body: bytes, lin: Member) -> None:
    answer = lin.client.post(f"/api/v1/auth/{path}", body, content_type="application/json")

    assert answer.status_code in {204, 400, 401}


def test_a_deletion_whose_time_has_come_removes_the_person_and_keeps_a_nameless_row(
    run_events: Callable[[], int],
) -> None:
    signed_in = register(name="林小月", device="林小月的手机")
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {signed_in['access_token']}")
    person = {
        "name": "林小月",
        "relation": "self",
        "id_number": "11010519491231002X",
        "phone": PHONE,
        "city": "北京",
    }
    assert client.post("/api/v1/visit-persons", person, format="json").status_code == 201

    answer = client.delete(ME)
    assert (answer.status_code, answer.json()["state"]) == (202, "cooling")
    assert work_due_deletions(now()) == 0
    assert client.get(ME).json()["name"] == "林小月"
    assert work_due_deletions(now() + rules.DELETION_COOLING) == 1
    run_events()

    user = User.objects.get(public_id=signed_in["user"]["id"])
    assert (user.phone, user.name, user.is_active) == (None, "", False)
    assert user.anonymised_at is not None
    assert not user.has_usable_password()
    assert set(DeviceSession.objects.values_list("device", "revoked_why")) == {("", "anonymised")}
    assert AuditEntry.objects.filter(verb="anonymise", subject=f"account:{user.public_id}").exists()
    kept = VisitPerson.objects.get()
    assert (kept.is_active, kept.phone, kept.id_number_sealed, kept.city) == (False, "", "", "")
    assert kept.name == "林小月"
    history = {field.name for field in UserHistory._meta.get_fields()}
    assert not history & {"name", "phone", "password"}
    assert client.get(ME).status_code == 401
    assert post("auth/login", {"phone": PHONE, "password": PASSWORD}).status_code == 401


def test_a_deleted_phone_can_register_again_as_another_account() -> None:
    first = register()
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {first['access_token']}")
    client.delete(ME)
    work_due_deletions(now() + rules.DELETION_COOLING)
    User.objects.create_user(phone=PHONE)

    assert User.objects.filter(phone=PHONE).count() == 1
    assert User.objects.count() == 2


def test_people_with_duties_cannot_vanish_by_themselves(an: Member, bao: Member) -> None:
    for member in (an, bao):
        answer = member.client.delete(ME)

        assert (answer.status_code, answer.json()["code"]) == (409, "open_matters")
        assert member.client.get(ME).status_code == 200


def test_an_account_without_any_role_may_nothing(lin: Member) -> None:
    lin.user.groups.clear()

    assert lin.client.get(ME).status_code == 403
    assert lin.client.get("/api/v1/auth/sessions").status_code == 403
