"""Coming in by password and by code, and what keeps others out."""

import logging
from datetime import timedelta

import bcrypt
import pytest
import time_machine
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.test import Client, override_settings
from pytest_django import Settings
from rest_framework.test import APIClient

from clinic.accounts.models import OneTimeCode, User
from clinic.accounts.services.roles import grant_role
from clinic.adapters.errors import DefiniteError, TransientError, UnknownOutcomeError
from clinic.core.actor import system_actor
from clinic.core.clock import now
from clinic.core.roles import Role
from clinic.settings import base, rules
from tests.accounts import fakes
from tests.accounts.conftest import PASSWORD, PHONE, get_code, post, register
from tests.accounts.fakes import FakeCodeGateway

pytestmark = pytest.mark.django_db
LOGIN = {"phone": PHONE, "password": PASSWORD}


def _me(token: str) -> dict[str, object]:
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
    return dict(client.get("/api/v1/me").json())


def test_a_registered_patient_is_logged_in_and_can_log_in_again() -> None:
    answer = register(name="林小月", device="Lin's phone")

    again = post("auth/login", {"phone": "138 0013 8000", "password": PASSWORD})

    assert answer["user"]["roles"] == ["patient"]
    assert _me(answer["access_token"])["phone"] == PHONE
    assert again.status_code == 200
    assert _me(again.json()["access_token"])["name"] == "林小月"
    assert answer["expires_in"] == 900


@pytest.mark.parametrize(
    "spelling", ["13800138000", "+86 138-0013-8000", "１３８００１３８０００", "0086 13800138000"]
)
def test_every_spelling_of_a_phone_is_the_same_account(spelling: str) -> None:
    register()

    answer = post("auth/login", {"phone": spelling, "password": PASSWORD})

    assert answer.status_code == 200


@pytest.mark.parametrize(
    "phone", ["", "123", "+12025550123", "+861065529988", "1380013800x", "1" * 31, None, 7, [], {}]
)
def test_what_is_no_served_mobile_number_is_refused_by_name(phone: object) -> None:
    answer = post("auth/codes", {"phone": phone, "purpose": "login"})

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["attr"] == "phone"
    assert FakeCodeGateway.sent == []


def test_nobody_registers_with_a_role_or_rights() -> None:
    answer = register(role="admin", roles=["admin"], groups=[1], is_staff=True, is_superuser=True)

    user = User.objects.get()

    assert answer["user"]["roles"] == ["patient"]
    assert (user.is_staff, user.is_superuser) == (False, False)
    assert list(user.groups.values_list("name", flat=True)) == ["patient"]


def test_registering_a_taken_phone_is_refused_only_after_the_proof() -> None:
    register()
    body = {"phone": PHONE, "password": "Other-Word-1"}

    with time_machine.travel(now() + timedelta(minutes=2), tick=False):
        guessed = post("auth/register", body | {"code": "000000"})
        proven = post("auth/register", body | {"code": get_code(PHONE, "register")})

    assert (guessed.status_code, guessed.json()["code"]) == (400, "wrong_code")
    assert (proven.status_code, proven.json()["code"]) == (409, "phone_taken")


@pytest.mark.parametrize("password", ["short1", "12345678", "password", "x" * 129])
def test_a_weak_password_is_refused_before_the_code_is_spent(password: str) -> None:
    code = get_code(PHONE, "register")

    body = {"phone": PHONE, "password": password, "code": code}
    weak = post("auth/register", body, **{"Accept-Language": "zh-hans"})
    good = post("auth/register", {"phone": PHONE, "password": PASSWORD, "code": code})

    assert weak.json()["errors"][0]["attr"] == "password"
    assert not weak.json()["errors"][0]["detail"].isascii()  # told in Chinese
    assert good.status_code == 201


def test_log_in_by_code_makes_a_patient_of_an_unknown_phone_and_finds_a_known_one() -> None:
    first = post("auth/login-by-code", {"phone": PHONE, "code": get_code(PHONE, "login")})
    with time_machine.travel(now() + timedelta(minutes=2), tick=False):
        second = post("auth/login-by-code", {"phone": PHONE, "code": get_code(PHONE, "login")})

    assert (first.status_code, second.status_code) == (200, 200)
    assert first.json()["user"]["roles"] == ["patient"]
    assert first.json()["user"]["has_password"] is False
    assert first.json()["user"]["id"] == second.json()["user"]["id"]


def test_a_code_is_good_once_and_for_its_purpose_and_phone_only() -> None:
    code = get_code(PHONE, "login")
    body = {"phone": PHONE, "code": code}

    other_purpose = post("auth/register", body | {"password": PASSWORD})
    other_phone = post("auth/login-by-code", {"phone": "13900139000", "code": code})
    right = post("auth/login-by-code", body)
    again = post("auth/login-by-code", body)

    assert [a.status_code for a in (other_purpose, other_phone, right, again)] == [
        400, 400, 200, 400,
    ]  # fmt: skip


