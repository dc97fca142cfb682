"""Who may open a socket, and how an open one ends when he may no longer."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from rest_framework.test import APIClient
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from clinic.accounts.events import SessionRevoked
from clinic.accounts.models import DeviceSession
from clinic.accounts.tokens import issue_access
from clinic.core.clock import now
from clinic.core.errors import NotAuthenticatedError
from clinic.realtime.handlers import close_sockets_of_session
from clinic.realtime.models import SocketTicket
from clinic.realtime.services import admit_by_ticket
from clinic.realtime.threads import in_thread
from clinic.settings import rules
from tests.cast import Member
from tests.live import LiveServer, Phone, phone


async def _code(server: LiveServer, query: str = "", **options: Any) -> int:
    async with connect(server.socket_url + query, **options) as link:
        return await Phone(link).closed()


def _ticket(member: Member) -> str:
    answer = member.client.post("/api/v1/ws/ticket")
    assert (answer.status_code, answer.json()["expires_in"]) == (201, 30)
    return str(answer.json()["ticket"])


def _soon_expired(member: Member) -> str:
    session = DeviceSession.objects.get(user=member.user)
    made = now() - rules.ACCESS_TOKEN_LIFE + timedelta(seconds=2)
    return issue_access(member.public_id, session.public_id, made)


async def test_a_ticket_opens_one_socket(live_server_ws: LiveServer, lin: Member) -> None:
    ticket = await in_thread(_ticket, lin)
    stored = await in_thread(SocketTicket.objects.get)

    async with connect(f"{live_server_ws.socket_url}?ticket={ticket}") as link:
        welcome = await Phone(link).hear("welcome")
    again = await _code(live_server_ws, f"?ticket={ticket}")

    assert welcome["user"] == str(lin.public_id)
    assert ticket not in stored.token_hash
    assert again == 4401


async def test_one_ticket_never_opens_two_sockets_at_once(
    live_server_ws: LiveServer, lin: Member
) -> None:
    ticket = await in_thread(_ticket, lin)

    async def outcome() -> bool:
        async with connect(f"{live_server_ws.socket_url}?ticket={ticket}") as link:
            device = Phone(link)
            try:
                await device.hear("welcome")
            except ConnectionClosed:
                return False
            return True

    assert sum(await asyncio.gather(*(outcome() for _ in range(4)))) == 1


@pytest.mark.django_db
def test_a_ticket_is_dead_after_30_seconds(lin: Member) -> None:
    with time_machine.travel(now(), tick=False) as clock:
        ticket = _ticket(lin)
        clock.shift(timedelta(seconds=31))
        with pytest.raises(NotAuthenticatedError):
            admit_by_ticket(ticket)


@pytest.mark.django_db
def test_nobody_gets_a_ticket_without_login(anonymous: APIClient) -> None:
    assert anonymous.post("/api/v1/ws/ticket").status_code == 401


@pytest.mark.parametrize(
    "protocols",
    [None, ["clinic.v1"], ["clinic.v1", "bearer.a.b.c"], ["bearer.x", "clinic.v1"]],
)
async def test_without_a_good_token_the_socket_is_closed_with_4401(
    live_server_ws: LiveServer, protocols: list[str] | None
) -> None:
    assert await _code(live_server_ws, **({"subprotocols": protocols} if protocols else {})) == 4401


@pytest.mark.parametrize("query", ["?ticket=", "?ticket=x", "?ticket=%00", "?ticket=a&ticket=b"])
async def test_without_a_good_ticket_the_socket_is_closed_with_4401(
    live_server_ws: LiveServer, query: str
) -> None:
    assert await _code(live_server_ws, query) == 4401


async def test_the_token_is_never_echoed(live_server_ws: LiveServer, lin: Member) -> None:
    async with phone(live_server_ws, lin) as device:
        assert device.link.subprotocol == "clinic.v1"


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1.evil.cn"])
async def test_a_foreign_page_cannot_open_a_socket(
    live_server_ws: LiveServer, lin: Member, origin: str
) -> None:
    with pytest.raises(InvalidStatus):
        await _code(
            live_server_ws,
            subprotocols=["clinic.v1", f"bearer.{lin.token}"],
            additional_headers={"Origin": origin},
        )


async def test_our_own_page_can_open_a_socket(live_server_ws: LiveServer, lin: Member) -> None:
    origin = {"Origin": live_server_ws.http_url}
    async with phone(live_server_ws, lin, additional_headers=origin) as device:
        assert (await device.ask(t="ping"))["t"] == "pong"


async def test_other_paths_are_refused(live_server_ws: LiveServer) -> None:
    with pytest.raises(InvalidStatus):
        async with connect(f"ws://127.0.0.1:{live_server_ws.port}/ws/v2/"):
            pass


async def test_a_revoked_session_closes_its_sockets_and_no_others(
    live_server_ws: LiveServer, lin: Member, ge: Member
) -> None:
    async with phone(live_server_ws, lin) as a, phone(live_server_ws, ge) as other:
        fact = SessionRevoked(session_id=lin.actor.session_id or 0, user_public_id=lin.public_id)
        await in_thread(close_sockets_of_session, fact)
        assert await a.closed() == 4401
        assert (await other.ask(t="ping"))["t"] == "pong"


async def test_who_logs_out_closes_his_open_socket_and_no_other(
    live_server_ws: LiveServer, lin: Member, ge: Member, run_events: Callable[[], int]
) -> None:
    async with phone(live_server_ws, lin) as a, phone(live_server_ws, ge) as other:
        answer = await in_thread(lin.client.post, "/api/v1/auth/logout")
        await in_thread(run_events)

        assert answer.status_code == 204
        assert await a.closed() == 4401
        assert (await other.ask(t="ping"))["t"] == "pong"
    protocols = ["clinic.v1", f"bearer.{lin.token}"]
    assert await _code(live_server_ws, subprotocols=protocols) == 4401


async def test_a_revocation_that_no_event_told_is_found(
    live_server_ws: LiveServer, lin: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, "SOCKET_SESSION_CHECK_EVERY", timedelta(seconds=0.1))
    async with phone(live_server_ws, lin) as a:
        await in_thread(
            DeviceSession.objects.filter(user=lin.user).update,
            revoked_at=now(),
            revoked_why="logged_out",
        )
        assert await a.closed() == 4401


async def test_an_expired_token_closes_the_socket_unless_a_fresh_one_comes(
    live_server_ws: LiveServer, lin: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, "SOCKET_TICK", timedelta(seconds=0.1))
    old = await in_thread(_soon_expired, lin)
    protocols = ["clinic.v1", f"bearer.{old}"]
    async with phone(live_server_ws, lin, subprotocols=protocols) as stays:
        async with phone(live_server_ws, lin, subprotocols=protocols) as goes:
            renewed = await stays.ask(t="auth", token=lin.token)
            assert await goes.closed() == 4401
        assert renewed["expires_at"] > now().timestamp() + 60
        assert (await stays.ask(t="ping"))["t"] == "pong"


async def test_nobody_can_hand_in_another_s_token(
    live_server_ws: LiveServer, lin: Member, ge: Member
) -> None:
    async with phone(live_server_ws, lin) as a:
        assert (await a.ask(t="auth", token=ge.token))["code"] == "not_authenticated"
        assert (await a.ask(t="auth", token="x"))["code"] == "not_authenticated"


async def test_the_eleventh_socket_closes_the_oldest(
    live_server_ws: LiveServer, lin: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, "SOCKETS_PER_USER", 2)
    async with (
        phone(live_server_ws, lin) as oldest,
        phone(live_server_ws, lin) as older,
        phone(live_server_ws, lin) as newest,
    ):
        assert await oldest.closed() == 4409
        assert (await older.ask(t="ping"))["t"] == "pong"
        assert (await newest.ask(t="ping"))["t"] == "pong"


async def test_a_full_process_sends_away(
    live_server_ws: LiveServer, lin: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, "SOCKETS_PER_PROCESS", 1)
    protocols = ["clinic.v1", f"bearer.{lin.token}"]
    async with phone(live_server_ws, lin):
        assert await _code(live_server_ws, subprotocols=protocols) == 4503


async def test_a_stopping_server_closes_with_1012(live_server_ws: LiveServer, lin: Member) -> None:
    async with phone(live_server_ws, lin) as a:
        live_server_ws.stop()
        assert await a.closed() == 1012
