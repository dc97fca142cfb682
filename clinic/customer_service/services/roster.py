"""Who works at the desk: agents come, change and leave; a supervisor sets them busy or offline."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db import IntegrityError, transaction

from clinic.accounts.models import User
from clinic.accounts.selectors import role_names
from clinic.core import audit
from clinic.core.actor import Actor
from clinic.core.constraints import constraint_of
from clinic.core.errors import ForbiddenError
from clinic.core.events import publish
from clinic.core.roles import Role
from clinic.customer_service.enums import AgentStatus, StatusCause
from clinic.customer_service.errors import AlreadyAgentError, NoDeskRoleError, OnlyHimselfError
from clinic.customer_service.events import PlacesFreed
from clinic.customer_service.models import Agent, Team
from clinic.customer_service.selectors.supervision import leads
from clinic.customer_service.services import agents
from clinic.customer_service.services.dispatch import serve_agent_on_commit
from clinic.customer_service.services.state import locked_agent
from clinic.customer_service.services.watching import agents_changed
from clinic.settings import rules

DESK_ROLES = frozenset({Role.CUSTOMER_SERVICE.value, Role.ADMIN.value})
SUBJECT = "agent"


@dataclass(frozen=True, kw_only=True, slots=True)
class Profile:
    """What is kept of an agent beside his status. Without languages he speaks all of the house."""

    nickname: str
    teams: Sequence[Team]
    languages: Sequence[str] = field(default_factory=tuple)
    max_chats: int = rules.AGENT_MAX_CHATS
    is_supervisor: bool = False


def may_serve(account: User) -> bool:
    """Say whether the account's roles and state let it work at the desk."""
    return account.is_active and bool(DESK_ROLES.intersection(role_names(account)))


def add_agent(account: User, profile: Profile, *, by: Actor) -> Agent:
    """Let an account work at the desk, offline at first.

    Raises ForbiddenError, NoDeskRoleError, AlreadyAgentError.
    """
    _check_leads(by)
    if not may_serve(account):
        raise NoDeskRoleError
    agent = Agent(user=account)
    _fill(agent, profile)
    with transaction.atomic():
        _insert(agent)
        agent.teams.set(profile.teams)
        audit.record(by, "agent.add", SUBJECT, agent.public_id)
        agents_changed([agent.pk])
    return agent


def change_agent(agent_id: int, profile: Profile, *, by: Actor) -> Agent:
    """Store what changed about an agent; more places or teams bring him waiting chats at once.

    Chats he serves stay with him, also of teams he leaves. Raises NotFoundError, ForbiddenError.
    """
    _check_leads(by)
    with transaction.atomic():
        agent = locked_agent(agent_id)
        _fill(agent, profile)
        agent.save(update_fields=["nickname", "languages", "max_chats", "is_supervisor"])
        agent.teams.set(profile.teams)
        audit.record(by, "agent.change", SUBJECT, agent.public_id, max_chats=agent.max_chats)
        publish(PlacesFreed(agent_id=agent.pk))
        serve_agent_on_commit(agent.pk)
        agents_changed([agent.pk])
    return agent


def deactivate_agent(agent_id: int, *, by: Actor) -> None:
    """Take an agent off the desk; his chats go back to the head of their queues.

    Raises NotFoundError, ForbiddenError.
    """
    _check_leads(by)
    with transaction.atomic():
        agent = agents.leave_desk(agent_id, by=by)
        audit.record(by, "agent.deactivate", SUBJECT, agent.public_id)


def reactivate_agent(agent_id: int, *, by: Actor) -> None:
    """Let a former agent work at the desk again. Raises ForbiddenError, NoDeskRoleError."""
    _check_leads(by)
    if not may_serve(Agent.objects.select_related("user").get(pk=agent_id).user):
        raise NoDeskRoleError
    with transaction.atomic():
        agent = agents.join_desk(agent_id, by=by)
        audit.record(by, "agent.reactivate", SUBJECT, agent.public_id)


def set_agent_status(agent_id: int, status: AgentStatus, *, by: Actor) -> Agent:
    """Set an agent busy or offline for him; only he himself says that he is online.

    Raises NotFoundError, ForbiddenError, OnlyHimselfError, NotAnAgentError.
    """
    _check_leads(by)
    if status == AgentStatus.ONLINE:
        raise OnlyHimselfError
    with transaction.atomic():
        agent = agents.set_status(agent_id, status, by=by, cause=StatusCause.SUPERVISOR)
        audit.record(by, "agent.status", SUBJECT, agent.public_id, status=status)
    return agent


def _check_leads(by: Actor) -> None:
    if not leads(by):
        raise ForbiddenError


def _fill(agent: Agent, profile: Profile) -> None:
    agent.nickname, agent.languages = profile.nickname.strip(), sorted(set(profile.languages))
    agent.max_chats, agent.is_supervisor = profile.max_chats, profile.is_supervisor


def _insert(agent: Agent) -> None:
    try:
        with transaction.atomic():
            agent.save(force_insert=True)
    except IntegrityError as error:
        if "user" in constraint_of(error):
            raise AlreadyAgentError from None
        raise
