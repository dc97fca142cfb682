"""What a customer and the desk see on their sockets while a chat is silent and ends."""

from datetime import timedelta

import pytest

from chat.services.messages import send_message
from clinic.core.clock import now
from clinic.customer_service.models import ServiceChat
from clinic.customer_service.services.agents import set_status
from clinic.customer_service.services.idling import run_idle_rule
from clinic.realtime.threads import in_thread
from tests.cast import Member
from tests.customer_service.conftest import AgentMember, asked
from tests.live import LiveServer, phone

pytestmark = pytest.mark.django_db(transaction=True)


def say(member: Member, chat: ServiceChat, text: str) -> None:
    """Say something in the chat."""
    send_message(
        actor=member.actor,
        conversation_public_id=chat.conversation.public_id,
        client_id=text,
        kind="text",
        body=text,
    )


def later(seconds: int) -> dict[str, int]:
    """Run the idle rule as if so many seconds had passed."""
    return run_idle_rule(now() + timedelta(seconds=seconds))


async def test_a_silent_customer_sees_the_warning_and_the_end(
    live_server_ws: LiveServer, agent: AgentMember, lin: Member
) -> None:
    chat = await in_thread(asked, lin)
    await in_thread(say, agent.member, chat, "您好")
    await in_thread(later, 0)

    async with phone(live_server_ws, lin) as device, phone(live_server_ws, agent.member) as desk:
        await in_thread(later, 30)
        await in_thread(later, 61)
        warning = await device.hear("idle_warn")
        assert warning["chat"] == str(chat.public_id)
        assert warning["conv"] == str(chat.conversation.public_id)
        await in_thread(later, 100)
        await in_thread(later, 130)
        for socket in (device, desk):
            end = await socket.hear("ended")
            assert (end["reason"], end["can_rate"]) == ("idle", True)
        refused = await device.ask(
            t="send", conv=str(chat.conversation.public_id), cid="9", kind="text", body="还在"
        )
        assert refused["code"] == "writing_closed"


async def test_a_silent_agent_is_reminded(
    live_server_ws: LiveServer, agent: AgentMember, lin: Member
) -> None:
    chat = await in_thread(asked, lin)
    await in_thread(say, lin, chat, "在吗")

    async with phone(live_server_ws, agent.member) as desk:
        await in_thread(later, 60)
        alarm = await desk.hear("desk_alarm")
        assert (alarm["chat"], alarm["kind"]) == (str(chat.public_id), "agent_silent")


async def test_a_customer_whose_agent_is_gone_sees_that_he_waits_again(
    live_server_ws: LiveServer, agent: AgentMember, lin: Member
) -> None:
    chat = await in_thread(asked, lin)

    async with phone(live_server_ws, lin) as device:
        await in_thread(set_status, agent.agent.pk, "offline", by=agent.actor)
        frame = await device.hear("service")
        assert (frame["chat"], frame["state"]) == (str(chat.public_id), "waiting")
        assert (frame["agent"], frame["reason"]) == (None, "agent_lost")
        assert await device.hear("msg", code="agent_changed")


async def test_an_open_socket_is_a_sign_of_life(
    live_server_ws: LiveServer, agent: AgentMember
) -> None:
    before = (await in_thread(lambda: agent.row)).heartbeat_at
    assert before is not None

    async with phone(live_server_ws, agent.member):
        after = (await in_thread(lambda: agent.row)).heartbeat_at

    assert after is not None
    assert after > before
