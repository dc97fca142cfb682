"""Hostile and clumsy clients: a bad frame is answered, a flood is closed, nothing falls over."""

import asyncio
import json
from datetime import timedelta
from typing import Any

import pytest
import yaml
from django.core.management import call_command
from django.db import connection

from clinic.core.roles import Role
from clinic.realtime import registry
from clinic.realtime.enums import CloseCode
from clinic.realtime.fields import Number, Text
from clinic.realtime.push import push_on_commit
from clinic.realtime.registry import COMMANDS, on_heartbeat
from clinic.realtime.socket import Socket
from clinic.realtime.threads import in_thread
from clinic.settings import rules
from tests.cast import Member, make_member
from tests.live import LiveServer, phone

HOSTILE: list[str | bytes] = [
    "",
    "{",
    "null",
    "[]",
    "1",
    '"x"',
    "{}",
    '{"t":null}',
    '{"t":1}',
    '{"t":["send"]}',
    '{"t":{"a":1}}',
    '{"t":"nothing"}',
    '{"t":"__class__"}',
    '{"t":"ping","id":{}}',
    '{"t":"ping","id":1e400}',
    '{"t":"ping","id":"' + "x" * 65 + '"}',
    '{"t":"ping","more":1}',
    '{"t":"send"}',
    '{"t":"send","conv":"x","cid":"1","body":"x"}',
    '{"t":"send","conv":1,"cid":"1","body":"x"}',
    '{"t":"send","conv":"' + "0" * 31 + 'g","cid":"1","body":"x"}',
    '{"t":"send","conv":"00000000-0000-0000-0000-000000000000","cid":[],"body":"x"}',
    '{"t":"send","conv":"00000000-0000-0000-0000-000000000000","cid":"1","body":"a\\u0000b"}',
    '{"t":"send","conv":"00000000-0000-0000-0000-000000000000","cid":"1","body":"\\ud800"}',
    '{"t":"send","conv":"00000000-0000-0000-0000-000000000000","cid":"1","body":"x","kind":7}',
    '{"t":"ack","conv":"00000000-0000-0000-0000-000000000000","seq":-1}',
    '{"t":"ack","conv":"00000000-0000-0000-0000-000000000000","seq":1.5}',
    '{"t":"ack","conv":"00000000-0000-0000-0000-000000000000","seq":true}',
    '{"t":"ack","conv":"00000000-0000-0000-0000-000000000000","seq":99999999999999999999999}',
    '{"t":"sync","conv":"00000000-0000-0000-0000-000000000000","limit":0}',
    '{"t":"sync","conv":"00000000-0000-0000-0000-000000000000","limit":1e9}',
    '{"t":"typing","conv":"00000000-0000-0000-0000-000000000000","on":"yes"}',
    '{"t":"hello","resume":[1]}',
    '{"t":"hello","resume":{"x":1}}',
    '{"t":"hello","resume":{"00000000-0000-0000-0000-000000000000":-1}}',
    '{"t":"hello","language":"xx"}',
    '{"t":"auth","token":5}',
    '{"t":"ping","x":NaN}',
    "[" * 5000,
    '{"a":' * 2000 + "1" + "}" * 2000,
    b"\x00\x01\x02",
    b'{"t":"ping"}',
    "\ufeff{}",
    "香草" * 100,
]


@pytest.fixture
def patient_server(live_server_ws: LiveServer, monkeypatch: pytest.MonkeyPatch) -> LiveServer:
    """A server that forgives any number of bad frames."""
    monkeypatch.setattr(rules, "SOCKET_BAD_FRAMES", 10_000)
    monkeypatch.setattr(rules, "SOCKET_FRAMES_BURST", 10_000)
    return live_server_ws


