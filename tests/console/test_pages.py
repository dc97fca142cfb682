"""The console answers in both languages, to the right people, and never fails on a screen."""

from typing import Any

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from clinic.accounts.models import User
from clinic.core.roles import Role
from clinic.core.screens import HouseAdmin
from tests.cast import Member, make_member

SCREENS = {
    f"{model._meta.app_label}_{model._meta.model_name}": screen
    for model, screen in admin.site._registry.items()
}


def _browser(member: Member, language: str = "en") -> Client:
    client = Client(headers={"Accept-Language": language})
    client.force_login(member.user)
    return client


def test_every_model_screen_is_a_house_screen() -> None:
    strays = [name for name, screen in SCREENS.items() if not isinstance(screen, HouseAdmin)]

    assert strays == []


@pytest.mark.parametrize("name", sorted(SCREENS))
def test_every_list_opens_empty_searched_and_sorted(desk: Client, name: str) -> None:
    address = reverse(f"admin:{name}_changelist")
    screen = SCREENS[name]

    empty = desk.get(address)
    assert empty.status_code == 200
    search = {"q": "林 x-1"} if screen.search_fields else {}
    assert desk.get(address, {"o": "1.-2", **search}).status_code == 200
    if screen.has_add_permission(empty.wsgi_request):
        assert desk.get(reverse(f"admin:{name}_add")).status_code == 200


def _request(desk: Client) -> Any:
    return desk.get(reverse("admin:index")).wsgi_request


@pytest.mark.parametrize(("language", "title"), [("en", "Today"), ("zh-hans", "今日")])
def test_the_first_page_speaks_both_languages(chief: User, language: str, title: str) -> None:
    client = Client(headers={"Accept-Language": language})
    client.force_login(chief)

    page = client.get(reverse("admin:index")).content.decode()

    assert title in page


def test_a_room_lists_its_screens(desk: Client) -> None:
    room = desk.get("/admin/payments/").content.decode()

    assert reverse("admin:payments_refund_changelist") in room.partition("<main")[2]
    assert desk.get("/admin/unfold/").status_code == 404


def test_patients_have_no_console(lin: Member) -> None:
    answer = _browser(lin).get(reverse("admin:index"))

    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("admin:login"))


def test_staff_without_the_role_cannot_open_a_screen(bao: Member) -> None:
    client = _browser(bao)

    assert client.get(reverse("admin:index")).status_code == 200
    assert client.get(reverse("admin:accounts_user_changelist")).status_code == 200
    assert client.get(reverse("admin:accounts_devicesession_changelist")).status_code == 403
    assert client.get(reverse("admin:payments_pricerule_add")).status_code == 403
    assert client.get(reverse("admin:core_auditentry_changelist")).status_code == 403


def test_the_auditor_reads_and_changes_nothing(db: None) -> None:
    auditor = make_member("审计", Role.AUDITOR, is_staff=True)
    client = _browser(auditor)

    assert client.get(reverse("admin:core_auditentry_changelist")).status_code == 200
    assert (
        client.get(reverse("admin:accounts_user_change", args=[auditor.user.pk])).status_code == 200
    )
    request = _request(client)
    for name, screen in SCREENS.items():
        assert not screen.has_add_permission(request), name
        assert not screen.has_change_permission(request), name
        assert not screen.has_delete_permission(request), name


def test_phones_are_masked(desk: Client, lin: Member) -> None:
    phone = str(lin.user.phone).removeprefix("+86")

    for address in (
        reverse("admin:accounts_user_changelist"),
        reverse("admin:accounts_user_change", args=[lin.user.pk]),
    ):
        page = desk.get(address).content.decode()
        assert phone not in page
        assert f"{phone[:3]}****{phone[-4:]}" in page


def test_console_log_in_takes_a_phone_and_stops_guessing(db: None) -> None:
    User.objects.create_superuser("+8613900000002", "Console-2026")
    client = Client(headers={"Accept-Language": "en"})
    address = reverse("admin:login")

    wrong = [client.post(address, {"username": "13900000002", "password": "no"}) for _ in range(6)]
    late = client.post(address, {"username": "139 0000 0002", "password": "Console-2026"})

    assert [answer.status_code for answer in wrong] == [200] * 6
    assert late.status_code == 200
    assert "Too many tries" in late.content.decode()


def test_console_log_in_opens_the_first_page(db: None) -> None:
    User.objects.create_superuser("+8613900000003", "Console-2026")

    answer = Client().post(
        reverse("admin:login"),
        {"username": "139 0000 0003", "password": "Console-2026", "next": "/admin/"},
    )

    assert answer.status_code == 302
    assert answer["Location"] == "/admin/"


@pytest.mark.parametrize("address", ["/", "/api/docs/", "/api/redoc/", "/api/docs/errors/"])
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_open_pages_load_nothing_from_elsewhere(db: None, address: str, language: str) -> None:
    page = Client(headers={"Accept-Language": language}).get(address)

    assert page.status_code == 200
    text = page.content.decode()
    for mark in ('src="http', 'src="//', '<link rel="stylesheet" href="http', "@import"):
        assert mark not in text


def test_error_page_lists_every_code_in_both_languages(db: None) -> None:
    page = Client().get("/api/docs/errors/").content.decode()

    for code in ("not_found", "rate_limited", "idempotency_key_reused", "wrong_credentials"):
        assert f'id="{code}"' in page
    assert "Log in first, or refresh the access token." in page
