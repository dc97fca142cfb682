"""Endpoints of users for staff."""

from typing import Any, ClassVar
from uuid import UUID

from django.http import StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from clinic.accounts import errors as account_errors
from clinic.accounts.models import User
from clinic.accounts.services.accounts import restore_account, suspend_account
from clinic.core.api.pagination import page_of
from clinic.core.api.query import PageQuery
from clinic.core.api.views import ApiView, get_or_404
from clinic.core.clock import now
from clinic.core.errors import ConflictError
from clinic.privacy import errors
from clinic.privacy.api import serializers as shapes
from clinic.privacy.api.permissions import USER
from clinic.privacy.enums import BatchAct
from clinic.privacy.models import AccountBatch
from clinic.privacy.selectors.batches import batches_with_counts, items_of
from clinic.privacy.selectors.obstacles import kept_of, obstacles_of
from clinic.privacy.selectors.sheets import user_file
from clinic.privacy.selectors.users import Wanted, find_users
from clinic.privacy.services.batches import order_batch
from clinic.privacy.services.leaving import let_go
from clinic.privacy.services.users import change_user, note_file
from clinic.settings import rules


class UsersView(ApiView):
    """Base of the endpoints of users."""

    resource = USER
    refuses_unknown_fields = True

    def user(self, public_id: UUID) -> User:
        """Return the account."""
        return get_or_404(User.objects.prefetch_related("groups"), public_id=public_id)

    def shown(self, public_id: UUID) -> Response:
        """Answer the account as it is now."""
        user: Any = self.user(public_id)
        user.obstacles, user.kept = obstacles_of(user), kept_of(user)
        return Response(shapes.UserDetail(user).data)


class UserListView(UsersView):
    """All accounts."""

    verbs: ClassVar = {"GET": "list"}
    query_serializer_class = shapes.UserQuery

    @extend_schema(responses=shapes.UserRow(many=True))
    def get(self, _request: Request) -> Response:
        """List accounts, newest first; phones are masked."""
        return self.page(find_users(_wanted(self.query())), shapes.UserRow)


class UserSearchView(UsersView):
    """Finding accounts."""

    verbs: ClassVar = {"POST": "search"}
    rate = rules.USER_SEARCH_RATE

    @extend_schema(request=shapes.UserSearch, responses=shapes.UserPage)
    def post(self, _request: Request) -> Response:
        """Find accounts by phone, id or a part of the name, which stand in the body."""
        given = self.input(shapes.UserSearch)
        context = self.get_serializer_context()
        return page_of(given, find_users(_wanted(given)), shapes.UserRow, context)


class UserFileView(UsersView):
    """Accounts as a file."""

    verbs: ClassVar = {"POST": "export"}
    rate = rules.USER_FILE_RATE

    @extend_schema(request=shapes.UserFile, responses={(200, "text/csv"): OpenApiTypes.STR})
    def post(self, _request: Request) -> StreamingHttpResponse:
        """Take the accounts that fit as CSV, written row by row; who took it is noted."""
        given = self.input(shapes.UserFile)
        wanted = _wanted(given)
        told = {name: given[name] for name in given if name != "words"}
        note_file(by=self.actor, kind="users", searched=bool(wanted.words.strip()), **told)
        return user_file(wanted)


class UserView(UsersView):
    """One account."""

    verbs: ClassVar = {"GET": "read", "PATCH": "change", "DELETE": "remove"}
    errors: ClassVar = (ConflictError, errors.OpenMattersError)

    @extend_schema(responses=shapes.UserDetail)
    def get(self, _request: Request, public_id: UUID) -> Response:
        """Show an account, what is still open and what the law would keep."""
        return self.shown(public_id)

    @extend_schema(request=shapes.UserChange, responses=shapes.UserDetail)
    def patch(self, _request: Request, public_id: UUID) -> Response:
        """Change display name or language; other fields are refused."""
        user = self.user(public_id)
        change_user(user=user, changes=self.input(shapes.UserChange), by=self.actor)
        return self.shown(public_id)

    @extend_schema(responses={204: None})
    def delete(self, _request: Request, public_id: UUID) -> Response:
        """Anonymise an account of which nothing is open."""
        let_go(self.user(public_id).pk, by=self.actor, now=now())
        return Response(status=204)


class SuspendUserView(UsersView):
    """Switching an account off."""

    verbs: ClassVar = {"POST": "suspend"}
    errors: ClassVar = (account_errors.OwnRoleError,)

    @extend_schema(request=shapes.SuspendInput, responses=shapes.UserDetail)
    def post(self, _request: Request, public_id: UUID) -> Response:
        """Switch an account off and log it out everywhere."""
        user, told = self.user(public_id), self.input(shapes.SuspendInput)
        suspend_account(user_id=user.pk, by=self.actor, now=now(), reason=told["reason"])
        return self.shown(public_id)


class RestoreUserView(UsersView):
    """Switching an account on again."""

    verbs: ClassVar = {"POST": "restore"}

    @extend_schema(request=None, responses=shapes.UserDetail)
    def post(self, _request: Request, public_id: UUID) -> Response:
        """Switch a suspended account on again; an anonymised one stays off."""
        restore_account(user_id=self.user(public_id).pk, by=self.actor)
        return self.shown(public_id)


class UserBatchListView(UsersView):
    """Acts on many accounts."""

    verbs: ClassVar = {"GET": "list_batches", "POST": "batch"}
    idempotent = True
    query_serializer_class = PageQuery
    errors: ClassVar = (errors.TooManyAccountsError,)

    @extend_schema(responses=shapes.BatchOutput(many=True))
    def get(self, _request: Request) -> Response:
        """List the batches, newest first."""
        return self.page(batches_with_counts(), shapes.BatchOutput)

    @extend_schema(request=shapes.BatchInput, responses={201: shapes.BatchOutput})
    def post(self, _request: Request) -> Response:
        """Deactivate or anonymise many accounts; the report tells what became of each."""
        told = self.input(shapes.BatchInput)
        batch = order_batch(
            act=BatchAct(told["act"]),
            accounts=told["users"],
            by=self.actor,
            reason=told.get("reason", ""),
        )
        shown = get_or_404(batches_with_counts(), pk=batch.pk)
        return Response(shapes.BatchOutput(shown).data, status=201)


class UserBatchView(UsersView):
    """One act on many accounts."""

    verbs: ClassVar = {"GET": "read_batch"}

    @extend_schema(responses=shapes.BatchOutput)
    def get(self, _request: Request, public_id: UUID) -> Response:
        """Show how far a batch is."""
        return Response(
            shapes.BatchOutput(get_or_404(batches_with_counts(), public_id=public_id)).data
        )


class UserBatchReportView(UsersView):
    """The report of an act on many accounts."""

    verbs: ClassVar = {"GET": "read_batch"}
    query_serializer_class = PageQuery

    @extend_schema(responses=shapes.BatchItemRow(many=True))
    def get(self, _request: Request, public_id: UUID) -> Response:
        """List what became of each account, and why not."""
        batch = get_or_404(AccountBatch.objects.all(), public_id=public_id)
        return self.page(items_of(batch), shapes.BatchItemRow)


def _wanted(given: dict[str, Any]) -> Wanted:
    return Wanted(
        words=given.get("words", ""),
        role=given.get("role", ""),
        state=given.get("state", ""),
        since=given.get("since"),
        until=given.get("until"),
    )