def test_a_code_dies_after_ten_minutes_and_when_a_newer_one_was_sent() -> None:
    start = now()
    with time_machine.travel(start, tick=False) as clock:
        old = get_code(PHONE, "login")
        clock.move_to(start + timedelta(minutes=2))
        new = get_code(PHONE, "login")
        replaced = post("auth/login-by-code", {"phone": PHONE, "code": old})
        clock.move_to(start + timedelta(minutes=12, seconds=1))
        expired = post("auth/login-by-code", {"phone": PHONE, "code": new})

    assert (replaced.status_code, expired.status_code) == (400, 400)


def test_after_five_wrong_tries_the_right_code_is_worth_nothing() -> None:
    code = get_code(PHONE, "login")
    wrong = f"{(int(code) + 1) % 1_000_000:06d}"

    for _ in range(rules.ONE_TIME_CODE_TRIES):
        assert post("auth/login-by-code", {"phone": PHONE, "code": wrong}).status_code == 400
    answer = post("auth/login-by-code", {"phone": PHONE, "code": code})

    assert (answer.status_code, answer.json()["code"]) == (400, "wrong_code")


def test_codes_per_phone_are_limited_by_minute_hour_and_day() -> None:
    start = now()
    body = {"phone": PHONE, "purpose": "login"}
    sent = []
    with time_machine.travel(start, tick=False) as clock:
        post("auth/codes", body)
        at_once = post("auth/codes", body | {"purpose": "register"})
        for hour in range(3):
            for minute in range(7):
                clock.move_to(start + timedelta(hours=hour, minutes=70 + minute, seconds=minute))
                sent.append(post("auth/codes", body).status_code)

    assert at_once.status_code == 429
    assert int(at_once["Retry-After"]) in range(1, 62)
    assert sent == [202] * 5 + [429] * 2 + [202] * 4 + [429] * 3 + [429] * 7  # 1 + 5 + 4 = 10


def test_codes_per_address_are_limited_and_a_forged_header_changes_nothing(
    settings: Settings,
) -> None:
    settings.CODES_PER_ADDRESS_AN_HOUR = 3

    states = [
        post(
            "auth/codes",
            {"phone": f"1380013800{n}", "purpose": "login"},
            **{"X-Forwarded-For": f"10.0.0.{n}"},
        ).status_code
        for n in range(5)
    ]

    assert states == [202, 202, 202, 429, 429]


def test_the_code_answer_does_not_tell_whether_the_phone_is_known() -> None:
    register()
    with time_machine.travel(now() + timedelta(minutes=2), tick=False):
        known = post("auth/codes", {"phone": PHONE, "purpose": "login"})
        unknown = post("auth/codes", {"phone": "13900139000", "purpose": "login"})

    assert known.status_code == unknown.status_code == 202
    assert known.json() == unknown.json()


def test_a_code_that_could_not_be_sent_is_a_named_503_and_an_unknown_outcome_is_not() -> None:
    FakeCodeGateway.failure = DefiniteError("refused")
    refused = post("auth/codes", {"phone": "13800138001", "purpose": "login"})
    FakeCodeGateway.failure = TransientError("away")
    away = post("auth/codes", {"phone": "13800138002", "purpose": "login"})
    FakeCodeGateway.failure = UnknownOutcomeError("silence")
    unknown = post("auth/codes", {"phone": "13800138003", "purpose": "login"})

    assert (refused.status_code, refused.json()["code"]) == (503, "code_not_sent")
    assert (away.status_code, unknown.status_code) == (503, 202)


def test_a_stored_code_cannot_be_read_from_the_table() -> None:
    code = get_code(PHONE, "login")

    row = OneTimeCode.objects.get()

    assert code not in row.code_hash
    assert PHONE[3:] not in row.phone_index


def test_five_wrong_passwords_lock_the_phone_known_or_not_and_the_code_stays_open() -> None:
    register()
    start = now() + timedelta(minutes=2)
    with time_machine.travel(start, tick=False) as clock:
        known, unknown = [
            [post("auth/login", {"phone": p, "password": "wrong"}) for _ in range(6)]
            for p in (PHONE, "13900139000")
        ]
        locked = post("auth/login", LOGIN)
        by_code = post("auth/login-by-code", {"phone": PHONE, "code": get_code(PHONE, "login")})
        clock.move_to(start + rules.LOGIN_LOCKOUT + timedelta(seconds=1))
        later = post("auth/login", LOGIN)

    assert [a.status_code for a in known] == [401] * 5 + [429]
    assert [a.status_code for a in unknown] == [401] * 5 + [429]
    same = {"code", "detail", "title", "type", "status"}
    assert {k: v for k, v in known[0].json().items() if k in same} == {
        k: v for k, v in unknown[0].json().items() if k in same
    }
    assert locked.status_code == 429
    assert (by_code.status_code, later.status_code) == (200, 200)


