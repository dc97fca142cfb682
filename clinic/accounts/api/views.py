"""Endpoints of accounts."""

from typing import ClassVar
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from clinic.accounts import errors
from clinic.accounts.api import serializers as shapes
from clinic.accounts.api.permissions import ACCOUNT, AUTH
from clinic.accounts.enums import CodePurpose, RevokedWhy
from clinic.accounts.selectors import account_of, open_sessions
from clinic.accounts.services import accounts, codes, passwords, sessions, sign_in
from clinic.core.api.query import PageQuery
from clinic.core.api.views import ApiView, client_address, get_or_404
from clinic.core.clock import now
from clinic.settings import rules


class OpenAuthView(ApiView):
    """Base of the doors for people without a token; an old token sent along is not looked at.

    The rate is only a fence: what protects secrets is counted in the database by the services.
    """

    resource = AUTH
    authentication_classes = ()
    rate = "600/m"


class SendCodeView(OpenAuthView):
    """Send a one-time code to a phone, whether it has an account or not."""

    verbs: ClassVar = {"POST": "send_code"}
    errors: ClassVar = (errors.CodeNotSentError,)

    @extend_schema(request=shapes.SendCodeInput, responses={202: shapes.CodeSentOutput})
    def post(self, request: Request) -> Response:
        """Send a one-time code."""
        given = self.input(shapes.SendCodeInput)
        codes.send_code(
            phone=given["phone"],
            purpose=CodePurpose(given["purpose"]),
            address=client_address(request),
            now=now(),
        )
        answer = {
            "expires_in": int(rules.ONE_TIME_CODE_LIFE.total_seconds()),
            "retry_after": int(rules.CODES_PER_PHONE[0][1].total_seconds()),
        }
        return Response(answer, status=202)


class RegisterView(OpenAuthView):
    """Register as a patient."""

    verbs: ClassVar = {"POST": "register"}
    errors: ClassVar = (errors.WrongCodeError, errors.PhoneTakenError)

    @extend_schema(request=shapes.RegisterInput, responses={201: shapes.SignedInOutput})
    def post(self, request: Request) -> Response:
        """Register as a patient and log in."""
        given = self.input(shapes.RegisterInput)
        signed_in = sign_in.register(**given, address=client_address(request), now=now())
        return Response(shapes.SignedInOutput(signed_in).data, status=201)


class LogInView(OpenAuthView):
    """Log in by phone and password."""

    verbs: ClassVar = {"POST": "log_in"}
    errors: ClassVar = (
        errors.WrongCredentialsError,
        errors.AccountSuspendedError,
        errors.SecondFactorNeededError,
        errors.SecondFactorNotSetUpError,
    )

    @extend_schema(request=shapes.LogInInput, responses={200: shapes.SignedInOutput})
    def post(self, request: Request) -> Response:
        """Log in by phone and password."""
        given = self.input(shapes.LogInInput)
        signed_in = sign_in.log_in(**given, address=client_address(request), now=now())
        return Response(shapes.SignedInOutput(signed_in).data)


class LogInByCodeView(OpenAuthView):
    """Log in by phone and one-time code; a phone without account gets one."""

    verbs: ClassVar = {"POST": "log_in"}
    errors: ClassVar = (
        errors.WrongCodeError,
        errors.AccountSuspendedError,
        errors.SecondFactorNeededError,
        errors.SecondFactorNotSetUpError,
    )

    @extend_schema(request=shapes.LogInByCodeInput, responses={200: shapes.SignedInOutput})
    def post(self, request: Request) -> Response:
        """Log in by phone and one-time code."""
        given = self.input(shapes.LogInByCodeInput)
        signed_in = sign_in.log_in_by_code(**given, address=client_address(request), now=now())
        return Response(shapes.SignedInOutput(signed_in).data)


class SecondFactorView(OpenAuthView):
    """Finish a log-in of staff: the ticket of the first step and the second factor."""

    verbs: ClassVar = {"POST": "log_in"}
    errors: ClassVar = (
        errors.SecondStepOverError,
        errors.WrongSecondFactorError,
        errors.SecondFactorLockedError,
        errors.SecondFactorNotSetUpError,
    )

    @extend_schema(request=shapes.SecondFactorInput, responses={200: shapes.SignedInOutput})
    def post(self, request: Request) -> Response:
        """Finish a log-in of staff by the second factor."""
        given = self.input(shapes.SecondFactorInput)
        signed_in = sign_in.finish_log_in(**given, address=client_address(request), now=now())
        return Response(shapes.SignedInOutput(signed_in).data)


