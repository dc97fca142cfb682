"""The console's cookie opens a socket from pages of ours, and its end closes it."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.contrib.sessions.models import Session
from django.test import Client
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from clinic.accounts.models import User
from clinic.accounts.services.accounts import suspend_account
from clinic.accounts.services.passwords import change_password
from clinic.accounts.services.roles import revoke_role
from clinic.core.clock import now
from clinic.core.roles import Role
from clinic.realtime.logins import Login
from clinic.realtime.threads import in_thread
from clinic.settings import rules
from tests.cast import Member
from tests.live import LiveServer, Phone

COOKIE = django_settings.SESSION_COOKIE_NAME


@pytest.fixture
def browser(bao: Member) -> Client:
    """A browser in which agent Bao is logged in to the console."""
    client = Client()
    client.force_login(bao.user)
    return client


@asynccontextmanager
async def page(server: LiveServer, client: Client, **headers: str) -> AsyncIterator[Phone]:
    """Open a socket as a page of the console does."""
    headers = {"Origin": server.http_url, "Cookie": f"{COOKIE}={_key(client)}", **headers}
    async with connect(server.socket_url, compression=None, additional_headers=headers) as link:
        yield Phone(link)


def _key(client: Client) -> str:
    return str(client.cookies[COOKIE].value)


async def test_the_console_s_cookie_opens_a_socket(
    live_server_ws: LiveServer, browser: Client, bao: Member
) -> None:
    async with page(live_server_ws, browser) as device:
        welcome = await device.hear("welcome")

    assert welcome["user"] == str(bao.public_id)
    assert welcome["expires_at"] > now().timestamp() + 3600


async def test_a_cookie_without_an_origin_is_no_login(
    live_server_ws: LiveServer, browser: Client
) -> None:
    cookie = {"Cookie": f"{COOKIE}={_key(browser)}"}
    async with connect(live_server_ws.socket_url, additional_headers=cookie) as link:
        assert await Phone(link).closed() == 4401


@pytest.mark.parametrize("origin", ["https://evil.example", "null"])
async def test_another_site_s_page_cannot_use_the_cookie(
    live_server_ws: LiveServer, browser: Client, origin: str
) -> None:
    with pytest.raises(InvalidStatus):
        async with page(live_server_ws, browser, Origin=origin):
            pass


@pytest.mark.parametrize("cookie", ["x", "y" * 32, '"\\000abcdefgh"', "a" * 5000, "%00"])
async def test_an_invented_cookie_is_no_login(live_server_ws: LiveServer, cookie: str) -> None:
    headers = {"Origin": live_server_ws.http_url, "Cookie": f"{COOKIE}={cookie}"}
    async with connect(live_server_ws.socket_url, additional_headers=headers) as link:
        assert await Phone(link).closed() == 4401


async def test_a_cookie_in_the_address_is_no_login(
    live_server_ws: LiveServer, browser: Client
) -> None:
    url = f"{live_server_ws.socket_url}?{COOKIE}={_key(browser)}"
    headers = {"Origin": live_server_ws.http_url}
    async with connect(url, additional_headers=headers) as link:
        assert await Phone(link).closed() == 4401


async def test_a_patient_s_cookie_is_no_login(live_server_ws: LiveServer, lin: Member) -> None:
    client = Client()
    await in_thread(client.force_login, lin.user)
    async with page(live_server_ws, client) as device:
        assert await device.closed() == 4401


async def test_an_old_cookie_is_no_login(live_server_ws: LiveServer, browser: Client) -> None:
    await in_thread(Session.objects.update, expire_date=now() - timedelta(seconds=1))
    async with page(live_server_ws, browser) as device:
        assert await device.closed() == 4401


def _log_out(client: Client, bao: Member, an: Member) -> None:
    del bao, an
    client.logout()


def _change_password(client: Client, bao: Member, an: Member) -> None:
    del client, an
    change_password(actor=bao.actor, current="Cast-2026", code=None, new="Other-Word-9", now=now())


def _suspend(client: Client, bao: Member, an: Member) -> None:
    del client
    suspend_account(user_id=bao.user.pk, by=an.actor, now=now(), reason="left")


def _take_role(client: Client, bao: Member, an: Member) -> None:
    del client
    revoke_role(user=bao.user, role=Role.CUSTOMER_SERVICE, by=an.actor)


@pytest.mark.parametrize("end", [_log_out, _change_password, _suspend, _take_role])
async def test_what_ends_the_login_closes_its_sockets_at_once(
    live_server_ws: LiveServer,
    browser: Client,
    bao: Member,
    an: Member,
    run_events: Callable[[], int],
    end: Any,
) -> None:
    async with page(live_server_ws, browser) as device:
        await device.hear("welcome")
        await in_thread(end, browser, bao, an)
        await in_thread(run_events)
        assert await device.closed() == 4401


async def test_logging_out_of_one_browser_leaves_the_other_alone(
    live_server_ws: LiveServer, browser: Client, bao: Member, run_events: Callable[[], int]
) -> None:
    other = Client()
    await in_thread(other.force_login, bao.user)
    async with page(live_server_ws, other) as stays, page(live_server_ws, browser) as goes:
        await in_thread(browser.logout)
        await in_thread(run_events)
        assert await goes.closed() == 4401
        assert (await stays.ask(t="ping"))["t"] == "pong"


@pytest.mark.parametrize(
    "change", [{"is_active": False}, {"is_staff": False}, {"password": "another"}]
)
async def test_an_end_that_no_event_told_is_found(
    live_server_ws: LiveServer,
    browser: Client,
    bao: Member,
    monkeypatch: pytest.MonkeyPatch,
    change: dict[str, Any],
) -> None:
    monkeypatch.setattr(rules, "SOCKET_SESSION_CHECK_EVERY", timedelta(seconds=0.1))
    async with page(live_server_ws, browser) as device:
        await device.hear("welcome")
        assert (await device.ask(t="ping"))["t"] == "pong"
        await in_thread(User.objects.filter(pk=bao.user.pk).update, **change)
        assert await device.closed() == 4401


def test_the_secret_of_the_cookie_shows_nowhere() -> None:
    login = Login(session_key="a" * 32)

    assert "a" * 32 not in repr(login) + login.name
