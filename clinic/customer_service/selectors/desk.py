"""Who works at the desk."""

from uuid import UUID

from django.db.models import Q

from clinic.core.actor import Actor
from clinic.customer_service.enums import AgentStatus
from clinic.customer_service.errors import NotAnAgentError
from clinic.customer_service.models import Agent


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


def watcher_public_ids(team_id: int, *, is_for_all: bool = True) -> list[UUID]:
    """Return the accounts that watch a team's desk now: its agents on duty and all supervisors.

    Without ``is_for_all`` the supervisors alone.
    """
    who = Q(is_supervisor=True)
    if is_for_all:
        who |= Q(teams=team_id)
    rows = Agent.objects.filter(who, is_active=True).exclude(status=AgentStatus.OFFLINE)
    return list(rows.values_list("user__public_id", flat=True).distinct())
