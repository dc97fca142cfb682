"""The documents of the house name only what is there: doors, jobs, commands, tests, files."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from django.conf import settings
from django.core.management import get_commands

from clinic.core.events import EVENT_TYPES
from tests.architecture.operations import all_routes, api_operations

ROOT = Path(__file__).resolve().parents[2]
ROWS = [
    [cell.strip() for cell in line.strip("|").split(" | ")]
    for line in (ROOT / "docs" / "features.md").read_text(encoding="utf-8").splitlines()
    if re.match(r"\| [A-Z]\d", line)
]
PAGES = sorted(
    path
    for path in [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("*/**/README.md")]
    if not {".venv", "node_modules", ".data", "test-output"} & set(path.parts)
)
NO_ADDRESS = ("manage.py", "script/", "clinic/", "/ws/")


class Door(NamedTuple):
    """An address as a row names it; ``is_tail`` when it goes on from the one before."""

    methods: list[str]
    path: str
    is_tail: bool


def _plain(route: str) -> str:
    """Return an address with holes for what stands in braces or angle brackets."""
    return re.sub(r"\{[^}]*\}|<[^>]*>", "<>", route).replace("$", "").strip("/").removeprefix("^")


ROUTES = {_plain(route) for route, _view in all_routes()}
OPERATIONS = {(one.method, _plain(one.route)) for one in api_operations()}


def _spelled(text: str) -> Iterator[str]:
    """Yield each address that brackets stand for: ``a[/b, /c]`` is a, a/b and a/c."""
    match = re.search(r"\[([^\[\]]*)\]", text)
    if match is None:
        yield text
        return
    for part in ["", *match[1].split(", ")]:
        joint = "" if not part or part[0] in "/[" or not match.start() else "/"
        yield from _spelled(text[: match.start()] + joint + part + text[match.end() :])


def _doors(cell: str) -> Iterator[Door]:
    for text in re.findall(r"`([^`]*)`", cell):
        match = re.fullmatch(r"((?:[A-Z]+(?:, |/)?)+ )?(\S.*)", text)
        if match is None or text.startswith(NO_ADDRESS):
            continue
        methods = re.findall(r"[A-Z]+", match[1] or "")
        for path in _spelled(match[2].split("?")[0]):
            if methods or "/" in path:
                yield Door(methods, path, path.startswith("…"))


def _is_there(door: Door) -> bool:
    path = _plain(door.path.removeprefix("…"))
    heads = ("", "api/v1/") if not door.is_tail else ()
    if path.endswith("*"):
        return any(route.startswith(head + path[:-1]) for route in ROUTES for head in heads)
    full = {head + path for head in heads}
    tails = {route for route in ROUTES if route.endswith(f"/{path}")}
    found = full & ROUTES or (tails if door.is_tail or door.path.startswith("/") else set())
    return any(
        not door.methods or all((method, route) in OPERATIONS for method in door.methods)
        for route in found
    )


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_a_feature_names_doors_jobs_commands_and_tests_that_exist(row: list[str]) -> None:
    door_cell, test_cell = row[2], row[-1]

    assert [door for door in _doors(door_cell) if not _is_there(door)] == []
    jobs = re.findall(r"beat `([\w-]+)`", door_cell)
    assert [name for name in jobs if name not in settings.CELERY_BEAT_SCHEDULE] == []
    commands = re.findall(r"`manage\.py (\w+)", " ".join(row))
    assert [name for name in commands if name not in get_commands()] == []
    assert list(_missing_tests(test_cell)) == []


def _missing_tests(cell: str) -> Iterator[str]:
    folder = ""
    for name in re.findall(r"[\w/]*\btest_[\w*]+\.py|\btests/\w+/", cell):
        folder, path = (
            (name.rsplit("/", 1)[0], name) if "/" in name else (folder, f"{folder}/{name}")
        )
        if not any(ROOT.glob(path.rstrip("/"))):
            yield path


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_a_page_links_and_names_files_that_exist(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    links = [link for link in re.findall(r"\]\(([^)#\s]+)", text) if "://" not in link]
    names = re.findall(r"`((?:[\w.]+/)+[\w]+\.(?:py|md|json|js|html|css|yaml|csv))`", text)

    assert [link for link in links if not (page.parent / link).exists()] == []
    assert [
        name
        for name in names
        if not any((place / name).exists() for place in (page.parent, *page.parent.parents))
        and not any(ROOT.glob(f"*/{name}"))
    ] == []


def test_the_glossary_gives_each_term_once() -> None:
    page = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    rows = re.findall(r"(?m)^\| ([^|]+) \| ([^|]+) \|", page)

    assert len(rows) > 100
    assert sorted({row for row in rows if rows.count(row) > 1}) == []


def test_each_event_is_named_in_the_readme_of_its_room() -> None:
    unnamed = []
    for told in EVENT_TYPES:
        room, _, name = told.rpartition(".")
        readme = ROOT / room.replace(".", "/") / "README.md"
        if (ROOT / room.replace(".", "/")).is_dir() and name not in readme.read_text("utf-8"):
            unnamed.append(told)

    assert unnamed == []
