"""The list of devices: who signs one out, or all others, closes their sockets and no others."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from pytest_django import Settings
from rest_framework.test import APIClient

from clinic.accounts.services.sessions import open_session
from clinic.core.clock import now
from clinic.core.roles import Role
from clinic.realtime.threads import in_thread
from clinic.settings import rules
from tests.cast import Member, make_member
from tests.live import LiveServer, phone

LIST = "/api/v1/auth/sessions"


def device_of(member: Member, name: str) -> Member:
    """Log a member in on one more device."""
    signed_in = open_session(user=member.user, device=name, now=now())
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {signed_in.access_token}")
    actor = replace(member.actor, session_id=signed_in.session.pk)
    return replace(member, client=client, token=signed_in.access_token, actor=actor)


@pytest.mark.parametrize("role", [Role.PATIENT, Role.DOCTOR])
async def test_one_device_then_all_others_are_signed_out_and_cut(
    live_server_ws: LiveServer, ge: Member, run_events: Callable[[], int], role: Role
) -> None:
    here = await in_thread(make_member, "林小月", role)
    lost = await in_thread(device_of, here, "lost phone")
    spare = await in_thread(device_of, here, "tablet")

    async with (
        phone(live_server_ws, here) as own,
        phone(live_server_ws, lost) as first,
        phone(live_server_ws, spare) as second,
        phone(live_server_ws, ge) as stranger,
    ):
        rows = (await in_thread(here.client.get, LIST)).json()["results"]
        gone = next(row["id"] for row in rows if row["device"] == "lost phone")
        refused = await in_thread(ge.client.delete, f"{LIST}/{gone}")
        one = await in_thread(here.client.delete, f"{LIST}/{gone}")
        await in_thread(run_events)
        closed = await first.closed()
        still = (await second.ask(t="ping"))["t"]
        others = await in_thread(here.client.delete, LIST)
        await in_thread(run_events)

        assert (closed, still, await second.closed()) == (4401, "pong", 4401)
        assert (await own.ask(t="ping"))["t"] == (await stranger.ask(t="ping"))["t"] == "pong"

    left = (await in_thread(here.client.get, LIST)).json()["results"]
    answers = [await in_thread(one_of.client.get, "/api/v1/me") for one_of in (lost, spare)]
    assert [row["is_current"] for row in rows] == [False, False, True]
    assert (refused.status_code, one.status_code, others.status_code) == (404, 204, 204)
    assert [row["device"] for row in left] == ["test"]
    assert [answer.status_code for answer in answers] == [401, 401]


async def test_an_open_socket_without_the_second_factor_loses_the_rights_of_staff(
    live_server_ws: LiveServer, bao: Member, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Opened before it was required, as a token from before its owner became staff."""
    monkeypatch.setattr(rules, "SOCKET_SESSION_CHECK_EVERY", timedelta(milliseconds=20))
    async with phone(live_server_ws, bao) as device:
        command = {"t": "unsub", "conv": str(bao.public_id)}
        before = await device.ask(**command)
        settings.SECOND_FACTOR_REQUIRED = True
        await asyncio.sleep(0.2)
        after = await device.ask(**command)

    assert (before["t"], after["code"]) == ("ok", "forbidden")
