"""Staff find accounts, change what little they may, and take them as a file."""

from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from clinic.accounts.models import User
from clinic.core.models import AuditEntry
from clinic.core.roles import Role
from tests.cast import Member, make_member
from tests.consultations.conftest import post
from tests.doctors_cast import DoctorMember
from tests.privacy.conftest import get

pytestmark = pytest.mark.django_db


def names(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.json()
    return [row["name"] for row in answer.json()["results"]]


def test_the_list_is_paged_filtered_and_masked(
    an: Member, lin: Member, ge: Member, shen: DoctorMember
) -> None:
    User.objects.filter(pk=ge.user.pk).update(is_active=False)

    assert names(get(an, "users", page_size=2)) == ["沈一鸣", "葛明"]
    assert names(get(an, "users", page_size=2, page=2)) == ["林小月", "安宁"]
    assert names(get(an, "users", role="doctor")) == ["沈一鸣"]
    assert names(get(an, "users", state="suspended")) == ["葛明"]
    assert names(get(an, "users", since="2099-01-01")) == []
    row = get(an, "users", role="patient", state="active").json()["results"][0]
    assert (row["name"], row["roles"], row["state"]) == ("林小月", ["patient"], "active")
    phone = str(lin.user.phone).removeprefix("+86")
    assert row["phone"] == f"{phone[:3]}****{phone[-4:]}"
    assert get(an, "users", state="asleep").status_code == 400
    assert get(an, "users", words="林").status_code == 400, "no name stands in an address"


def test_words_are_looked_for_in_the_body(an: Member, lin: Member, ge: Member) -> None:
    def found(words: str, **more: Any) -> list[str]:
        return names(post(an, "users/search", {"words": words, **more}))

    phone = str(lin.user.phone).removeprefix("+86")
    assert found("小月") == ["林小月"]
    assert found(f"{phone[:3]} {phone[3:7]} {phone[7:]}") == ["林小月"]
    assert found(str(ge.public_id)) == ["葛明"]
    assert found("小月", role="doctor") == []
    assert found("% _") == []
    assert post(an, "users/search", {"words": "x", "is_superuser": True}).status_code == 400


def test_staff_change_name_and_language_and_nothing_else(an: Member, lin: Member) -> None:
    path = f"/api/v1/users/{lin.public_id}"

    done = an.client.patch(path, {"name": "林月", "language": "en"}, format="json")
    stolen = [
        an.client.patch(path, {field: value}, format="json")
        for field, value in (
            ("is_staff", True),
            ("is_superuser", True),
            ("phone", "+8613800000000"),
            ("roles", ["admin"]),
            ("password", "Stolen-2026"),
        )
    ]

    assert (done.status_code, done.json()["name"], done.json()["language"]) == (200, "林月", "en")
    assert {answer.status_code for answer in stolen} == {400}
    user = User.objects.get(pk=lin.user.pk)
    assert (user.is_staff, user.is_superuser, user.phone) == (False, False, lin.user.phone)
    entry = AuditEntry.objects.get(verb="change", subject=f"account:{lin.public_id}")
    assert entry.note == {"fields": ["language", "name"]}


def test_an_account_is_switched_off_and_on_again(an: Member, lin: Member) -> None:
    off = post(an, f"users/{lin.public_id}/suspend", {"reason": "abuse"})

    assert (off.status_code, off.json()["state"]) == (200, "suspended")
    assert get(lin, "me").status_code == 401
    assert post(an, f"users/{lin.public_id}/restore").json()["state"] == "active"
    assert post(an, f"users/{an.public_id}/suspend", {"reason": "left"}).status_code == 403


def test_who_may_not_look_is_refused_and_who_only_looks_changes_nothing(
    lin: Member, ge: Member, shen: DoctorMember, jian: Member, bao: Member, anonymous: Any
) -> None:
    path = f"users/{lin.public_id}"

    assert anonymous.get(f"/api/v1/{path}").status_code == 401
    for member in (ge, lin, shen.member):
        assert get(member, "users").status_code == 403
        assert get(member, path).status_code == 403
    for member in (jian, bao):
        assert get(member, path).status_code == 200
        assert member.client.patch(f"/api/v1/{path}", {}, format="json").status_code == 403
        assert post(member, f"{path}/suspend", {"reason": "left"}).status_code == 403
        assert member.client.delete(f"/api/v1/{path}").status_code == 403
    assert User.objects.get(pk=lin.user.pk).is_active


def test_the_file_runs_no_formula_and_its_taking_is_noted(an: Member, bao: Member) -> None:
    evil = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "  =1", "\u3000=1", "平常"]
    for name in evil:
        make_member(name, Role.PATIENT)

    answer = post(an, "users/export", {"role": "patient"})
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").split("\r\n")

    assert answer.streaming
    assert answer["Content-Type"].startswith("text/csv")
    cells = [line.split(",")[1] for line in lines[1:] if "," in line]
    assert {cell.strip('"')[0] for cell in cells if "平常" not in cell} == {"'"}
    entry = AuditEntry.objects.get(verb="users.export")
    assert entry.note == {"searched": "False", "role": "patient"}
    assert post(bao, "users/export").status_code == 403


def test_the_list_asks_as_often_for_many_as_for_few(
    an: Member, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(6):
        make_member(f"患者{number}", Role.PATIENT)

    with django_assert_max_num_queries(4):
        assert len(names(get(an, "users"))) == 7


def test_opening_an_account_is_noted_for_its_owner(bao: Member, lin: Member) -> None:
    get(bao, f"users/{lin.public_id}")

    (row,) = get(lin, "privacy/reads").json()["results"]
    assert (row["who"], row["what"], row["why"]) == ("staff", "account", "duty")
