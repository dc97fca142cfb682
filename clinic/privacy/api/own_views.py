"""Endpoints of what people do with their own data."""

from typing import Any, ClassVar
from uuid import UUID

from django.http import FileResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from clinic.accounts.api.views import MeView
from clinic.accounts.selectors import account_of
from clinic.core.actor import Actor
from clinic.core.api.query import PageQuery
from clinic.core.api.views import ApiView, get_or_404
from clinic.core.clock import now
from clinic.core.errors import NotFoundError
from clinic.privacy import errors
from clinic.privacy.api import own_shapes as shapes
from clinic.privacy.api.permissions import OWN_DELETION, OWN_EXPORT, OWN_READS
from clinic.privacy.enums import Kept
from clinic.privacy.models import DataExport
from clinic.privacy.selectors.obstacles import in_words, kept_of, obstacles_of
from clinic.privacy.selectors.own import exports_of, latest_deletion
from clinic.privacy.selectors.reads import reads_of
from clinic.privacy.services import deletion, exports


class ExportsView(ApiView):
    """Base of the endpoints of one's own archives."""

    resource = OWN_EXPORT

    def export(self, public_id: UUID) -> DataExport:
        """Return one archive of the caller's own."""
        return get_or_404(exports_of(self.actor), public_id=public_id)


class ExportListView(ExportsView):
    """Archives of one's own data."""

    verbs: ClassVar = {"GET": "list", "POST": "ask"}
    query_serializer_class = PageQuery
    errors: ClassVar = (errors.ExportOpenError, errors.ExportLimitError)

    @extend_schema(responses=shapes.ExportOutput(many=True))
    def get(self, _request: Request) -> Response:
        """List your archives, newest first."""
        return self.page(exports_of(self.actor), shapes.ExportOutput)

    @extend_schema(request=None, responses={201: shapes.ExportOutput})
    def post(self, _request: Request) -> Response:
        """Ask for an archive of all your data; it is written within minutes."""
        export = exports.ask_for_export(actor=self.actor, now=now())
        return Response(shapes.ExportOutput(export).data, status=201)


class ExportView(ExportsView):
    """One archive."""

    verbs: ClassVar = {"GET": "read"}

    @extend_schema(responses=shapes.ExportOutput)
    def get(self, _request: Request, public_id: UUID) -> Response:
        """Show how far your archive is."""
        return Response(shapes.ExportOutput(self.export(public_id)).data)


class ExportTokenView(ExportsView):
    """The code that opens an archive."""

    verbs: ClassVar = {"POST": "renew_token"}
    errors: ClassVar = (errors.ExportBeingWrittenError, errors.ExportNotReadyError)

    @extend_schema(request=None, responses={201: shapes.TokenOutput})
    def post(self, _request: Request, public_id: UUID) -> Response:
        """Get the download code; it is shown this once, and a former one opens nothing more."""
        export = self.export(public_id)
        token = exports.renew_token(export=export, actor=self.actor, now=now())
        told = {"token": token, "expires_at": export.expires_at}
        return Response(shapes.TokenOutput(told).data, status=201)


class ExportFileView(ExportsView):
    """The bytes of an archive."""

    verbs: ClassVar = {"POST": "fetch"}
    rate = "30/h"
    errors: ClassVar = (
        errors.ExportBeingWrittenError,
        errors.ExportNotReadyError,
        errors.DownloadRefusedError,
    )

    @extend_schema(
        request=shapes.FetchInput, responses={(200, "application/zip"): OpenApiTypes.BINARY}
    )
    def post(self, _request: Request, public_id: UUID) -> FileResponse:
        """Fetch the archive, once."""
        export, told = self.export(public_id), self.input(shapes.FetchInput)
        archive = exports.fetch_export(
            export=export, token=told["token"], actor=self.actor, now=now()
        )
        answer = FileResponse(
            archive,
            as_attachment=True,
            filename=f"xiangcao-{export.day}.zip",
            content_type="application/zip",
        )
        answer["Cache-Control"] = "private, no-store"
        return answer


class DeletionView(ApiView):
    """The wish to be forgotten."""

    resource = OWN_DELETION
    verbs: ClassVar = {"GET": "read", "POST": "ask", "DELETE": "revoke"}
    errors: ClassVar = (
        errors.DeletionAskedError,
        errors.DeletionNotAskedError,
        errors.OpenMattersError,
    )

    @extend_schema(responses=shapes.DeletionOutput)
    def get(self, _request: Request) -> Response:
        """Show your wish, what is still open, and what the law keeps of you."""
        return Response(deletion_told(self.actor))

    @extend_schema(request=shapes.DeletionInput, responses={201: shapes.DeletionOutput})
    def post(self, _request: Request) -> Response:
        """Ask to be forgotten; for some days you can take it back."""
        self.input(shapes.DeletionInput)
        deletion.ask_for_deletion(actor=self.actor, now=now())
        return Response(deletion_told(self.actor), status=201)

    @extend_schema(responses={204: None})
    def delete(self, _request: Request) -> Response:
        """Take the wish back."""
        deletion.revoke_deletion(actor=self.actor, now=now())
        return Response(status=204)


class OwnAccountView(MeView):
    """The account of who asks, with its end."""

    verbs: ClassVar = {**MeView.verbs, "DELETE": "delete"}
    errors: ClassVar = (errors.OpenMattersError,)

    @extend_schema(responses={202: shapes.DeletionOutput})
    def delete(self, _request: Request) -> Response:
        """Ask to be forgotten, as ``privacy/deletion`` does; ``due_at`` is when it takes effect.

        A repetition tells the wish that stands.
        """
        deletion.ask_or_keep(actor=self.actor, now=now())
        return Response(deletion_told(self.actor), status=202)


def deletion_told(actor: Actor) -> dict[str, Any]:
    """Return the wish of the account, what is open now, and what the law keeps."""
    account = account_of(actor)
    kept = kept_of(account)
    answer = shapes.deletion_answer(
        latest_deletion(account),
        open_=in_words(obstacles_of(account)),
        stays=[
            {"code": kind.value, "detail": str(kind.label), "count": kept[kind.value]}
            for kind in Kept
        ],
    )
    return dict(shapes.DeletionOutput(answer).data)


class ReadListView(ApiView):
    """Who opened one's data."""

    resource = OWN_READS
    verbs: ClassVar = {"GET": "list"}
    query_serializer_class = PageQuery

    @extend_schema(responses=shapes.ReadRow(many=True))
    def get(self, _request: Request) -> Response:
        """List who opened your data within a year, by kind of person, newest first."""
        patient = self.actor.public_id
        if patient is None:
            raise NotFoundError
        return self.page(reads_of(patient, now()), shapes.ReadRow)
