"""Agents are added, changed and taken off the desk by who leads it, and their chats go on."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from clinic.core.clock import now
from clinic.core.models import AuditEntry
from clinic.core.roles import Role
from clinic.customer_service.enums import AgentStatus, ChatState
from clinic.customer_service.models import Agent, AgentStatusChange, ServiceChat, Team
from tests.cast import Member, make_member
from tests.console.conftest import browser
from tests.customer_service.past import make_agent, make_team, on_duty, open_chat, serve

ADD = "admin:customer_service_agent_add"


@pytest.fixture
def team(db: None) -> Team:
    """The team."""
    return make_team()


@pytest.fixture
def lead(team: Team) -> Client:
    """A browser of a supervisor."""
    member = make_member("班长", Role.CUSTOMER_SERVICE, is_staff=True)
    make_agent("班长", team, member=member, is_supervisor=True)
    return browser(member.user)


@pytest.fixture
def qing(team: Team) -> Agent:
    """An agent who is online."""
    agent = make_agent("小青", team)
    on_duty(agent, [(now(), "online")])
    return agent


def _form(account: Member, team: Team, **fields: Any) -> dict[str, Any]:
    return {
        "user": account.user.pk,
        "nickname": "小兰",
        "teams": [team.pk],
        "languages": ["en"],
        "max_chats": "3",
        "status_changes-TOTAL_FORMS": 0,
        "status_changes-INITIAL_FORMS": 0,
        **fields,
    }


def _step(client: Client, agent: Agent, step: str) -> str:
    address = reverse("admin:customer_service_agent_step", args=[agent.pk, step])
    return client.post(address, follow=True).content.decode()


def test_staff_of_customer_service_becomes_an_agent(lead: Client, team: Team, bao: Member) -> None:
    answer = lead.post(reverse(ADD), _form(bao, team))

    assert answer.status_code == 302, answer.content.decode()
    agent = Agent.objects.get(user=bao.user)
    assert (agent.nickname, agent.max_chats, agent.languages) == ("小兰", 3, ["en"])
    assert list(agent.teams.all()) == [team]
    assert agent.status == AgentStatus.OFFLINE
    assert AuditEntry.objects.filter(verb="agent.add").exists()


def test_an_account_without_the_role_is_refused_with_a_sentence(
    lead: Client, team: Team, lin: Member
) -> None:
    answer = lead.post(reverse(ADD), _form(lin, team))

    assert answer.status_code == 200
    assert "does not have the role customer service" in answer.content.decode()
    assert not Agent.objects.filter(user=lin.user).exists()


def test_an_account_is_one_agent(lead: Client, team: Team, bao: Member) -> None:
    make_agent("小兰", team, member=bao)

    answer = lead.post(reverse(ADD), _form(bao, team))

    assert "works at the desk already" in answer.content.decode()
    assert Agent.objects.filter(user=bao.user).count() == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [("max_chats", "0"), ("max_chats", "51"), ("max_chats", "x"), ("nickname", ""), ("teams", [])],
)
def test_what_cannot_be_is_told_at_the_field(
    lead: Client, team: Team, bao: Member, field: str, value: Any
) -> None:
    answer = lead.post(reverse(ADD), _form(bao, team, **{field: value}))

    assert answer.status_code == 200
    assert not Agent.objects.filter(user=bao.user).exists()


def test_more_places_bring_waiting_chats(
    lead: Client, team: Team, qing: Agent, django_capture_on_commit_callbacks: Any
) -> None:
    Agent.objects.filter(pk=qing.pk).update(max_chats=1)
    serve(open_chat(team, now()), qing, now())
    waiting = open_chat(team, now())
    address = reverse("admin:customer_service_agent_change", args=[qing.pk])
    account = Member(qing.user, None, None, "")  # type: ignore[arg-type]

    with django_capture_on_commit_callbacks(execute=True):
        answer = lead.post(address, _form(account, team, nickname="青青", max_chats="8"))

    assert answer.status_code == 302, answer.content.decode()
    qing.refresh_from_db()
    assert (qing.nickname, qing.max_chats, qing.status) == ("青青", 8, AgentStatus.ONLINE)
    waiting.refresh_from_db()
    assert (waiting.state, waiting.agent) == (ChatState.ACTIVE, qing)


def test_chats_go_on_when_an_agent_is_taken_off_the_desk(
    lead: Client, team: Team, qing: Agent
) -> None:
    chat = open_chat(team, now())
    serve(chat, qing, now())

    assert "Done: Take off the desk" in _step(lead, qing, "deactivate")

    chat.refresh_from_db()
    qing.refresh_from_db()
    assert (chat.state, chat.agent) == (ChatState.WAITING, None)
    assert (qing.is_active, qing.status) == (False, AgentStatus.OFFLINE)
    change = AgentStatusChange.objects.filter(agent=qing).latest("pk")
    assert (change.after, change.cause) == ("offline", "deactivated")

    assert "Done: Bring back to the desk" in _step(lead, qing, "reactivate")
    qing.refresh_from_db()
    assert qing.is_active


def test_a_supervisor_sets_an_agent_busy_and_offline(lead: Client, team: Team, qing: Agent) -> None:
    assert "Done: Set busy" in _step(lead, qing, "busy")
    qing.refresh_from_db()
    assert qing.status == AgentStatus.BUSY

    assert "Done: Set offline" in _step(lead, qing, "offline")

    qing.refresh_from_db()
    assert qing.status == AgentStatus.OFFLINE
    causes = AgentStatusChange.objects.filter(agent=qing).values_list("cause", flat=True)
    assert list(causes.order_by("pk")) == ["self", "supervisor", "supervisor"]


def test_who_lost_the_role_is_not_brought_back(lead: Client, team: Team, qing: Agent) -> None:
    _step(lead, qing, "deactivate")
    qing.user.groups.clear()

    assert "does not have the role" in _step(lead, qing, "reactivate")

    assert not Agent.objects.get(pk=qing.pk).is_active


def test_plain_agents_change_nobody(team: Team, qing: Agent, bao: Member) -> None:
    make_agent("小兰", team, member=bao)
    client = browser(bao.user)
    other = make_member("小梅", Role.CUSTOMER_SERVICE, is_staff=True)

    assert client.get(reverse("admin:customer_service_agent_changelist")).status_code == 200
    assert client.post(reverse(ADD), _form(other, team)).status_code == 403
    assert "not allowed" in _step(client, qing, "offline")

    qing.refresh_from_db()
    assert qing.status == AgentStatus.ONLINE
    assert ServiceChat.objects.count() == 0
