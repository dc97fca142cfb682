"""Who may lead the desk."""

from clinic.core.actor import Actor
from clinic.core.errors import ForbiddenError
from clinic.core.roles import Role
from clinic.customer_service.errors import NotAnAgentError
from clinic.customer_service.models import Agent
from clinic.customer_service.selectors.seats import Seat, seat_of


def leads(actor: Actor) -> bool:
    """Say whether the actor leads the desk: an administrator, the system, or a supervisor."""
    if actor.kind == "system" or actor.has_role(Role.ADMIN):
        return True
    if actor.user_id is None or not actor.has_role(Role.CUSTOMER_SERVICE):
        return False
    return Agent.objects.filter(user_id=actor.user_id, is_active=True, is_supervisor=True).exists()


def watching_seat(actor: Actor) -> Seat:
    """Return the actor's seat; administrators may watch without a place at the desk.

    Raises NotAnAgentError.
    """
    try:
        return seat_of(actor)
    except NotAnAgentError:
        if not actor.has_role(Role.ADMIN):
            raise
        return Seat(Agent(), load=0, team_ids=(), leads=True)


def leading_seat(actor: Actor) -> Seat:
    """Return the seat of who leads. Raises NotAnAgentError, ForbiddenError."""
    seat = watching_seat(actor)
    if not seat.leads:
        raise ForbiddenError
    return seat
