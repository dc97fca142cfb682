"""Where an agent sends a chat: to a colleague, a team, or back to its queue."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from clinic.core.actor import Actor
from clinic.core.errors import InvalidInputError
from clinic.customer_service.models import Agent, ServiceChat, Team
from clinic.customer_service.selectors.seats import Seat
from clinic.customer_service.services.handing import transfer_to_agent, transfer_to_team

NOBODY: Final = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Destination:
    """``to`` is "agent", "team" or "queue"; ``target`` the public id of the first two."""

    to: str
    target: UUID | None = None


def transfer(
    chat_id: int,
    destination: Destination,
    *,
    seat: Seat,
    actor: Actor,
    remark: str = "",
    note: str = "",
) -> ServiceChat:
    """Hand a chat on, with a reason for its history and a note for who gets it.

    Who leads may hand on any chat, others their own. Raises InvalidInputError for an unknown
    target, and what the hand-over raises.
    """
    if destination.to == "agent":
        return transfer_to_agent(
            chat_id,
            target=_agent(destination.target),
            by=seat.agent,
            actor=actor,
            remark=remark,
            note=note,
            is_forced=seat.leads,
        )
    return transfer_to_team(
        chat_id,
        team=_team(destination.target) if destination.to == "team" else None,
        by=seat.agent,
        actor=actor,
        remark=remark,
        note=note,
        is_forced=seat.leads,
    )


def _agent(public_id: UUID | None) -> Agent:
    agent = Agent.objects.filter(public_id=public_id or NOBODY, is_active=True).first()
    if agent is None:
        raise InvalidInputError("target", _("Nobody with this id works at the desk."))
    return agent


def _team(public_id: UUID | None) -> Team:
    team = Team.objects.filter(public_id=public_id or NOBODY, is_active=True).first()
    if team is None:
        raise InvalidInputError("target", _("There is no team with this id."))
    return team
