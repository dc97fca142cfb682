"""Who only looks: every page and every endpoint, and nothing is written by any of them."""

from typing import Any

import pytest
from django.contrib import admin
from django.template.response import SimpleTemplateResponse
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse

from clinic.core.ids import uuid7
from clinic.core.roles import Role
from tests.architecture.matrix import address, ask, expected
from tests.architecture.operations import Operation, api_operations
from tests.architecture.test_matrix import fingerprint
from tests.console.conftest import browser
from tests.world import World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("unlimited")]
LOOKER = "jian"  # the auditor
WRITES = [one for one in api_operations() if one.method != "GET"]
# What anybody with an account does about himself: it is no work on the clinic's data.
ABOUT_HIMSELF = frozenset({"auth", "account", "notice", "file", "socket"})
# Reads that come by POST.
LOOKS_BY_POST = {("user", "search"), ("user", "export")}


def test_no_endpoint_takes_a_write_from_who_only_looks(world: World) -> None:
    assert world.member(LOOKER).actor.roles == {Role.AUDITOR}
    before = fingerprint()
    wrong = []
    for operation in WRITES:
        verb = operation.view.verbs[operation.method]  # type: ignore[attr-defined]
        door = (operation.view.resource, verb)  # type: ignore[attr-defined]
        if door[0] in ABOUT_HIMSELF or door in LOOKS_BY_POST or _is_open(operation, world):
            continue
        answer = ask(world, LOOKER, operation, address(operation, world.objects))
        if answer.status_code not in {401, 403, 404, 405}:
            wrong.append(f"{operation.name}: {answer.status_code}")

    assert wrong == []
    assert fingerprint() == before


def test_no_page_of_the_console_takes_a_write_from_who_only_looks(
    world: World, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Lists take their filters by POST, steps of a log-in lead on; all else is refused.

    What the taken pages look like is not asked here: only ``--all`` draws them.
    """
    if not request.config.getoption("--all"):
        monkeypatch.setattr(SimpleTemplateResponse, "rendered_content", "")
    assert Client().get(reverse("users")).status_code == 302
    paths, window = console_addresses(world), browser(world.member(LOOKER).user)
    assert {reverse("users-confirm"), reverse("emergency"), reverse("regulator-export")} <= set(
        paths
    )
    assert len(set(paths)) > 100
    lists = {reverse(name) for name in ("users", "users-file")}
    lists |= {path for path in paths if path.removesuffix("/").count("/") == 3}
    steps = {reverse(name) for name in ("second-factor", "second-factor-set-up")}
    before = fingerprint(ignoring=LOOKED)

    answers = {path: window.post(path, BUTTONS).status_code for path in paths}

    taken = [path for path, status in answers.items() if status not in {403, 405}]
    assert set(taken) <= lists | steps
    assert fingerprint(ignoring=LOOKED) == before, taken


BUTTONS = {"_save": "1", "action": "delete_selected", "confirmed": "1"}
# A look may be noted, a session may be renewed, and the page of one's own second factor draws one.
LOOKED = frozenset({"core_auditentry", "django_session", "accounts_secondfactor"})


def console_addresses(world: World) -> list[str]:
    """Every address of the console, lists, pages, steps and own pages, with Lin's ids filled in."""
    found = []
    for model, screen in admin.site._registry.items():
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        row = model._default_manager.order_by("pk").first()
        found += [reverse(f"{name}_changelist"), reverse(f"{name}_add")]
        if row is None:
            continue
        found += [reverse(f"{name}_{act}", args=[row.pk]) for act in ("change", "delete")]
        found += [
            reverse(f"{name}_step", args=[row.pk, step.name])
            for step in getattr(screen, "steps", ())
        ]
    return found + list(_own_pages(world))


def _own_pages(world: World) -> list[str]:
    names = [name for name in _names(get_resolver().url_patterns, "") if name]
    found = []
    for name in names:
        for args in ([], [uuid7()], [uuid7(), uuid7()]):
            try:
                found.append(reverse(name, args=args))
                break
            except NoReverseMatch:
                continue
    return found


def _names(patterns: list[Any], head: str) -> list[str]:
    """Names of plain console pages: below /admin/ but not of a model's screen."""
    found = []
    for one in patterns:
        route = f"{head}{one.pattern}"
        if isinstance(one, URLResolver):
            if one.namespace is None:
                found += _names(one.url_patterns, route)
        elif isinstance(one, URLPattern) and route.startswith("admin/") and one.name:
            found.append(one.name)
    return found


def _is_open(operation: Operation, world: World) -> bool:
    return expected(world, "anonymous", operation) == "may"