async def test_every_hostile_frame_is_answered_and_the_socket_lives(
    patient_server: LiveServer, lin: Member
) -> None:
    async with phone(patient_server, lin) as device:
        for text in HOSTILE:
            await device.link.send(text)
            answer = await device.hear_any()
            assert (answer["t"], answer["code"]) == ("err", "bad_frame"), text
        assert (await device.ask(t="ping"))["t"] == "pong"


async def test_unknown_conversations_and_strange_but_legal_frames_do_no_harm(
    patient_server: LiveServer, lin: Member
) -> None:
    zero = "00000000-0000-0000-0000-000000000000"
    async with phone(patient_server, lin) as device:
        for frame in (
            {"t": "send", "conv": zero, "cid": "1", "body": "x" * 6000},
            {"t": "send", "conv": zero, "cid": "1", "body": "x", "extra": {"a": [1]}},
            {"t": "send", "conv": zero, "cid": "1", "body": "x", "kind": "link"},
        ):
            assert (await device.ask(**frame))["code"] == "invalid_input"
        for frame in (
            {"t": "ack", "conv": zero, "seq": 2**31 - 1},
            {"t": "read", "conv": zero, "seq": 0},
            {
                "t": "send",
                "conv": zero,
                "cid": "'; DROP TABLE chat_message; --",
                "body": "%s %(n)s",
            },
            {"t": "sync", "conv": zero, "after": 2**31 - 1},
        ):
            assert (await device.ask(**frame))["code"] == "not_found"
        assert (await device.ask(t="unsub", conv=zero))["t"] == "ok"


async def test_five_bad_frames_within_a_minute_close_the_socket(
    live_server_ws: LiveServer, lin: Member
) -> None:
    async with phone(live_server_ws, lin) as device:
        for _ in range(5):
            await device.link.send("{")
        assert await device.closed() == CloseCode.ABUSE
        assert [frame["code"] for frame in device.heard] == ["bad_frame"] * 5


async def test_a_flood_closes_the_socket(live_server_ws: LiveServer, lin: Member) -> None:
    async with phone(live_server_ws, lin) as device:
        for _ in range(60):
            await device.say(t="ping")
        assert await device.closed() == CloseCode.FLOOD


async def test_a_frame_over_64_kb_closes_the_socket(
    live_server_ws: LiveServer, lin: Member
) -> None:
    async with phone(live_server_ws, lin) as device:
        await device.link.send('{"t":"ping","x":"' + "x" * rules.SOCKET_FRAME_MAX_BYTES + '"}')
        assert await device.closed() == CloseCode.TOO_BIG


async def test_errors_speak_the_socket_s_language(live_server_ws: LiveServer, lin: Member) -> None:
    async with phone(live_server_ws, lin) as device:
        await device.ask(t="hello", language="en")
        answer = await device.ask(t="nothing")
    assert answer["msg"].startswith("This frame cannot be read")
    assert (answer["attr"], answer["fatal"]) == ("t", False)


