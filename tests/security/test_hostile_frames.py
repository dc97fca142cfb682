"""Generated hostile frames over a real socket: each is answered, and the server lives on."""

import json
import random
from collections.abc import Iterator
from typing import Any

import httpx2 as httpx
import pytest

from chat.enums import ConversationKind
from chat.models import Conversation
from chat.services.conversations import MemberSpec, open_conversation
from clinic.realtime.registry import COMMANDS
from clinic.realtime.threads import in_thread
from clinic.settings import rules
from tests.cast import Member
from tests.customer_service.conftest import asked, make_agent
from tests.doctors_cast import DoctorMember
from tests.live import LiveServer, Phone, phone
from tests.security import hostile

# A token that is refused ends the socket, as tests/realtime/test_handshake.py proves.
NOT_HERE = {"auth"}
BROKEN_FRAMES = 150


@pytest.fixture
def patient_server(live_server_ws: LiveServer, monkeypatch: pytest.MonkeyPatch) -> LiveServer:
    """A server that forgives any number of bad or fast frames."""
    monkeypatch.setattr(rules, "SOCKET_BAD_FRAMES", 10**6)
    monkeypatch.setattr(rules, "SOCKET_FRAMES_BURST", 10**6)
    return live_server_ws


@pytest.fixture
def talk(lin: Member, shen: DoctorMember) -> Conversation:
    """A conversation of Lin's, so that frames reach the services."""
    return open_conversation(
        kind=ConversationKind.CONSULTATION,
        topic="consultation:hostile",
        members=[MemberSpec(lin.user.pk, "patient"), MemberSpec(shen.user.pk, "doctor")],
    )


@pytest.mark.usefixtures("unlimited")
async def test_hostile_values_in_frames_are_answered_and_never_a_fault(
    patient_server: LiveServer, lin: Member, talk: Conversation
) -> None:
    faults = []
    async with phone(patient_server, lin) as device:
        for frame in _frames(str(talk.public_id)):
            answer = await _answer(device, frame)
            if answer.get("code") == "server_error":
                faults.append(json.dumps(frame)[:200])
        assert (await device.ask(t="ping"))["t"] == "pong"

    assert faults == []
    _is_alive(patient_server)


@pytest.mark.usefixtures("unlimited")
async def test_hostile_values_in_frames_of_the_desk_are_answered_and_never_a_fault(
    patient_server: LiveServer, lin: Member
) -> None:
    agent = await in_thread(make_agent)
    chat = await in_thread(asked, lin)
    faults = []
    async with phone(patient_server, agent.member) as device:
        for frame in _frames(str(chat.public_id)):
            if frame["t"].startswith("desk_"):
                answer = await _answer(device, frame)
                if answer.get("code") == "server_error":
                    faults.append(json.dumps(frame)[:200])
        assert (await device.ask(t="ping"))["t"] == "pong"

    assert faults == []


async def test_broken_frames_are_answered_and_the_server_lives(
    patient_server: LiveServer, lin: Member, talk: Conversation
) -> None:
    good = json.dumps({"t": "send", "conv": str(talk.public_id), "cid": "1", "body": "您好"})
    dice = random.Random(7)
    async with phone(patient_server, lin) as device:
        for _ in range(BROKEN_FRAMES):
            raw = bytearray(good.encode())
            for _ in range(dice.randint(1, 4)):
                raw[dice.randrange(len(raw))] = dice.randrange(256)
            await device.link.send(bytes(raw).decode("utf-8", "replace"))
        assert (await device.ask(t="ping", id="end"))["t"] == "pong"

    codes = {frame.get("code", "") for frame in device.heard}
    assert "bad_frame" in codes
    assert "server_error" not in codes
    _is_alive(patient_server)


def _frames(conversation: str) -> Iterator[dict[str, Any]]:
    for name, command in COMMANDS.items():
        if name in NOT_HERE:
            continue
        whole = {
            field: _good(spec.schema(), conversation) for field, spec in command.schema.items()
        }
        yield {"t": name, **whole}
        yield {"t": name, **whole, **hostile.FORBIDDEN_FIELDS}
        for field in whole:
            yield {"t": name, **{key: value for key, value in whole.items() if key != field}}
            for value in hostile.VALUES:
                yield {"t": name, **whole, field: value}


def _good(schema: dict[str, Any], conversation: str) -> Any:
    if schema.get("format") == "uuid":
        return conversation
    if "enum" in schema:
        return schema["enum"][0]
    kind = schema.get("type")
    kind = kind[0] if isinstance(kind, list) else kind
    by_type = {"integer": max(1, schema.get("minimum", 1)), "boolean": True, "string": "您好"}
    return by_type.get(str(kind), {} if kind == "object" else "您好")


async def _answer(device: Phone, frame: dict[str, Any]) -> dict[str, Any]:
    device.heard.clear()
    return await device.ask(**frame)


def _is_alive(server: LiveServer) -> None:
    assert httpx.get(f"{server.http_url}/health/live").status_code == 200
