"""Files over HTTP."""

from collections.abc import Iterable
from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from clinic.accounts.authentication import BearerAuthentication, ConsoleAuthentication
from clinic.core.api.negotiation import JsonNegotiation
from clinic.core.api.renderers import FastJSONRenderer
from clinic.core.api.views import ApiView
from clinic.files.api.parsers import OneFileParser
from clinic.files.api.serializers import FileSerializer, UploadSerializer
from clinic.files.contents.reading import MEDIA_TYPES
from clinic.files.errors import (
    FileBeingScannedError,
    FileEmptyError,
    FileKindRefusedError,
    FileQuotaError,
    FileRefusedError,
    FileTooLargeError,
)
from clinic.files.selectors import readable_file
from clinic.files.services.storing import store_file
from clinic.files.serving import answer_with
from clinic.settings import rules


class FileListView(ApiView):
    """Upload files."""

    resource = "file"
    authentication_classes = (BearerAuthentication, ConsoleAuthentication)
    verbs = {"POST": "upload"}
    rate = rules.FILE_RATE
    parser_classes = (OneFileParser,)
    errors = (FileEmptyError, FileKindRefusedError, FileTooLargeError, FileQuotaError)

    @extend_schema(request=UploadSerializer, responses={201: FileSerializer})
    def post(self, request: Request) -> Response:  # noqa: ARG002 given by DRF
        """Upload a file; attach it within 24 hours, or it is removed."""
        values = self.input(UploadSerializer)
        given = values["file"]
        if given.size > rules.FILE_MAX_BYTES:
            raise FileTooLargeError
        file = store_file(
            actor=self.actor, purpose=values["purpose"], name=given.name, data=given.read()
        )
        return Response(FileSerializer(file).data, status=201)


class AnyNegotiation(JsonNegotiation):
    """Refusals are JSON whatever kind of picture the client would have liked."""

    def select_renderer(
        self,
        request: Request,  # noqa: ARG002 given by DRF
        renderers: Iterable[BaseRenderer],  # noqa: ARG002 given by DRF
        format_suffix: str | None = None,  # noqa: ARG002 given by DRF
    ) -> tuple[BaseRenderer, str]:
        """Return JSON."""
        return FastJSONRenderer(), FastJSONRenderer.media_type


class FileView(ApiView):
    """The content of a file."""

    resource = "file"
    authentication_classes = (BearerAuthentication, ConsoleAuthentication)
    verbs = {"GET": "read"}
    content_negotiation_class = AnyNegotiation
    errors = (FileBeingScannedError, FileRefusedError)

    @extend_schema(
        responses={
            **dict.fromkeys(((200, mime) for mime in MEDIA_TYPES), OpenApiTypes.BINARY),
            **dict.fromkeys(((206, mime) for mime in MEDIA_TYPES), OpenApiTypes.BINARY),
            304: None,
            416: None,
        }
    )
    def get(self, request: Request, public_id: UUID) -> HttpResponse:
        """Read the content of a file, or the range that is asked for."""
        file = readable_file(self.actor, public_id)
        return answer_with(file, request.headers)
