"""A customer asks for somebody."""

import pytest
from django.test import override_settings

from clinic.core.errors import RateLimitedError
from clinic.customer_service.models import ChatMove, Handling, ServiceChat, SlaTimer, Team
from tests.cast import Member
from tests.customer_service.conftest import AgentMember, ask, asked, make_agent, make_customers

pytestmark = pytest.mark.django_db


def test_a_free_agent_serves_at_once(lin: Member, agent: AgentMember) -> None:
    opening = ask(lin)

    assert (opening.status, opening.is_new) == ("active", True)
    assert opening.chat is not None
    assert opening.chat.agent == agent.agent
    assert Handling.objects.get().agent == agent.agent
    assert list(ChatMove.objects.order_by("id").values_list("before", "after")) == [
        ("", "waiting"),
        ("waiting", "active"),
    ]
    assert set(SlaTimer.objects.values_list("metric", flat=True)) == {"first_reply", "resolution"}


def test_a_second_asking_returns_the_open_chat(lin: Member, agent: AgentMember) -> None:
    first, second = ask(lin), ask(lin)

    assert second.chat == first.chat
    assert not second.is_new
    assert ServiceChat.objects.count() == 1


def test_without_an_agent_the_customer_waits(lin: Member, team: Team) -> None:
    opening = ask(lin)

    assert opening.status == "waiting"
    assert opening.standing is not None
    assert (opening.standing.position, opening.standing.wait_seconds) == (1, None)


def test_nobody_gets_more_chats_than_he_has_places(team: Team) -> None:
    make_agent(team=team, places=2)

    states = [asked(member).state for member in make_customers(3)]

    assert states == ["active", "active", "waiting"]


def test_the_smallest_share_of_places_in_use_is_chosen(team: Team) -> None:
    first, second = make_agent("甲", places=2), make_agent("乙", places=4)

    chosen = [asked(member).agent for member in make_customers(4)]

    assert chosen == [first.agent, second.agent, second.agent, first.agent]


def test_a_refused_first_word_opens_nothing(lin: Member, agent: AgentMember) -> None:
    with override_settings(CHAT_SEND_RATE="0/m"), pytest.raises(RateLimitedError):
        ask(lin, note="发票")

    assert ServiceChat.objects.count() == 0
