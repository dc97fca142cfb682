"""Refresh tokens, device sessions and their end."""

import threading
from collections import Counter
from datetime import timedelta
from typing import Any
from uuid import uuid4

import jwt
import pytest
import time_machine
from django.conf import settings
from django.db import connection
from pytest_django import DjangoAssertNumQueries
from rest_framework.test import APIClient

from clinic.accounts.events import SessionRevoked
from clinic.accounts.models import DeviceSession, User
from clinic.accounts.services import sessions
from clinic.accounts.tokens import issue_access, issue_refresh
from clinic.core import events
from clinic.core.clock import now
from clinic.core.models import OutboxEvent
from clinic.settings import rules
from tests.accounts.conftest import PASSWORD, PHONE, get_code, post, register
from tests.cast import Member

LOGIN = {"phone": PHONE, "password": PASSWORD}


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Somebody listens to SessionRevoked; returns the stored facts."""
    monkeypatch.setitem(events.HANDLERS, SessionRevoked.name, {"test": lambda _fact: None})
    return lambda: [
        row.payload for row in OutboxEvent.objects.filter(kind=SessionRevoked.name).order_by("id")
    ]


def _refresh(token: str) -> Any:
    return post("auth/refresh", {"refresh_token": token})


def _client(signed_in: dict[str, Any]) -> APIClient:
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {signed_in['access_token']}")
    return client


@pytest.mark.django_db
def test_a_refresh_gives_a_new_pair_in_the_same_session() -> None:
    first = register()

    second = _refresh(first["refresh_token"])
    third = _refresh(second.json()["refresh_token"])

    assert (second.status_code, third.status_code) == (200, 200)
    assert first["session_id"] == second.json()["session_id"] == third.json()["session_id"]
    assert len({a["refresh_token"] for a in (first, second.json(), third.json())}) == 3
    assert _client(third.json()).get("/api/v1/me").status_code == 200


@pytest.mark.django_db
def test_a_spent_token_that_comes_back_ends_the_whole_family(told: Any) -> None:
    first = register()
    second = _refresh(first["refresh_token"]).json()

    replayed = _refresh(first["refresh_token"])
    descendant = _refresh(second["refresh_token"])
    access = _client(second).get("/api/v1/me")

    assert (replayed.status_code, replayed.json()["code"]) == (401, "refresh_refused")
    assert (descendant.status_code, access.status_code) == (401, 401)
    session = DeviceSession.objects.get()
    assert session.revoked_why == "reuse"
    user_id = str(User.objects.get().public_id)
    assert told() == [{"session_id": session.pk, "user_public_id": user_id}]


@pytest.mark.django_db
def test_an_invented_token_of_a_real_session_is_refused_and_ends_nothing() -> None:
    answer = register()
    session, number, secret = answer["refresh_token"].split(".")
    forged = [
        f"{session}.{number}.{'A' * len(secret)}",
        f"{session}.{int(number) + 1}.{secret}",
        f"{session}.0.{secret}",
        f"{uuid4()}.{number}.{secret}",
        issue_refresh(uuid4(), 1),
        answer["refresh_token"] + "A",
        answer["access_token"],
        "",
        "..",
        "\u0660" * 20,
        "x" * 301,
    ]

    states = {_refresh(token).status_code for token in forged}

    assert states <= {400, 401}
    assert _refresh(answer["refresh_token"]).status_code == 200


@pytest.mark.django_db
def test_a_refresh_token_dies_with_its_time_its_logout_and_its_account() -> None:
    by_time, by_logout, by_account = (
        register(),
        post("auth/login", LOGIN),
        post("auth/login", LOGIN),
    )
    _client(by_logout.json()).post("/api/v1/auth/logout")

    logged_out = _refresh(by_logout.json()["refresh_token"])
    with time_machine.travel(now() + rules.REFRESH_TOKEN_LIFE + timedelta(seconds=1), tick=False):
        expired = _refresh(by_time["refresh_token"])
    User.objects.update(is_active=False)
    suspended = _refresh(by_account.json()["refresh_token"])

    assert [a.status_code for a in (logged_out, expired, suspended)] == [401, 401, 401]


@pytest.mark.django_db
def test_an_access_token_lives_fifteen_minutes() -> None:
    answer = register()
    with time_machine.travel(now() + timedelta(minutes=14), tick=False):
        young = _client(answer).get("/api/v1/me")
    with time_machine.travel(now() + timedelta(minutes=15, seconds=1), tick=False):
        old = _client(answer).get("/api/v1/me")

    assert (young.status_code, old.status_code) == (200, 401)


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["none", "key", "aud", "iss", "sub", "refresh", "scheme"])
def test_forged_access_tokens_are_refused(kind: str) -> None:
    answer = register()
    claims = jwt.decode(answer["access_token"], options={"verify_signature": False})
    key = settings.JWT_KEY
    token = {
        "none": jwt.encode(claims, None, algorithm="none"),
        "key": jwt.encode(claims, "another-key-of-a-good-length-32-bytes", algorithm="HS256"),
        "aud": jwt.encode(claims | {"aud": "other"}, key, algorithm="HS256"),
        "iss": jwt.encode(claims | {"iss": "other"}, key, algorithm="HS256"),
        "sub": jwt.encode(claims | {"sid": "not-a-uuid"}, key, algorithm="HS256"),
        "refresh": answer["refresh_token"],
        "scheme": "x",
    }[kind]
    client = APIClient()
    scheme = "Basic" if kind == "scheme" else "Bearer"
    client.credentials(HTTP_AUTHORIZATION=f"{scheme} {token}")

    refused = client.get("/api/v1/me")

    assert (refused.status_code, refused.json()["code"]) == (401, "not_authenticated")


@pytest.mark.django_db
def test_the_owner_lists_and_ends_his_devices_and_nobody_elses(ge: Member) -> None:
    phone = register(device="phone")
    tablet = post("auth/login", LOGIN | {"device": "tablet"}).json()
    address = f"/api/v1/auth/sessions/{phone['session_id']}"

    listed = _client(tablet).get("/api/v1/auth/sessions").json()
    stranger = ge.client.delete(address)
    anonymous = APIClient().delete(address)
    before = _client(phone).get("/api/v1/me").status_code
    ended = _client(tablet).delete(address)
    again = _client(tablet).delete(address)

    assert [(row["device"], row["is_current"]) for row in listed["results"]] == [
        ("tablet", True),
        ("phone", False),
    ]
    assert (stranger.status_code, anonymous.status_code, before) == (404, 401, 200)
    assert (ended.status_code, again.status_code) == (204, 404)
    assert _client(phone).get("/api/v1/me").status_code == 401
    assert _client(tablet).get("/api/v1/me").status_code == 200


@pytest.mark.django_db
def test_all_other_devices_can_be_logged_out_at_once(told: Any) -> None:
    here = register()
    others = [post("auth/login", LOGIN).json() for _ in range(3)]

    answer = _client(here).delete("/api/v1/auth/sessions")

    assert answer.status_code == 204
    assert [_client(other).get("/api/v1/me").status_code for other in others] == [401] * 3
    assert _client(here).get("/api/v1/me").status_code == 200
    assert len(told()) == 3


@pytest.mark.django_db
def test_the_list_of_devices_costs_the_same_queries_for_one_and_for_many(
    lin: Member, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for extra in (0, 10):
        for n in range(extra):
            sessions.open_session(user=lin.user, device=str(n), now=now())
        with django_assert_num_queries(2):  # who asks, rows
            assert lin.client.get("/api/v1/auth/sessions").json()["count"] == extra + 1


@pytest.mark.django_db
def test_the_oldest_device_leaves_when_there_are_too_many() -> None:
    first = register()
    others = [post("auth/login", LOGIN).json() for _ in range(rules.MAX_DEVICE_SESSIONS)]

    open_now = DeviceSession.objects.filter(revoked_at=None).count()

    assert open_now == rules.MAX_DEVICE_SESSIONS
    assert _client(first).get("/api/v1/me").status_code == 401
    assert _client(others[0]).get("/api/v1/me").status_code == 200


@pytest.mark.django_db
def test_a_new_password_needs_a_proof_and_ends_the_other_devices() -> None:
    here, there = register(), post("auth/login", LOGIN).json()
    new = "Fresh-Ginger-7"
    client = _client(here)

    missing = client.post("/api/v1/auth/password", {"new_password": new}, format="json")
    wrong = client.post(
        "/api/v1/auth/password", {"current_password": "no", "new_password": new}, format="json"
    )
    right = client.post(
        "/api/v1/auth/password", {"current_password": PASSWORD, "new_password": new}, format="json"
    )

    assert (missing.status_code, missing.json()["code"]) == (400, "proof_missing")
    assert (wrong.status_code, wrong.json()["code"]) == (400, "wrong_password")
    assert right.status_code == 204
    assert _client(there).get("/api/v1/me").status_code == 401
    assert client.get("/api/v1/me").status_code == 200
    assert post("auth/login", LOGIN).status_code == 401
    assert post("auth/login", LOGIN | {"password": new}).status_code == 200


@pytest.mark.django_db
def test_guessing_the_current_password_is_locked_after_five_tries() -> None:
    client = _client(register())
    body = {"current_password": "no", "new_password": "Fresh-Ginger-7"}

    states = [
        client.post("/api/v1/auth/password", body, format="json").status_code for _ in range(6)
    ]

    assert states == [400] * 5 + [429]


@pytest.mark.django_db
def test_who_came_by_code_sets_a_password_by_another_code() -> None:
    code = get_code(PHONE, "login")
    here = post("auth/login-by-code", {"phone": PHONE, "code": code}).json()
    body = {"new_password": PASSWORD}

    with time_machine.travel(now() + timedelta(minutes=2), tick=False):
        proof = get_code(PHONE, "password")
        answer = _client(here).post("/api/v1/auth/password", body | {"code": proof}, format="json")
        by_password = post("auth/login", LOGIN)

    assert (answer.status_code, by_password.status_code) == (204, 200)


def _refresh_at_once(token: str, count: int) -> Counter[int]:
    """Send one refresh token from many threads at the same moment."""
    barrier = threading.Barrier(count)
    states: list[int] = []

    def run() -> None:
        try:
            barrier.wait(20)
            states.append(_refresh(token).status_code)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return Counter(states)


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_of_sixteen_parallel_refreshes_exactly_one_wins() -> None:
    token = _family()

    assert _refresh_at_once(token, 16) == {200: 1, 401: 15}


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_without_the_lock_more_than_one_refresh_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    token = _family()
    barrier = threading.Barrier(4)

    def unlocked(public_id: object) -> DeviceSession | None:
        found = DeviceSession.objects.select_related("user").filter(public_id=public_id).first()
        barrier.wait(20)
        return found

    monkeypatch.setattr(sessions, "_lock_session", unlocked)

    assert _refresh_at_once(token, 4)[200] > 1


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_of_parallel_uses_of_one_code_exactly_one_wins() -> None:
    code = get_code(PHONE, "login")
    barrier = threading.Barrier(5)
    states: list[int] = []

    def run() -> None:
        try:
            barrier.wait(20)
            answer = post("auth/login-by-code", {"phone": PHONE, "code": code})
            states.append(answer.status_code)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert sorted(states) == [200, 400, 400, 400, 400]
    assert User.objects.filter(phone=PHONE).count() == 1


def _family() -> str:
    user = User.objects.create_user(phone=PHONE, password=PASSWORD)
    return sessions.open_session(user=user, device="", now=now()).refresh_token


@pytest.mark.django_db
def test_a_token_of_a_switched_off_account_is_refused_at_once(lin: Member) -> None:
    User.objects.filter(pk=lin.user.pk).update(is_active=False)

    assert lin.client.get("/api/v1/me").status_code == 401


@pytest.mark.django_db
def test_access_tokens_name_ids_only(lin: Member) -> None:
    token = issue_access(lin.public_id, uuid4(), now())

    claims = jwt.decode(token, options={"verify_signature": False})

    assert set(claims) == {"iss", "aud", "sub", "sid", "iat", "exp"}
