"""The door of the API does for it what Django's list of middleware does for pages."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client, override_settings
from django.urls import URLPattern, get_resolver

from appointments.api.slot_views import AppointmentTypeListView
from clinic.core import middleware

TYPES = "/api/v1/appointment-types"
NOBODYS = "/api/v1/nothing-here"
LOGIN = "/api/v1/auth/login"
JSON = "application/json"
GETS: list[tuple[str, dict[str, str]]] = [
    (TYPES, {}),
    (TYPES, {"Accept-Language": "en-GB,en;q=0.8"}),
    (TYPES, {"Accept-Language": "zh-CN", "Cookie": "django_language=en"}),
    (TYPES, {"Accept-Language": "tlh," + "en;q=0.1," * 40}),
    (TYPES, {"Host": "strangers.example"}),
    (TYPES, {"X-Forwarded-Proto": "https"}),
    (f"{TYPES}?nonsense=1", {"Accept-Language": "en"}),
    (NOBODYS, {"Accept-Language": "en"}),
    ("/api/v1/appointments", {}),
    ("/1.1/functions/initiateConsultation", {}),
]
# Method, address, headers, body.
ASKED: list[tuple[str, str, dict[str, str], str]] = [
    *(("GET", path, headers, "") for path, headers in GETS),
    ("POST", LOGIN, {"Accept-Language": "en"}, '{"phone": '),
    ("POST", LOGIN, {}, "[]"),
    ("POST", "/api/v1/appointments", {"Accept-Language": "en"}, "{}"),
    ("POST", "/1.1/functions/initiateConsultation", {}, "{}"),
    ("POST", NOBODYS, {}, "{}"),
    ("POST", TYPES, {"Accept-Language": "en"}, "{}"),
    ("DELETE", LOGIN, {}, ""),
    ("SPAM", TYPES, {}, ""),
    ("HEAD", TYPES, {}, ""),
    ("HEAD", NOBODYS, {}, ""),
    ("OPTIONS", TYPES, {}, ""),
    ("OPTIONS", LOGIN, {"Origin": "https://strangers.example"}, ""),
    ("OPTIONS", NOBODYS, {}, ""),
]
CHANGING = {"x-request-id", "content-length"}  # the number of the request is part of a problem


def _told(method: str, path: str, headers: dict[str, str], body: str) -> dict[str, Any]:
    answer: Any = Client(raise_request_exception=False).generic(
        method, path, body, JSON, headers=headers
    )
    told = answer.json() if answer.content else {}
    if isinstance(told, dict):
        told.pop("request_id", None)
    found = {name.lower(): value for name, value in answer.items()}
    kept = {name: value for name, value in found.items() if name not in CHANGING}
    if path == NOBODYS or "Host" in headers:
        # The list makes a page of these first, and with it reads the session; it names them outside
        # of its middleware for frames.
        kept |= {"vary": "Accept-Language", "x-frame-options": "DENY"}
    return {"status": answer.status_code, "body": told, "headers": kept}


@pytest.mark.django_db
def test_an_answer_is_the_same_through_the_door_and_through_the_list(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with override_settings(
        ALLOWED_HOSTS=["testserver"],
        SECURE_HSTS_SECONDS=3600,
        SECURE_PROXY_SSL_HEADER=("HTTP_X_FORWARDED_PROTO", "https"),
    ):
        through_the_door = [_told(*asked) for asked in ASKED]
        monkeypatch.setattr(middleware, "BEARER_PREFIXES", ())
        through_the_list = [_told(*asked) for asked in ASKED]

    assert through_the_door == through_the_list


def test_plain_http_is_sent_to_https_where_that_is_wanted(client: Client) -> None:
    with override_settings(ALLOWED_HOSTS=["testserver"], SECURE_SSL_REDIRECT=True):
        moved = client.get(f"{TYPES}?page=2")
        strange = client.get(TYPES, headers={"Host": "strangers.example"})

    assert (moved.status_code, moved["Location"]) == (301, f"https://testserver{TYPES}?page=2")
    assert (strange.status_code, strange.json()["code"]) == (400, "malformed_request")


@pytest.mark.django_db
def test_failures_say_their_length_and_stay_out_of_frames(client: Client) -> None:
    for path in (TYPES, NOBODYS):
        answer = client.get(path)

        assert answer["Content-Length"] == str(len(answer.content))
        assert (answer["X-Frame-Options"], answer["Vary"]) == ("DENY", "Accept-Language")


@pytest.mark.django_db
def test_a_host_that_was_let_in_opens_nothing_for_another(client: Client) -> None:
    with override_settings(ALLOWED_HOSTS=["ours.example"]):
        names = ("ours", "strangers") * 2
        seen = [client.get(TYPES, headers={"Host": f"{name}.example"}) for name in names]

    assert [answer.status_code for answer in seen] == [200, 400, 200, 400]
    assert seen[1].json()["code"] == "malformed_request"


def test_a_fault_of_ours_behind_the_door_is_a_problem_document(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fails(*_args: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(AppointmentTypeListView, "initial", fails)
    answer = Client(raise_request_exception=False).get(TYPES, headers={"Accept-Language": "en"})

    assert (answer.status_code, answer.json()["code"]) == (500, "server_error")
    assert answer["Content-Language"] == "en"


def test_no_view_behind_the_door_needs_djangos_form_token() -> None:
    views = [
        view
        for prefix in middleware.BEARER_PREFIXES
        for view in _views(get_resolver().url_patterns, "/", prefix)
    ]

    assert len(views) > 100
    assert [str(view) for view in views if not getattr(view.callback, "csrf_exempt", False)] == []


def _views(routes: Any, head: str, prefix: str) -> Iterator[URLPattern]:
    for route in routes:
        path = head + str(route.pattern)
        if isinstance(route, URLPattern):
            if path.startswith(prefix):
                yield route
        else:
            yield from _views(route.url_patterns, path, prefix)
