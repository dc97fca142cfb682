"""What the hub of a process does besides passing pushes on."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from threading import Semaphore

import pytest
from asgiref.sync import async_to_sync
from django.contrib.auth.models import Group

from clinic.core.metrics import PUSH_FAILED
from clinic.core.roles import Role
from clinic.realtime import hub, publisher
from clinic.realtime.feeds import Filling, Want, _NoFeed
from clinic.realtime.frames import Push
from clinic.realtime.threads import in_thread
from clinic.settings import rules
from tests.cast import Member
from tests.live import LiveServer, phone

pytestmark = pytest.mark.django_db(transaction=True)


async def test_a_push_of_another_release_does_not_make_the_hub_deaf(
    live_server_ws: LiveServer, lin: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    def send(pushes: list[list[object]]) -> None:
        message = {"type": "hub.push", "origin": "elsewhere", "pushes": pushes}
        async_to_sync(publisher.channel_layer().group_send)(publisher.GROUP, message)

    async with phone(live_server_ws, lin) as device:
        await asyncio.sleep(0.1)  # the hub subscribes in the background
        await in_thread(send, [["a form", "nobody knows"]])
        await in_thread(send, [[[lin.public_id.hex], {"": '{"t":"pong"}'}, "", 0, 0]])

        assert await device.hear("pong")


async def test_a_push_that_cannot_be_read_takes_no_other_with_it(
    live_server_ws: LiveServer, lin: Member
) -> None:
    users = (lin.public_id.hex,)
    first, last = (Push(users, {"": f'{{"t":"pong","id":{number}}}'}) for number in (1, 2))
    failed = PUSH_FAILED._value.get()

    async with phone(live_server_ws, lin) as device:
        publisher.current_publisher().offer([first, Push(users, {}), last])

        assert [(await device.hear("pong"))["id"] for _ in range(2)] == [1, 2]
    assert PUSH_FAILED._value.get() == failed + 1


async def test_a_gap_that_could_not_be_filled_does_not_hold_its_socket_for_ever(
    live_server_ws: LiveServer, lin: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub, "REORDER_SECONDS", 0.0)
    asked: list[int] = []

    class Feed(_NoFeed):
        def missing(self, wants: Sequence[Want]) -> list[Filling | None]:
            asked.append(len(wants))
            if len(asked) == 1:
                raise KeyError("a fault of the room")
            return [Filling('{"t":"pong"}', 5)]

    monkeypatch.setattr(hub, "current_feed", Feed)
    was_told = Semaphore(0)
    monkeypatch.setattr(hub, "outlived", lambda _work, _error: was_told.release())
    ahead = Push((lin.public_id.hex,), {"": "{}"}, "c1", 5)

    async with phone(live_server_ws, lin) as device:
        publisher.current_publisher().offer([ahead])
        await in_thread(was_told.acquire)
        publisher.current_publisher().offer([ahead])

        assert await device.hear("pong")
    assert asked == [1, 1]


async def test_an_open_socket_learns_of_a_lost_role_without_an_event(
    live_server_ws: LiveServer, bao: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, "SOCKET_SESSION_CHECK_EVERY", timedelta(milliseconds=20))
    async with phone(live_server_ws, bao) as device:
        conversation = {"t": "unsub", "conv": str(bao.public_id), "id": 1}
        assert (await device.ask(**conversation))["t"] == "ok"
        group = await in_thread(Group.objects.get, name=Role.CUSTOMER_SERVICE.value)
        await in_thread(bao.user.groups.remove, group)
        await asyncio.sleep(0.2)

        assert (await device.ask(**conversation))["code"] == "forbidden"
