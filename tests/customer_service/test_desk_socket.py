"""The desk over real sockets: each change reaches those it concerns, notes never a customer."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from redis.exceptions import ConnectionError as RedisConnectionError

from clinic.core.cache import CountingClient
from clinic.customer_service.models import ServiceChat
from clinic.customer_service.services.agents import set_status
from clinic.realtime.threads import in_thread
from tests.cast import Member
from tests.customer_service.conftest import AgentMember, asked, make_agent, make_team
from tests.customer_service.desk import get, post, say
from tests.live import LiveServer, phone


@pytest.fixture
def mine(live_server_ws: LiveServer) -> AgentMember:
    """An agent of the default team."""
    return make_agent("包青", team=make_team())


@pytest.fixture
def colleague(mine: AgentMember) -> AgentMember:
    """Another one, who takes no chats by himself."""
    return make_agent("唐果", status="busy", team=make_team())


@pytest.fixture
def stranger(mine: AgentMember) -> AgentMember:
    """An agent of another team."""
    return make_agent("罗真", status="busy", team=make_team("billing"))


def _desk_frames(device: Any, name: str) -> list[dict[str, Any]]:
    return [frame for frame in device.heard if frame["t"] == name]


async def test_a_new_chat_falls_into_the_lists_of_its_team_alone(
    live_server_ws: LiveServer,
    mine: AgentMember,
    colleague: AgentMember,
    stranger: AgentMember,
    lin: Member,
) -> None:
    async with (
        phone(live_server_ws, mine.member) as a,
        phone(live_server_ws, colleague.member) as b,
        phone(live_server_ws, stranger.member) as c,
    ):
        chat = await in_thread(asked, lin)
        seen = await a.hear("desk_chat", chat=str(chat.public_id))
        also = await b.hear("desk_chat", chat=str(chat.public_id))
        load = await b.hear("desk_agent", agent=str(mine.agent.public_id), load=1)
        await c.silence()

    assert seen["row"]["customer"]["name"] == "林*月"
    assert "drafting" not in seen["row"]
    assert also["gone"] is False
    assert load["max"] == 5
    assert _desk_frames(c, "desk_chat") == []


async def test_a_row_is_pushed_in_the_reader_s_language(
    live_server_ws: LiveServer, mine: AgentMember, lin: Member
) -> None:
    english = {"Accept-Language": "en"}
    async with phone(live_server_ws, mine.member, additional_headers=english) as a:
        await in_thread(asked, lin)
        assert (await a.hear("desk_chat"))["row"]["team"]["name"] == "General"


async def test_a_chat_that_went_to_another_team_is_gone_from_the_old_one(
    live_server_ws: LiveServer,
    mine: AgentMember,
    colleague: AgentMember,
    stranger: AgentMember,
    lin: Member,
) -> None:
    chat = await in_thread(asked, lin)
    team = await in_thread(make_team, "billing")
    async with (
        phone(live_server_ws, mine.member) as a,
        phone(live_server_ws, colleague.member) as b,
        phone(live_server_ws, stranger.member) as c,
    ):
        moved = await a.ask(
            t="desk_transfer", chat=chat.public_id, to="team", target=team.public_id, note="请接手"
        )
        gone = await b.hear("desk_chat", chat=str(chat.public_id), gone=True)
        came = await c.hear("desk_chat", chat=str(chat.public_id), gone=False)

    assert (moved["t"], moved["state"]) == ("ok", "waiting")
    assert gone["row"] is None
    assert (came["row"]["team"]["code"], came["row"]["notes"]) == ("billing", 1)


async def test_a_note_is_pushed_to_agents_and_never_to_the_customer(
    live_server_ws: LiveServer, mine: AgentMember, colleague: AgentMember, lin: Member
) -> None:
    secret = "内部机密备注"
    chat = await in_thread(asked, lin)
    async with (
        phone(live_server_ws, lin) as customer,
        phone(live_server_ws, mine.member) as a,
        phone(live_server_ws, colleague.member) as b,
    ):
        written = await a.ask(t="desk_note", chat=chat.public_id, body=secret)
        heard = await b.hear("desk_note", chat=str(chat.public_id))
        await customer.say(t="hello", resume={str(chat.conversation.public_id): 0})
        await customer.hear("sync")
        await customer.ask(t="sync", conv=chat.conversation.public_id, after=0)
        await in_thread(say, mine, chat, "您好")
        told = await customer.hear("msg")
        refused = await customer.ask(t="desk_note", chat=chat.public_id, body="x")
        await customer.silence()

    assert (written["t"], written["number"]) == ("ok", 1)
    assert (heard["note"]["body"], heard["note"]["author"]["name"]) == (secret, "小包")
    assert secret not in str(customer.heard)
    assert _desk_frames(customer, "desk_note") == []
    # Numbers have no gap: greeting, joined, and the agent's word right after them.
    assert told["seq"] == await in_thread(_last_seq, chat)
    assert refused["code"] == "forbidden"


def _last_seq(chat: ServiceChat) -> int:
    numbers = list(chat.conversation.messages.order_by("seq").values_list("seq", flat=True))
    assert numbers == list(range(1, len(numbers) + 1))
    return numbers[-1]


async def test_what_a_customer_writes_shows_in_the_colleagues_rows(
    live_server_ws: LiveServer, mine: AgentMember, colleague: AgentMember, lin: Member
) -> None:
    chat = await in_thread(asked, lin)
    async with phone(live_server_ws, colleague.member) as b:
        await in_thread(say, lin, chat, "退款到了吗")
        frame = await b.hear("desk_chat", chat=str(chat.public_id))

    assert frame["row"]["last_message"]["body"] == "退款到了吗"
    assert frame["row"]["unread"] == 1


async def test_commands_answer_and_refuse_like_the_addresses(
    live_server_ws: LiveServer,
    mine: AgentMember,
    colleague: AgentMember,
    stranger: AgentMember,
    lin: Member,
) -> None:
    await in_thread(set_status, mine.agent.pk, "busy", by=mine.actor)
    chat = await in_thread(asked, lin)
    async with (
        phone(live_server_ws, mine.member) as a,
        phone(live_server_ws, colleague.member) as b,
        phone(live_server_ws, stranger.member) as c,
    ):
        away = await a.ask(t="desk_status", status="offline")
        back = await a.ask(t="desk_status", status="busy")
        taken = await a.ask(t="desk_take", chat=chat.public_id)
        late = await b.ask(t="desk_take", chat=chat.public_id)
        unseen = [
            await c.ask(t=name, chat=chat.public_id, **told)
            for name, told in (
                ("desk_take", {}),
                ("desk_note", {"body": "x"}),
                ("desk_viewing", {"state": "viewing"}),
                ("desk_transfer", {"to": "queue"}),
                ("desk_end", {}),
            )
        ]
        ended = await a.ask(t="desk_end", chat=chat.public_id, reason="已解决")

    assert (away["status"], back["status"]) == ("offline", "busy")
    assert (taken["t"], taken["state"]) == ("ok", "active")
    assert late["code"] == "chat_taken"
    assert {answer["code"] for answer in unseen} == {"not_found"}
    assert ended["state"] == "ended"


async def test_staff_without_a_place_at_the_desk_is_told_so(
    live_server_ws: LiveServer, bao: Member
) -> None:
    async with phone(live_server_ws, bao) as device:
        answer = await device.ask(t="desk_status", status="online")

    assert answer["code"] == "not_an_agent"


async def test_colleagues_see_who_looks_at_a_chat(
    live_server_ws: LiveServer, mine: AgentMember, colleague: AgentMember, lin: Member
) -> None:
    chat = await in_thread(asked, lin)
    async with (
        phone(live_server_ws, mine.member) as a,
        phone(live_server_ws, colleague.member) as b,
    ):
        await a.ask(t="desk_viewing", chat=chat.public_id, state="viewing")
        frame = await b.hear("desk_viewing", chat=str(chat.public_id))
        others = await b.ask(t="desk_viewing", chat=chat.public_id, state="replying")

    assert (frame["agent"]["name"], frame["state"]) == ("小包", "viewing")
    assert [one["agent"]["name"] for one in others["viewing"]] == ["小包"]
    assert _desk_frames(a, "desk_viewing") == []


@pytest.fixture
def no_cache(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A Redis that nobody reaches."""

    def fail(*_args: Any, **_fields: Any) -> None:
        raise RedisConnectionError

    for name in ("get", "set", "add", "delete", "get_many"):
        monkeypatch.setattr(CountingClient, name, fail)
    yield
    cache._closed_until = 0.0


@pytest.mark.django_db
@pytest.mark.usefixtures("no_cache")
def test_without_redis_the_desk_goes_on(agent: AgentMember, lin: Member) -> None:
    chat = asked(lin)
    colleague = make_agent("唐果")

    seen = post(agent, f"chats/{chat.public_id}/viewing", {"state": "viewing"})
    read = get(colleague, f"chats/{chat.public_id}")

    assert (seen.status_code, read.status_code) == (200, 200)
