"""The tree of addresses means what Django means by the same list, only sooner."""

import re
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, URLPattern, URLResolver, get_resolver, include, path, re_path
from django.urls.resolvers import RoutePattern

from clinic.core.routes import RouteTree, companionship, match_of

SOMEBODY = "0190b0a0-1111-7000-8000-000000000000"
VALUES = ("7", "abc", str(uuid4()), "a/b")
ODD = ("", "/", "api", "api/v1", "api/v1/", "admin/login/", "admin/doctors/doctor/3/change/", "no")


def page(_request: HttpRequest, **_told: object) -> HttpResponse:
    return HttpResponse()


SMALL = [
    path("a/<str:word>/", page, name="any word"),
    path("a/fixed/", page, name="never reached"),
    path("b/", include([path("<int:n>", page, name="inside"), path("<path:rest>", page)])),
    path("c", include([path("d/", page, name="half a word")])),
    re_path(r"^e/(?P<n>\d+)/$", page, name="expression"),
    path("f/<int:n>-<int:m>.txt", page, name="two in a word"),
    path("g/", include(([path("h", page, name="h")], "app"), namespace="space")),
    path("k/", include([re_path(r"^l/?$", page)])),
]
SMALL_ASKED = (
    "a/fixed/", "a/x/", "a//", "b/3", "b/x/y", "b/", "cd/", "c/d/", "e/5/", "f/1-2.txt", "f/1.txt",
    "g/h", "g/i", "k/l", "k/l/", "",
)  # fmt: skip


def meaning(resolver: URLResolver, asked: str) -> tuple[Any, ...] | None:
    try:
        found = resolver.resolve(asked)
    except Resolver404:
        return None
    return (
        found.func, found.args, found.kwargs, found.url_name, found.app_names, found.namespaces,
        found.route, found.captured_kwargs, found.extra_kwargs,
    )  # fmt: skip


def whole_routes(patterns: list[URLPattern | URLResolver], head: str = "") -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from whole_routes(pattern.url_patterns, head + str(pattern.pattern))
        else:
            yield head + str(pattern.pattern)


@pytest.mark.parametrize("asked", SMALL_ASKED)
def test_order_and_kinds_of_patterns_keep_their_meaning(asked: str) -> None:
    listed = URLResolver(RoutePattern(""), SMALL)

    assert meaning(RouteTree(SMALL), asked) == meaning(listed, asked)


def test_every_address_of_the_house_is_found_as_by_trying_all() -> None:
    tree = next(one for one in get_resolver().url_patterns if isinstance(one, RouteTree))
    listed = URLResolver(RoutePattern(""), tree.url_patterns)
    routes = [*whole_routes(tree.url_patterns)]
    asked = {re.sub(r"<[^>]+>", VALUES[n % 4], route) for n, route in enumerate(routes)}
    asked |= {re.sub(r"<[^>]+>", VALUES[2], route) for route in routes} | set(ODD)

    differing = [one for one in asked if meaning(tree, one) != meaning(listed, one)]

    assert len(asked) > 300
    assert differing == []


def test_an_address_means_the_same_without_the_root_around_it() -> None:
    asked = f"/api/v1/appointments/{uuid4()}"

    for found in (match_of(asked), get_resolver().resolve(asked)):
        assert found.route == "api/v1/appointments/<uuid:public_id>"
        assert set(found.kwargs) == {"public_id"}
    with pytest.raises(Resolver404):
        match_of("/api/v1/nothing-here")


@pytest.mark.parametrize(
    ("method", "address", "goes_along"),
    [
        ("POST", "/api/v1/appointments", True),
        ("GET", "/api/v1/appointments", False),
        ("POST", "/api/v1/appointments/lookup", True),
        ("GET", f"/api/v1/appointments/{SOMEBODY}", True),
        ("PATCH", f"/api/v1/appointments/{SOMEBODY}", False),
        ("GET", f"/api/v1/doctors/{SOMEBODY}/slots", True),
        ("GET", "/api/v1/doctors/no-such/slots", False),
        ("GET", "/admin/", False),
        ("GET", "", False),
    ],
)
def test_short_requests_are_known_by_method_and_address(
    method: str, address: str, goes_along: bool
) -> None:
    assert companionship()(method, address) is goes_along
