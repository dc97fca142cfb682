"""Who works at the desk."""

from uuid import UUID

from django.db.models import Q

from clinic.core.actor import Actor
from clinic.core.roles import Role
from clinic.customer_service.enums import AgentStatus
from clinic.customer_service.errors import NotAnAgentError
from clinic.customer_service.models import Agent

DESK_ROLES = (Role.CUSTOMER_SERVICE.value, Role.ADMIN.value)


def agent_of(actor: Actor) -> Agent:
    """Return the agent behind an account with his account. Raises NotAnAgentError."""
    row = (
        Agent.objects.filter(user_id=actor.account_id, is_active=True)
        .select_related("user")
        .first()
    )
    if row is None:
        raise NotAnAgentError
    return row


def agent_without_role(user_id: int) -> int | None:
    """Return the agent who works at the desk though his account may not any more, if he does."""
    rows = Agent.objects.filter(user_id=user_id, is_active=True)
    return (
        rows.exclude(user__groups__name__in=DESK_ROLES, user__is_active=True)
        .exclude(user__is_superuser=True)
        .values_list("pk", flat=True)
        .first()
    )


def watcher_public_ids(team_id: int, *, is_for_all: bool = True) -> list[UUID]:
    """Return the accounts that watch a team's desk now: its agents on duty and all supervisors.

    Without ``is_for_all`` the supervisors alone.
    """
    who = Q(is_supervisor=True)
    if is_for_all:
        who |= Q(teams=team_id)
    rows = Agent.objects.filter(who, is_active=True).exclude(status=AgentStatus.OFFLINE)
    return list(rows.values_list("user__public_id", flat=True).distinct())
