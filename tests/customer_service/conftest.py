"""A desk: teams, agents at work, customers who ask."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

import pytest
from django.test import TestCase

from clinic.core.clock import clinic_time, now
from clinic.core.invariants import all_invariants
from clinic.core.roles import Role
from clinic.customer_service.models import Agent, ServiceChat, Team, TeamHours
from clinic.customer_service.services.opening import Opening, open_service_chat
from tests.cast import Member, make_member


@dataclass(frozen=True)
class AgentMember:
    """An agent of the cast: the account with its client, and the agent's row."""

    member: Member
    agent: Agent

    @property
    def row(self) -> Agent:
        """The agent as he is stored now."""
        return Agent.objects.get(pk=self.agent.pk)

    @property
    def actor(self) -> Any:
        """The actor for services."""
        return self.member.actor


def make_team(code: str = "general", **fields: Any) -> Team:
    """Return the team with this code; the default one is called general."""
    told = {"name_zh": "综合客服", "name_en": "General", "is_default": code == "general", **fields}
    return Team.objects.update_or_create(code=code, defaults=told)[0]


def close_for_now(team: Team) -> None:
    """Let the team be there only on another weekday than today."""
    tomorrow = (clinic_time(now()) + timedelta(days=1)).weekday()
    TeamHours.objects.create(team=team, weekday=tomorrow, opens=time(9), closes=time(18))


def make_agent(
    name: str = "包青", *, team: Team | None = None, places: int = 5, **fields: Any
) -> AgentMember:
    """Store an agent who is online and alive and log him in."""
    member = make_member(name, Role.CUSTOMER_SERVICE, is_staff=True)
    moment = now()
    told = {"status": "online", "heartbeat_at": moment, "nickname": f"小{name[0]}", **fields}
    agent = Agent.objects.create(user=member.user, max_chats=places, **told)
    agent.teams.add(team or make_team())
    return AgentMember(member, agent)


def make_customers(count: int) -> list[Member]:
    """Return so many patients."""
    return [make_member(f"客户{n}", Role.PATIENT) for n in range(count)]


def ask(member: Member, **told: Any) -> Opening:
    """Let a customer ask for somebody."""
    return open_service_chat(actor=member.actor, **told)


def asked(member: Member, **told: Any) -> ServiceChat:
    """Let a customer ask and return his chat."""
    chat = ask(member, **told).chat
    assert chat is not None
    return chat


def fresh(chat: ServiceChat) -> ServiceChat:
    """Return the chat as it is stored now."""
    return ServiceChat.objects.get(pk=chat.pk)


def ago(seconds: float) -> datetime:
    """Return the moment so many seconds back."""
    return now() - timedelta(seconds=seconds)


@pytest.fixture
def team(db: None) -> Team:
    """The default team, always open."""
    return make_team()


@pytest.fixture
def agent(team: Team) -> AgentMember:
    """An agent who is online with five places."""
    return make_agent(team=team)


@pytest.fixture
def breaches() -> Callable[[], list[str]]:
    """Return a function that proves every promise of the house."""

    def check() -> list[str]:
        return [line for promise in all_invariants() for line in promise.breaches()]

    return check


@pytest.fixture
def committing() -> Any:
    """Return a block at whose end everything that waits for the commit is done."""
    return lambda: TestCase.captureOnCommitCallbacks(execute=True)
