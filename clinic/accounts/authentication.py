"""Log-ins for DRF: bearer tokens, and the console's cookie where a view takes it."""

from copy import copy
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from rest_framework.authentication import BaseAuthentication, CSRFCheck
from rest_framework.request import Request

from clinic.accounts.errors import FormTokenError
from clinic.accounts.selectors import actor_and_rows, actor_of_session, console_logins
from clinic.accounts.tokens import read_access
from clinic.core.actor import Actor
from clinic.core.errors import NotAuthenticatedError
from clinic.core.statements import Read


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
        actor = _actor(request, read_access(token).session_public_id)
        if actor is None or actor.user_id is None:
            raise NotAuthenticatedError
        return SignedIn(actor.user_id), actor

    def authenticate_header(self, request: Request) -> str:  # noqa: ARG002 given by DRF
        """Make DRF answer 401 instead of 403."""
        return 'Bearer realm="api"'


def _actor(request: Request, session_public_id: UUID) -> Actor | None:
    """Return who calls. What the view reads by one statement anyway is read along."""
    view: Any = request.parser_context.get("view")
    read: Read | None = view.read_ahead(request) if hasattr(view, "read_ahead") else None
    if read is None:
        return actor_of_session(session_public_id)
    actor, view.came_ahead = actor_and_rows(session_public_id, read)
    return actor


class ConsoleAuthentication(BaseAuthentication):
    """Accepts the cookie of the staff console, for pages of the console that ask the API.

    A cookie goes along with every request, whoever made the page; so all but reads need the form
    token as well (header X-CSRFToken), and an Origin of ours.
    """

    def authenticate(self, request: Request) -> tuple[SignedIn, Actor] | None:
        """Return (user, actor), None without a cookie that opens the console.

        Raises FormTokenError.
        """
        key = request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
        login = console_logins([key]).get(key) if key else None
        if login is None:
            return None
        _check_form_token(request._request)  # noqa: SLF001 DRF has no other way to Django's
        return SignedIn(login.actor.account_id), login.actor

    def authenticate_header(self, request: Request) -> str:  # noqa: ARG002 given by DRF
        """Make DRF answer 401 instead of 403."""
        return 'Bearer realm="api"'


def _check_form_token(request: HttpRequest) -> None:
    # Judged as a PUT: of a POST the check reads the body for a form's own token, and the body may
    # be a file that is still to be read by the parser of the view.
    asked = copy(request)
    asked.method = "PUT" if request.method == "POST" else request.method
    check = CSRFCheck(lambda _request: HttpResponse())
    check.process_request(asked)
    if check.process_view(asked, lambda _request: HttpResponse(), (), {}) is not None:
        raise FormTokenError
