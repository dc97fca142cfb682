"""One headless Chromium and one web server for all browser tests of a worker; pages of staff.

With CONSOLE_PICTURES=1 pictures of the pages go to test-output/console/.
"""

import asyncio
import os
import re
import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.handlers.wsgi import WSGIHandler
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.db import DEFAULT_DB_ALIAS, connections
from django.http import HttpResponse
from django.test import Client
from playwright.sync_api import Page, expect, sync_playwright

from clinic.accounts.models import User
from tests.axe import breaches
from tests.windows import Windows

PICTURES = Path(__file__).resolve().parents[1] / "test-output" / "console"
DESKTOP, PHONE = 1440, 390
PATIENCE_MS = 20_000
MENU = "#nav-sidebar"
ICON = "/favicon.ico"
CHROMIUM = next(
    (
        path
        for path in (
            os.environ.get("CHROMIUM"),
            shutil.which("chromium-headless-shell"),  # the same without a window: half the work
            shutil.which("chromium"),
            shutil.which("chromium-browser"),
            shutil.which("google-chrome"),
        )
        if path
    ),
    None,
)
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--in-process-gpu"]
needs_browser = [
    pytest.mark.browser,
    pytest.mark.skipif(
        CHROMIUM is None and os.environ.get("CI") != "true",
        reason="no Chromium on PATH: install it or set CHROMIUM",
    ),
]


def walked_in(first: str) -> pytest.MarkDecorator:
    """Open the pages of a test in one language; ``--all`` opens them in the other too.

    A page takes a second of a core in a browser, and there are hundreds.
    """
    other = {"zh-CN": "en-US", "en-US": "zh-CN"}[first]
    return pytest.mark.parametrize("locale", [first, pytest.param(other, marks=pytest.mark.slow)])


@dataclass
class Started:
    """The browser of a worker, and the loop that Playwright keeps running in its thread.

    A running loop bars tests that are coroutines and the ORM, so it is hidden between tests.
    """

    windows: Windows
    loop: asyncio.AbstractEventLoop

    def enter(self) -> None:
        """Let Playwright be called; the test keeps its connection, which a loop would hide."""
        own = connections[DEFAULT_DB_ALIAS]
        asyncio._set_running_loop(self.loop)
        connections[DEFAULT_DB_ALIAS] = own

    def leave(self) -> None:
        """End what the pages do and hide the loop."""
        self.windows.put_back()
        asyncio._set_running_loop(None)


@pytest.fixture(scope="session")
def started(_web: str) -> Iterator[Started]:
    """The browser of this worker: it takes two seconds to start, so it starts once."""
    assert CHROMIUM, "CI must have Chromium"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=FLAGS,
        )
        found = Started(Windows(browser, _web), asyncio.get_running_loop())
        found.leave()
        expect.set_options(timeout=PATIENCE_MS)
        yield found
        found.enter()
        browser.close()


@pytest.fixture
def chromium(started: Started, monkeypatch: pytest.MonkeyPatch) -> Iterator[Windows]:
    """The windows of a headless browser."""
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    started.enter()
    yield started.windows
    started.leave()


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 the base's name
        """Say nothing."""


class _Closing(ThreadedWSGIServer):
    """Each request has a thread and a database connection; both end together."""

    daemon_threads = True

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """Serve one request and close its connection."""
        try:
            super().process_request_thread(request, client_address)
        finally:
            connections.close_all()


class _Cached(StaticFilesHandler):
    """Static files stay in the browser, as in production; so does that there is no other icon.

    A resting window asks for one when its test, and with it the database, is over.
    """

    def _should_handle(self, path: str) -> bool:
        return path == ICON or super()._should_handle(path)

    def serve(self, request: Any) -> Any:
        """Answer a file for an hour."""
        answer = HttpResponse(status=204) if request.path == ICON else super().serve(request)
        answer["Cache-Control"] = "max-age=3600"
        return answer


@pytest.fixture(scope="session")
def _web() -> Iterator[str]:
    server = _Closing(("127.0.0.1", 0), _Quiet)
    server.set_app(_Cached(WSGIHandler()))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def address(transactional_db: None, started: Started, _web: str) -> Iterator[str]:
    """The clinic's web in this process, on a free port; its pages close before the data goes."""
    yield _web
    started.leave()