class RefreshView(OpenAuthView):
    """Spend a refresh token for a new pair; a token that comes twice ends its session."""

    verbs: ClassVar = {"POST": "refresh"}
    errors: ClassVar = (errors.RefreshRefusedError,)

    @extend_schema(request=shapes.RefreshInput, responses={200: shapes.SignedInOutput})
    def post(self, _request: Request) -> Response:
        """Spend a refresh token for a new pair."""
        token = self.input(shapes.RefreshInput)["refresh_token"]
        signed_in = sessions.refresh_session(token=token, now=now())
        return Response(shapes.SignedInOutput(signed_in).data)


class LogOutView(ApiView):
    """Log this device out."""

    resource = AUTH
    verbs: ClassVar = {"POST": "log_out"}

    @extend_schema(request=None, responses={204: None})
    def post(self, _request: Request) -> Response:
        """Log this device out."""
        rows = open_sessions(self.actor.account_id, now()).select_related("user")
        session = get_or_404(rows, pk=self.actor.session_id)
        sessions.revoke_session(session=session, why=RevokedWhy.LOGOUT, now=now())
        return Response(status=204)


class ChangePasswordView(ApiView):
    """Set a new password; every other device is logged out."""

    resource = AUTH
    verbs: ClassVar = {"POST": "change_password"}
    errors: ClassVar = (
        errors.WrongPasswordError,
        errors.WrongCodeError,
        errors.ProofMissingError,
    )

    @extend_schema(request=shapes.ChangePasswordInput, responses={204: None})
    def post(self, _request: Request) -> Response:
        """Set a new password."""
        given = self.input(shapes.ChangePasswordInput)
        passwords.change_password(
            actor=self.actor,
            current=given.get("current_password"),
            code=given.get("code"),
            new=given["new_password"],
            now=now(),
        )
        return Response(status=204)


class SessionListView(ApiView):
    """Devices on which the account is logged in."""

    resource = AUTH
    verbs: ClassVar = {"GET": "list_sessions", "DELETE": "revoke_session"}
    query_serializer_class = PageQuery

    @extend_schema(responses={200: shapes.SessionOutput(many=True)})
    def get(self, _request: Request) -> Response:
        """List the devices on which the account is logged in."""
        return self.page(open_sessions(self.actor.account_id, now()), shapes.SessionOutput)

    @extend_schema(responses={204: None})
    def delete(self, _request: Request) -> Response:
        """Log every other device out."""
        sessions.revoke_sessions(
            user_id=self.actor.account_id,
            why=RevokedWhy.OWNER,
            now=now(),
            keep=self.actor.session_id,
        )
        return Response(status=204)


class SessionView(ApiView):
    """One device on which the account is logged in."""

    resource = AUTH
    verbs: ClassVar = {"DELETE": "revoke_session"}

    @extend_schema(responses={204: None})
    def delete(self, _request: Request, public_id: UUID) -> Response:
        """Log one device out."""
        rows = open_sessions(self.actor.account_id, now()).select_related("user")
        session = get_or_404(rows, public_id=public_id)
        sessions.revoke_session(session=session, why=RevokedWhy.OWNER, now=now())
        return Response(status=204)


class MeView(ApiView):
    """The account of who asks; what ends it is added by the room that sees what is open."""

    resource = ACCOUNT
    verbs: ClassVar = {"GET": "read", "PATCH": "change"}

    @extend_schema(responses={200: shapes.AccountOutput})
    def get(self, _request: Request) -> Response:
        """Show the own account."""
        return Response(shapes.AccountOutput(account_of(self.actor)).data)

    @extend_schema(request=shapes.ChangeAccountInput, responses={200: shapes.AccountOutput})
    def patch(self, _request: Request) -> Response:
        """Change display name or language."""
        changes = self.input(shapes.ChangeAccountInput)
        account = accounts.change_account(user_id=self.actor.account_id, changes=changes)
        return Response(shapes.AccountOutput(account).data)
