"""Who may lead the desk."""

from clinic.core.actor import Actor
from clinic.core.roles import Role
from clinic.customer_service.models import Agent


def leads(actor: Actor) -> bool:
    """Say whether the actor leads the desk: an administrator, the system, or a supervisor."""
    if actor.kind == "system" or actor.has_role(Role.ADMIN):
        return True
    if actor.user_id is None or not actor.has_role(Role.CUSTOMER_SERVICE):
        return False
    return Agent.objects.filter(user_id=actor.user_id, is_active=True, is_supervisor=True).exists()
