"""Bearer tokens for DRF."""

from dataclasses import dataclass

from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request

from clinic.accounts.selectors import actor_of_session
from clinic.accounts.tokens import read_access
from clinic.core.actor import Actor
from clinic.core.errors import NotAuthenticatedError


@dataclass(frozen=True, slots=True)
class SignedIn:
    """What DRF calls the user; everything else works with the actor."""

    pk: int
    is_authenticated: bool = True
    is_active: bool = True


class BearerAuthentication(BaseAuthentication):
    """Accepts ``Authorization: Bearer <access token>``; account and session are read anew."""

    def authenticate(self, request: Request) -> tuple[SignedIn, Actor] | None:
        """Return (user, actor), None without a header. Raises NotAuthenticatedError."""
        header = request.META.get("HTTP_AUTHORIZATION", "")
        if not header:
            return None
        scheme, _, token = header.partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise NotAuthenticatedError
        actor = actor_of_session(read_access(token).session_public_id)
        if actor is None or actor.user_id is None:
            raise NotAuthenticatedError
        return SignedIn(actor.user_id), actor

    def authenticate_header(self, request: Request) -> str:  # noqa: ARG002 given by DRF
        """Make DRF answer 401 instead of 403."""
        return 'Bearer realm="api"'
