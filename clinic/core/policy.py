"""The one table of who may do what: resource x verb x role, with the reach of each right.

Rooms declare their rows in ``api/permissions.py``; views name a resource and a verb. An unknown
resource or verb raises: nothing is allowed by omission. Which rows a reach covers is decided by the
room's selectors (``visible_to(actor)``); rows outside look as if they did not exist (404).
"""

from enum import StrEnum

from django.core.exceptions import ImproperlyConfigured

from clinic.core.actor import Actor
from clinic.core.errors import ForbiddenError, NotAuthenticatedError
from clinic.core.roles import Role


class Reach(StrEnum):
    """How far a right goes."""

    PUBLIC = "public"  # everybody, also without login; same rows for all
    OWN = "own"  # rows of the actor's own account
    ASSIGNED = "assigned"  # rows the actor takes part in as doctor or agent
    ALL = "all"  # every row


Rights = dict[Role, Reach]
_TABLE: dict[str, dict[str, Rights]] = {}
PATIENT_OWN: Rights = {Role.PATIENT: Reach.OWN}
EVERYBODY: Rights = dict.fromkeys(Role, Reach.PUBLIC)
EVERY_ACCOUNT: Rights = dict.fromkeys(Role, Reach.OWN)


def declare(resource: str, verbs: dict[str, Rights]) -> None:
    """Add the rows of one resource. Raises ImproperlyConfigured when declared twice."""
    if resource in _TABLE:
        raise ImproperlyConfigured(f"policy for {resource} is declared twice")
    _TABLE[resource] = verbs


def rights(resource: str, verb: str) -> Rights:
    """Return the roles that may and how far. Raises ImproperlyConfigured for an unknown pair."""
    try:
        return _TABLE[resource][verb]
    except KeyError:
        raise ImproperlyConfigured(f"no policy row for {resource}.{verb}") from None


def is_public(resource: str, verb: str) -> bool:
    """Say whether strangers without login may do this."""
    return Reach.PUBLIC in rights(resource, verb).values()


def check(actor: Actor, resource: str, verb: str) -> None:
    """Let the actor pass or raise NotAuthenticatedError or ForbiddenError."""
    allowed = rights(resource, verb)
    if Reach.PUBLIC in allowed.values():
        return
    if actor.kind == "anonymous":
        raise NotAuthenticatedError
    if not actor.roles & allowed.keys():
        raise ForbiddenError


def table() -> dict[str, dict[str, Rights]]:
    """Return the whole table, for the generated documents and tests."""
    return {resource: dict(verbs) for resource, verbs in _TABLE.items()}