async def test_a_fault_of_ours_is_answered_and_the_socket_lives(
    live_server_ws: LiveServer, lin: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(_socket: Socket, _values: dict[str, Any]) -> None:
        raise ZeroDivisionError

    command = registry.SocketCommand("broken", "", {}, broken, "", "", "ok", ())
    monkeypatch.setitem(COMMANDS, "broken", command)
    async with phone(live_server_ws, lin) as device:
        assert (await device.ask(t="broken"))["code"] == "server_error"
        assert (await device.ask(t="ping"))["t"] == "pong"


async def test_a_slow_reader_is_closed_and_the_others_are_not(
    patient_server: LiveServer, lin: Member, ge: Member
) -> None:
    def push_a_megabyte() -> None:
        for _ in range(50):
            push_on_commit([lin.public_id], {"t": "err", "code": "x" * 20_000, "msg": ""})

    async with phone(patient_server, lin, max_queue=1) as slow, phone(patient_server, ge) as quick:
        for _ in range(12):
            await in_thread(push_a_megabyte)
            await quick.ask(t="ping")
        assert await slow.closed() == CloseCode.SLOW


async def test_a_silent_socket_is_pinged_then_closed(
    live_server_ws: LiveServer, lin: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, "SOCKET_TICK", timedelta(seconds=0.05))
    monkeypatch.setattr(rules, "SOCKET_PING_AFTER", timedelta(seconds=0.1))
    monkeypatch.setattr(rules, "SOCKET_SILENCE_MAX", timedelta(seconds=0.6))
    async with phone(live_server_ws, lin) as device:
        assert await device.hear("ping") == {"t": "ping"}
        assert await device.closed() == CloseCode.SLOW


async def test_heartbeats_reach_who_watches_presence(
    live_server_ws: LiveServer, lin: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    beats: list[int] = []
    monkeypatch.setattr(registry, "BEATS", registry.BEATS)
    on_heartbeat(Role.DOCTOR)(beats.append)
    monkeypatch.setattr(rules, "SOCKET_BEAT_EVERY", timedelta(seconds=0.1))
    try:
        doctor = await in_thread(make_member, "莫离", Role.DOCTOR)
        async with phone(live_server_ws, doctor), phone(live_server_ws, lin):
            await asyncio.sleep(0.35)
    finally:
        registry.BEATS.pop()

    assert set(beats) == {doctor.user.pk}
    assert len(beats) >= 3


async def test_one_slow_query_does_not_hold_the_other_sockets(
    live_server_ws: LiveServer, lin: Member, ge: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def slow(_socket: Socket, _values: dict[str, Any]) -> None:
        await in_thread(_sleep_in_database)

    command = registry.SocketCommand("slow", "", {}, slow, "", "", "ok", ())
    monkeypatch.setitem(COMMANDS, "slow", command)
    async with phone(live_server_ws, lin) as a, phone(live_server_ws, ge) as b:
        await a.say(t="slow", id=1)
        await b.ask(t="sync", conv="00000000-0000-0000-0000-000000000000")
        assert a.heard == []
        assert (await a.hear("ok"))["id"] == 1


@pytest.fixture
def own_backend(transactional_db: None) -> int:
    """The database process of the test itself."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])


async def test_sockets_outlive_their_database_connections(
    live_server_ws: LiveServer, lin: Member, own_backend: int
) -> None:
    zero = "00000000-0000-0000-0000-000000000000"
    async with phone(live_server_ws, lin) as device:
        for _ in range(2):
            await asyncio.to_thread(_end_other_connections, own_backend)
            for frame in ({"t": "sync"}, {"t": "send", "cid": "1", "body": "x"}, {"t": "sub"}):
                assert (await device.ask(conv=zero, **frame))["code"] == "not_found"


def _end_other_connections(own_backend: int) -> None:
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid NOT IN (pg_backend_pid(), %s)",
                [own_backend],
            )
    finally:
        connection.close()


def _sleep_in_database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(0.5)")


def test_the_document_of_the_socket_is_current(tmp_path: Any) -> None:
    target = tmp_path / "asyncapi.yaml"
    call_command("asyncapi", output=str(target))

    with open("docs/asyncapi.yaml", encoding="utf-8") as stored:  # noqa: PTH123
        assert stored.read() == target.read_text(), "run: manage.py asyncapi"


def test_the_document_names_every_command_and_frame() -> None:
    with open("docs/asyncapi.yaml", encoding="utf-8") as stored:  # noqa: PTH123
        document = yaml.safe_load(stored)

    messages = document["components"]["messages"]
    assert {f"client.{name}" for name in COMMANDS} <= set(messages)
    assert {f"server.{name}" for name in registry.SERVER_FRAMES} <= set(messages)
    assert json.dumps(document)


def test_fields_refuse_what_only_looks_right() -> None:
    for field, value in ((Number(), True), (Number(), 1.0), (Text(max_chars=1), "ab")):
        with pytest.raises(ValueError):  # noqa: PT011 the error names nothing
            field.read(value)