def open_page(
    chromium: Windows, address: str, locale: str, *, width: int = DESKTOP, **options: Any
) -> tuple[Page, list[str]]:
    """Return a page and the list of what goes wrong on it: errors, refusals, foreign addresses."""
    page = chromium.take(address, locale, width=width, height=960, **options)
    page.set_default_timeout(PATIENCE_MS)
    faults: list[str] = []
    chromium.listen(page, "pageerror", lambda error: faults.append(str(error)))
    chromium.listen(
        page,
        "requestfinished",
        lambda request: (
            None
            if request.url.startswith((address, "data:", "blob:"))
            else faults.append(f"outside: {request.url}")
        ),
    )
    chromium.listen(
        page,
        "response",
        lambda answer: (
            faults.append(f"{answer.status} {answer.url}") if answer.status >= 400 else None
        ),
    )
    return page, faults


def log_in(page: Page, address: str, user: User) -> None:
    """Give a page the session of somebody, without the login form."""
    client = Client()
    client.force_login(user)
    key = client.cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": key, "url": address}])


def open_console(
    chromium: Windows, address: str, user: User, locale: str, **options: Any
) -> tuple[Page, list[str]]:
    """Return a page of somebody who is logged in, and its faults."""
    page, faults = open_page(chromium, address, locale, **options)
    log_in(page, address, user)
    return page, faults


def picture(page: Page, name: str) -> None:
    """Keep a picture when asked for."""
    if not os.environ.get("CONSOLE_PICTURES"):
        return
    PICTURES.mkdir(parents=True, exist_ok=True)
    # The API documents are taller than a picture may be.
    tall = name.startswith(("swagger", "redoc", "errors", "socket"))
    page.screenshot(path=PICTURES / f"{name}.png", full_page=not tall)


class Walk:
    """Opens pages of the console for somebody: one of each shape in the browser, others by HTTP.

    A page takes half a second of a core in the browser. With ``--all`` it shows every one.
    """

    def __init__(self, is_thorough: bool) -> None:
        self._is_thorough = is_thorough

    def shows(self, page: Page, path: str, picture_name: str) -> None:
        """Open a page in the browser: it fits its width."""
        page.goto(path)
        page.wait_for_load_state("load")
        assert page.viewport_size is not None
        width = page.viewport_size["width"]
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
        picture(page, picture_name)

    def reads(self, page: Page, path: str, picture_name: str) -> None:
        """Open a page of a known shape: it answers, and all that it loads is ours and there."""
        if self._is_thorough:
            self.shows(page, path, picture_name)
        else:
            text = read(page, path)
            assert "</main>" in text, path
            loaded = set(re.findall(r'<(?:script|img)[^>]* src="([^"]+)"', text))
            loaded |= set(re.findall(r'<link[^>]* href="([^"]+)"', text))
            strays = [
                one
                for one in loaded
                if not one.startswith(("/", "data:", "#"))
                or one.startswith("//")
                or (
                    one.startswith(settings.STATIC_URL)
                    and not finders.find(one.removeprefix(settings.STATIC_URL).partition("?")[0])
                )
            ]
            assert strays == [], path


@pytest.fixture
def walk(request: pytest.FixtureRequest) -> Walk:
    """Pages that are opened one after the other."""
    return Walk(request.config.getoption("--all"))


def read(page: Page, path: str) -> str:
    """Return what the person at a page gets from another address, in the same language."""
    client = Client(headers={"Accept-Language": page.evaluate("navigator.language")})
    for one in page.context.cookies():
        client.cookies[one["name"]] = one["value"]
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


_menus_read: WeakKeyDictionary[Page, set[tuple[int, str]]] = WeakKeyDictionary()


def judge(page: Page, name: str) -> None:
    """Keep a picture; the page fits its width and has no fault that axe finds.

    Axe reads a menu once in a window: again when its words differ (another role) or the width.
    """
    page.wait_for_load_state("load")
    picture(page, name)
    assert page.viewport_size is not None
    width = page.viewport_size["width"]
    words = page.evaluate(f"document.querySelector('{MENU}')?.innerText ?? ''")
    menus = _menus_read.setdefault(page, set())
    is_known = bool(words) and (width, words) in menus
    assert breaches(page, {"exclude": [[MENU]]} if is_known else None) == [], name
    menus.add((width, words))
    assert page.evaluate("document.documentElement.scrollWidth") <= width, name