def test_a_right_password_forgets_the_wrong_tries_before_it() -> None:
    register()

    for _ in range(3):
        states = [
            post("auth/login", LOGIN | {"password": "wrong"}).status_code for _ in range(4)
        ] + [post("auth/login", LOGIN).status_code]
        assert states == [401] * 4 + [200]


def test_the_lockout_holds_with_redis_down(settings: Settings) -> None:
    settings.CACHES = {
        "default": {
            "BACKEND": "clinic.core.cache.FallbackRedisCache",
            "LOCATION": "redis://127.0.0.1:1/0",
            "OPTIONS": {"socket_timeout": 0.1, "socket_connect_timeout": 0.1},
        }
    }
    register()

    states = [post("auth/login", LOGIN | {"password": "wrong"}).status_code for _ in range(6)]

    assert states == [401] * 5 + [429]


def test_tries_per_address_are_limited(settings: Settings) -> None:
    settings.LOGIN_TRIES_PER_ADDRESS = 3

    states = [
        post("auth/login", {"phone": f"1380013800{n}", "password": "wrong"}).status_code
        for n in range(4)
    ]

    assert states == [401, 401, 401, 429]


@override_settings(PASSWORD_HASHERS=base.PASSWORD_HASHERS)
def test_an_unknown_phone_costs_the_hashing_of_a_known_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    register()
    hashed: list[str] = []
    for name in ("verify", "encode"):
        real = getattr(Argon2PasswordHasher, name)

        def counted(self: object, *args: object, real: object = real, name: str = name) -> object:
            hashed.append(name)
            return real(self, *args)  # type: ignore[operator]

        monkeypatch.setattr(Argon2PasswordHasher, name, counted)

    post("auth/login", LOGIN | {"password": "wrong"})
    for_known = len(hashed)
    post("auth/login", {"phone": "13900139000", "password": "wrong"})

    assert for_known == 1
    assert len(hashed) == 2


@override_settings(PASSWORD_HASHERS=base.PASSWORD_HASHERS)
def test_passwords_are_argon2id_and_bcrypt_hashes_are_taken_over_and_upgraded() -> None:
    register()
    user = User.objects.get()
    fresh = user.password
    old = bcrypt.hashpw(PASSWORD.encode(), bcrypt.gensalt(4)).decode()
    User.objects.update(password=f"bcrypt${old}")

    too_long = post("auth/login", LOGIN | {"password": "長" * 100})
    answer = post("auth/login", LOGIN)
    user.refresh_from_db()

    assert fresh.startswith("argon2$argon2id$")
    assert (too_long.status_code, answer.status_code) == (401, 200)
    assert user.password.startswith("argon2$argon2id$")


def test_a_suspended_account_is_told_so_only_after_the_right_password() -> None:
    register()
    User.objects.update(is_active=False)

    wrong = post("auth/login", LOGIN | {"password": "wrong"})
    right = post("auth/login", LOGIN)

    assert (wrong.status_code, wrong.json()["code"]) == (401, "wrong_credentials")
    assert (right.status_code, right.json()["code"]) == (403, "account_suspended")


def test_the_console_takes_the_phone_and_shares_the_lockout() -> None:
    register()
    grant_role(user=User.objects.get(), role=Role.ADMIN, by=system_actor("test"))
    form = {"username": "138 0013 8000", "password": PASSWORD}

    first = Client().post("/admin/login/", form)
    for _ in range(5):
        Client().post("/admin/login/", form | {"password": "wrong"})
    locked = Client().post("/admin/login/", form)
    by_api = post("auth/login", LOGIN)

    assert (first.status_code, locked.status_code) == (302, 200)
    assert by_api.status_code == 429


def test_an_old_token_sent_along_does_not_close_the_doors() -> None:
    answer = post("auth/codes", {"phone": PHONE, "purpose": "login"}, token="spent.and.gone")

    assert answer.status_code == 202


def test_no_phone_code_or_password_reaches_the_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    FakeCodeGateway.failure = TransientError("not reached")
    post("auth/codes", {"phone": "13800138001", "purpose": "login"})
    FakeCodeGateway.failure = None
    register()
    code = fakes.last_code(PHONE)
    post("auth/login", LOGIN | {"password": "Wrong-Word-1"})

    logged = [r.getMessage() + str(r.__dict__) for r in caplog.records if r.name != "django.db"]
    text = "\n".join(line for line in logged if "django.db.backends" not in line)

    assert "code not sent" in text
    for secret in (PHONE[3:], "13800138001", code, PASSWORD, "Wrong-Word-1"):
        assert secret not in text
