"""The chat over real sockets: between members, over reconnects, with lost pushes, without Redis."""

import asyncio
import json
import uuid
from datetime import timedelta
from typing import Any

import pytest
from redis.exceptions import ConnectionError as RedisConnectionError

from chat.models import Conversation, Message
from chat.selectors.invariants import chat_breaches
from chat.services.conversations import MemberSpec, open_conversation, remove_member
from chat.services.messages import post_system_message, send_message
from chat.services.watermarks import mark
from clinic.realtime import publisher
from clinic.realtime.frames import Push
from clinic.realtime.push import push_on_commit
from clinic.realtime.socket import Socket
from clinic.realtime.threads import in_thread
from clinic.settings import rules
from tests.cast import Member
from tests.chat.conftest import TOPIC
from tests.live import LiveServer, Phone, phone


async def _store(who: Member, talk: Conversation, body: str) -> None:
    await in_thread(
        send_message,
        actor=who.actor,
        conversation_public_id=talk.public_id,
        client_id=uuid.uuid4().hex,
        kind="text",
        body=body,
    )


async def _send(device: Phone, talk: Conversation, body: str, **fields: Any) -> dict[str, Any]:
    cid = fields.pop("cid", uuid.uuid4().hex)
    return await device.ask(t="send", conv=talk.public_id, cid=cid, body=body, **fields)


async def test_two_members_talk_and_see_delivery_and_reading(
    live_server_ws: LiveServer, lin: Member, mo: Member, talk: Conversation
) -> None:
    async with phone(live_server_ws, lin) as a, phone(live_server_ws, mo) as b:
        sent = await _send(a, talk, "头痛三天了", cid="a1")
        got = await b.hear("msg")
        await b.say(t="ack", conv=talk.public_id, seq=1)
        delivered = await a.hear("receipt", user=str(mo.public_id))
        await b.say(t="read", conv=talk.public_id, seq=1)
        read = await a.hear("receipt", read=1, user=str(mo.public_id))
        await b.say(t="typing", conv=talk.public_id)
        typing = await a.hear("typing")

    assert (sent["t"], sent["seq"], sent["duplicate"], sent["cid"]) == ("ok", 1, False, "a1")
    assert (got["body"], got["seq"], got["sender"]) == ("头痛三天了", 1, str(lin.public_id))
    assert (delivered["delivered"], delivered["read"], read["read"]) == (1, 0, 1)
    assert (typing["user"], typing["on"]) == (str(mo.public_id), True)


async def test_the_sender_s_other_device_gets_the_message_and_his_own_only_the_answer(
    live_server_ws: LiveServer, lin: Member, talk: Conversation
) -> None:
    async with phone(live_server_ws, lin) as a, phone(live_server_ws, lin) as other:
        await _send(a, talk, "hi")
        assert (await other.hear("msg"))["body"] == "hi"
        assert [frame["t"] for frame in await a.silence()] == []


async def test_a_message_by_http_reaches_the_sockets(
    live_server_ws: LiveServer, lin: Member, mo: Member, talk: Conversation
) -> None:
    async with phone(live_server_ws, mo) as b:
        await _store(lin, talk, "by http")
        await in_thread(
            post_system_message, topic=TOPIC, code="doctor_accepted", params={"doctor": "Mo"}
        )
        assert [(await b.hear("msg"))["seq"] for _ in range(2)] == [1, 2]


async def test_a_system_message_is_pushed_in_the_socket_s_language(
    live_server_ws: LiveServer, lin: Member, talk: Conversation
) -> None:
    async with phone(live_server_ws, lin, additional_headers={"Accept-Language": "en"}) as a:
        await in_thread(
            post_system_message, topic=TOPIC, code="doctor_accepted", params={"doctor": "Mo"}
        )
        assert (await a.hear("msg"))["body"] == "Doctor Mo has accepted the consultation."


async def test_after_a_reconnect_everything_missed_comes_in_order(
    live_server_ws: LiveServer, lin: Member, mo: Member, talk: Conversation
) -> None:
    async with phone(live_server_ws, mo) as b:
        await _store(lin, talk, "1")
        assert (await b.hear("msg"))["seq"] == 1
    for body in ("2", "3", "4"):
        await _store(lin, talk, body)

    async with phone(live_server_ws, mo) as b:
        await b.say(t="hello", device="test", resume={str(talk.public_id): 1})
        missed = await b.hear("sync")
        await _store(lin, talk, "5")
        assert (await b.hear("msg"))["seq"] == 5

    assert [m["body"] for m in missed["messages"]] == ["2", "3", "4"]
    assert (missed["last_seq"], missed["more"]) == (4, False)


