"""What the desk withstands: hostile words, lost events, a sweep that slept, Redis away."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from redis.exceptions import ConnectionError as RedisConnectionError

from clinic.core.clock import now
from clinic.core.models import OutboxEvent
from clinic.core.roles import Role
from clinic.customer_service.enums import ChatState
from clinic.customer_service.models import Agent, ServiceChat, Team
from clinic.customer_service.services.sweeping import sweep
from clinic.realtime import publisher
from tests.cast import Member, make_member
from tests.console.conftest import browser
from tests.customer_service.conftest import (
    AgentMember,
    ask,
    asked,
    fresh,
    make_agent,
    make_customers,
)
from tests.customer_service.desk import get, make_admin, post, say

pytestmark = pytest.mark.django_db
HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>"


@pytest.fixture
def hostile(agent: AgentMember) -> ServiceChat:
    """A chat whose customer has markup for a name and writes markup."""
    customer = make_member(HOSTILE[:50], Role.PATIENT)
    chat = asked(customer)
    say(customer, chat, HOSTILE)
    post(agent, f"chats/{chat.public_id}/notes", {"body": HOSTILE})
    post(agent, f"chats/{chat.public_id}/transfer", {"to": "queue", "reason": HOSTILE})
    return chat


@pytest.mark.parametrize("part", ["", "/messages", "/context", "/notes"])
def test_markup_leaves_the_desk_s_addresses_as_text(
    agent: AgentMember, hostile: ServiceChat, part: str
) -> None:
    answer = get(agent, f"chats/{hostile.public_id}{part}")

    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/json"
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_a_message_is_returned_as_it_was_written(
    agent: AgentMember, hostile: ServiceChat, lin: Member
) -> None:
    thread = get(agent, f"chats/{hostile.public_id}/messages").json()["messages"]
    rows = get(agent, "chats", tab="waiting").json()["results"]

    assert HOSTILE in [message["body"] for message in thread]
    assert [row["id"] for row in rows] == [str(hostile.public_id)]


@pytest.mark.parametrize("page", ["servicechat/", "servicechat/{pk}/change/"])
def test_the_console_shows_markup_as_text(hostile: ServiceChat, an: Member, page: str) -> None:
    Agent.objects.update(nickname="<b>小包</b>"[:20])

    shown = _console(an).get(f"/admin/customer_service/{page.format(pk=hostile.pk)}", follow=True)

    assert shown.status_code == 200
    text = shown.content.decode()
    assert "<script>alert(1)" not in text
    assert "<b>小包" not in text
    assert "onerror=alert" not in text.replace("&lt;img src=x onerror=alert", "")


def test_a_queue_that_no_event_told_of_is_served_by_the_sweep(team: Team) -> None:
    chats = [asked(customer) for customer in make_customers(3)]
    make_agent(team=team, places=2)
    OutboxEvent.objects.update(pending=[])

    sweep()

    assert [fresh(chat).state for chat in chats] == ["active", "active", "waiting"]


def test_without_redis_customers_are_served_and_talk(
    lin: Member, agent: AgentMember, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> Any:
        raise RedisConnectionError

    monkeypatch.setattr(publisher, "channel_layer", broken)
    opening = ask(lin, note="在吗？")
    assert opening.chat is not None
    say(agent, opening.chat, "在的")
    ended = lin.client.post(f"/api/v1/service/chats/{opening.chat.public_id}/end")

    assert opening.status == "active"
    assert ended.json()["state"] == "ended"


def test_a_sweep_that_slept_ends_only_who_was_warned_long_enough_while_it_ran(
    team: Team, breaches: Callable[[], list[str]]
) -> None:
    agent = make_agent(team=team, places=20)
    chats = [asked(customer) for customer in make_customers(10)]
    for chat in chats:
        say(agent, chat, "还有什么可以帮您？")
    sweep()

    states = []
    slept = now() + timedelta(minutes=30)
    for seconds in (0, 15, 45, 75):
        moment = slept + timedelta(seconds=seconds)
        Agent.objects.update(heartbeat_at=moment)
        with time_machine.travel(moment, tick=False):
            sweep()
        rows = ServiceChat.objects.all()
        warned = rows.filter(warned_at__isnull=False, state=ChatState.ACTIVE).count()
        states.append((warned, rows.filter(state=ChatState.ENDED).count()))

    assert states == [(10, 0), (10, 0), (10, 0), (0, 10)]
    assert breaches() == []


def _console(an: Member) -> Client:
    return browser(make_admin(an).user)