async def test_a_slow_reader_is_closed_and_finds_everything_when_he_is_back(
    live_server_ws: LiveServer,
    lin: Member,
    mo: Member,
    talk: Conversation,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(rules, "SOCKET_QUEUE_FRAMES", 40)
    bodies = [str(n) for n in range(10)]
    async with phone(live_server_ws, mo, max_queue=1) as slow:
        for body in bodies[:5]:
            await _store(lin, talk, body)
        await in_thread(_push_more_than_the_buffers_hold, mo)
        for body in bodies[5:]:
            await _store(lin, talk, body)
        code = await slow.closed()
    had = [frame for frame in slow.heard if frame["t"] == "msg"]

    async with phone(live_server_ws, mo) as b:
        await b.say(t="hello", device="test", resume={str(talk.public_id): had[-1]["rev"]})
        missed = (await b.hear("sync"))["messages"]

    assert code == 4408
    assert 0 < len(had) < len(bodies)
    assert [message["body"] for message in [*had, *missed]] == bodies


def _push_more_than_the_buffers_hold(who: Member) -> None:
    for _ in range(50):
        push_on_commit([who.public_id], {"t": "err", "code": "x" * 20_000, "msg": ""})


async def test_a_resend_after_a_lost_answer_is_recognised(
    live_server_ws: LiveServer, lin: Member, mo: Member, talk: Conversation
) -> None:
    async with phone(live_server_ws, mo) as b:
        async with phone(live_server_ws, lin) as a:
            await a.say(t="send", conv=talk.public_id, cid="a1", body="once")
            await b.hear("msg")
        async with phone(live_server_ws, lin) as a:
            again = await _send(a, talk, "once", cid="a1")
            conflict = await _send(a, talk, "twice", cid="a1")
        assert await b.silence() == [] or all(f["t"] != "msg" for f in b.heard)

    assert (again["seq"], again["duplicate"]) == (1, True)
    assert (conflict["t"], conflict["code"]) == ("err", "cid_conflict")
    assert await in_thread(Message.objects.count) == 1


async def test_a_lost_push_is_filled_by_the_next_message(
    live_server_ws: LiveServer,
    lin: Member,
    mo: Member,
    talk: Conversation,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with phone(live_server_ws, mo) as b:
        with monkeypatch.context() as broken:
            broken.setattr(Socket, "take", lambda _socket, _push: None)
            await _store(lin, talk, "lost")
            await b.silence()
        await _store(lin, talk, "found")
        missed = await b.hear("sync")

    assert [m["body"] for m in missed["messages"]] == ["lost", "found"]


async def test_the_positioner_fills_the_last_message_when_its_push_is_lost(
    live_server_ws: LiveServer,
    lin: Member,
    mo: Member,
    talk: Conversation,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(rules, "POSITIONER_EVERY", timedelta(seconds=0.1))
    async with phone(live_server_ws, mo) as b:
        monkeypatch.setattr(Socket, "take", lambda _socket, _push: None)
        await _store(lin, talk, "lost for ever")
        missed = await b.hear("sync")

    assert [m["body"] for m in missed["messages"]] == ["lost for ever"]


async def test_the_positioner_finds_a_conversation_that_was_opened_meanwhile(
    live_server_ws: LiveServer,
    lin: Member,
    mo: Member,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(rules, "POSITIONER_EVERY", timedelta(seconds=0.1))
    async with phone(live_server_ws, mo) as b:
        monkeypatch.setattr(Socket, "take", lambda _socket, _push: None)
        seats = [MemberSpec(lin.user.pk, "patient"), MemberSpec(mo.user.pk, "doctor")]
        talk = await in_thread(
            open_conversation, kind="consultation", topic="consultation:new", members=seats
        )
        await _store(lin, talk, "hello?")
        missed = await b.hear("sync")

    assert [m["body"] for m in missed["messages"]] == ["hello?"]


async def test_messages_out_of_order_are_put_right(
    live_server_ws: LiveServer, lin: Member, mo: Member, talk: Conversation
) -> None:
    async with phone(live_server_ws, mo) as b:
        late = Push((mo.public_id.hex,), {"": '{"t":"msg","seq":1,"body":"late"}'}, _key(talk), 2)
        publisher.current_publisher().offer([late])
        await _store(lin, talk, "first")
        await _store(lin, talk, "second")
        seqs: list[int] = []
        while seqs[-1:] != [2]:
            frame = await _next_numbered(b)
            seqs += frame
    assert seqs == sorted(set(seqs)) == [1, 2]


def _key(talk: Conversation) -> str:
    return talk.public_id.hex


async def _next_numbered(device: Phone) -> list[int]:
    while True:
        frame = json.loads(await device.link.recv())
        if frame["t"] == "msg":
            return [frame["seq"]]
        if frame["t"] == "sync":
            return [message["seq"] for message in frame["messages"]]


async def test_a_stranger_finds_nothing_over_the_socket(
    live_server_ws: LiveServer, ge: Member, talk: Conversation
) -> None:
    async with phone(live_server_ws, ge) as stranger:
        for frame in (
            {"t": "send", "cid": "1", "body": "x"},
            {"t": "ack", "seq": 1},
            {"t": "read", "seq": 1},
            {"t": "sync", "after": 0},
            {"t": "typing", "on": True},
            {"t": "sub"},
        ):
            for conv in (talk.public_id, uuid.uuid4()):
                answer = await stranger.ask(conv=conv, **frame)
                assert (answer["t"], answer["code"]) == ("err", "not_found"), frame
        await stranger.say(t="hello", resume={str(talk.public_id): 0})
        await asyncio.sleep(0.1)
        assert await stranger.silence() == []


async def test_who_was_removed_can_no_longer_send_on_an_open_socket(
    live_server_ws: LiveServer, lin: Member, mo: Member, talk: Conversation
) -> None:
    async with phone(live_server_ws, mo) as b:
        assert (await _send(b, talk, "still here"))["t"] == "ok"
        await in_thread(remove_member, TOPIC, mo.user.pk)
        assert (await _send(b, talk, "gone"))["code"] == "not_found"
        await _store(lin, talk, "not for you")
        assert all(frame["t"] != "msg" for frame in await b.silence())


async def test_sync_pages_and_an_unfollowed_conversation_is_quiet(
    live_server_ws: LiveServer, lin: Member, mo: Member, talk: Conversation
) -> None:
    for n in range(3):
        await _store(lin, talk, str(n))
    async with phone(live_server_ws, mo) as b:
        page = await b.ask(t="sync", conv=talk.public_id, after=0, limit=2)
        await b.ask(t="unsub", conv=talk.public_id)
        await _store(lin, talk, "quiet")
        quiet = await b.silence()
        state = await b.ask(t="sub", conv=talk.public_id)
        await _store(lin, talk, "loud")
        assert (await b.hear("msg"))["body"] == "loud"

    assert (page["t"], [m["seq"] for m in page["messages"]], page["more"]) == ("sync", [1, 2], True)
    assert quiet == []
    assert state["last_seq"] == 4


async def test_many_senders_at_once_keep_numbers_without_gap_and_lose_nothing(
    live_server_ws: LiveServer,
    lin: Member,
    mo: Member,
    talk: Conversation,
    settings: Any,
) -> None:
    settings.CHAT_SEND_RATE = "1000/m"
    async with phone(live_server_ws, lin) as a, phone(live_server_ws, mo) as b:
        await asyncio.gather(
            *(_flood(device, talk, name, 30) for device, name in ((a, "a"), (b, "b")))
        )
        ours = [frame["seq"] for frame in [*a.heard, *b.heard] if frame["t"] == "ok"]
        theirs = sorted(
            [message["seq"] for frame in [*a.heard, *b.heard] for message in _messages(frame)]
        )

    assert sorted(ours) == theirs == list(range(1, 61))
    assert await in_thread(chat_breaches) == []


async def _flood(device: Phone, talk: Conversation, name: str, count: int) -> None:
    for n in range(count):
        await device.say(t="send", id=n, conv=talk.public_id, cid=f"{name}{n}", body=str(n))
    acked = heard = 0
    while acked < count or heard < count:
        frame = await device.hear_any()
        acked += frame["t"] == "ok"
        heard += len(_messages(frame))


def _messages(frame: dict[str, Any]) -> list[dict[str, Any]]:
    if frame["t"] == "msg":
        return [frame]
    return frame["messages"] if frame["t"] == "sync" else []


async def test_with_redis_away_everything_goes_on(
    live_server_ws: LiveServer,
    lin: Member,
    mo: Member,
    talk: Conversation,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken() -> Any:
        raise RedisConnectionError

    monkeypatch.setattr(publisher, "channel_layer", broken)
    async with phone(live_server_ws, lin) as a, phone(live_server_ws, mo) as b:
        assert (await _send(a, talk, "by socket"))["t"] == "ok"
        assert (await b.hear("msg"))["body"] == "by socket"
        url = f"/api/v1/conversations/{talk.public_id}/messages"
        answer = await in_thread(
            lin.client.post, url, {"cid": "h", "body": "by http"}, format="json"
        )
        assert answer.status_code == 201
        assert (await b.hear("msg"))["body"] == "by http"


async def test_a_push_from_another_process_arrives_over_redis(
    live_server_ws: LiveServer,
    lin: Member,
    mo: Member,
    talk: Conversation,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with phone(live_server_ws, mo) as b:
        await asyncio.sleep(0.1)  # the hub subscribes in the background
        elsewhere = publisher._on_own_thread()
        monkeypatch.setattr("clinic.realtime.push.current_publisher", lambda: elsewhere)
        await _store(lin, talk, "from a worker")
        assert (await b.hear("msg"))["body"] == "from a worker"
        elsewhere.loop.call_soon_threadsafe(elsewhere.loop.stop)


async def test_marks_by_http_reach_the_sockets(
    live_server_ws: LiveServer, lin: Member, mo: Member, talk: Conversation
) -> None:
    await _store(lin, talk, "1")
    async with phone(live_server_ws, lin) as a:
        await in_thread(mark, actor=mo.actor, conversation_public_id=talk.public_id, read=1)
        receipt = await a.hear("receipt")
    assert (receipt["delivered"], receipt["read"]) == (1, 1)
