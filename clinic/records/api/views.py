"""Reading, printing and correcting signed records; finding codes."""

from collections.abc import Iterable
from typing import ClassVar
from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from clinic.core.api.negotiation import JsonNegotiation
from clinic.core.api.renderers import FastJSONRenderer
from clinic.core.api.views import ApiView, get_or_404
from clinic.records import errors
from clinic.records.api import permissions  # noqa: F401 declares the policy rows
from clinic.records.api.serializers import (
    AddendaOut,
    AddendumIn,
    AddendumOut,
    CodeOut,
    CodeQuery,
    RecordListQuery,
    RecordOut,
    RecordRow,
)
from clinic.records.models import MedicalRecord
from clinic.records.selectors.codes import codes_in_use
from clinic.records.selectors.contents import addenda_in_order
from clinic.records.selectors.records import signed_by, visible_to, with_all
from clinic.records.services.addenda import add_addendum
from clinic.records.services.printing import print_record
from clinic.settings import rules


class RecordsView(ApiView):
    """Base of the endpoints of records."""

    resource = "record"

    def found(self, public_id: UUID) -> MedicalRecord:
        """Return a whole record the caller may read; the base notes the reading."""
        return get_or_404(with_all(visible_to(self.actor)), public_id=public_id)


class RecordListView(RecordsView):
    """Signed records of the caller."""

    verbs: ClassVar = {"GET": "list"}
    query_serializer_class = RecordListQuery

    @extend_schema(responses=RecordRow(many=True))
    def get(self, _request: Request) -> Response:
        """List the own records as patient and the signed ones as doctor, newest first."""
        query = self.query()
        rows = visible_to(self.actor).select_related("doctor", "person")
        if "person_id" in query:
            rows = rows.filter(person__public_id=query["person_id"])
        if "care_id" in query:
            rows = rows.filter(subject_public_id=query["care_id"])
        return self.page(rows.prefetch_related("addenda").order_by("-id"), RecordRow)


class RecordView(RecordsView):
    """One signed record."""

    verbs: ClassVar = {"GET": "read"}

    @extend_schema(responses=RecordOut)
    def get(self, _request: Request, public_id: UUID) -> Response:
        """Read a record with its diagnoses and addenda; a doctor's reading is noted."""
        return Response(RecordOut(self.found(public_id)).data)


class PdfNegotiation(JsonNegotiation):
    """Refusals are JSON for clients that ask for a PDF too."""

    def select_renderer(
        self,
        request: Request,  # noqa: ARG002 given by DRF
        renderers: Iterable[BaseRenderer],  # noqa: ARG002 given by DRF
        format_suffix: str | None = None,  # noqa: ARG002 given by DRF
    ) -> tuple[BaseRenderer, str]:
        """Return JSON."""
        return FastJSONRenderer(), FastJSONRenderer.media_type


class RecordPdfView(RecordsView):
    """A record on paper."""

    verbs: ClassVar = {"GET": "print"}
    rate = rules.RECORD_PRINT_RATE
    content_negotiation_class = PdfNegotiation
    errors: ClassVar = (errors.NoFontError,)

    @extend_schema(responses={(200, "application/pdf"): OpenApiTypes.BINARY})
    def get(self, _request: Request, public_id: UUID) -> HttpResponse:
        """Print a record in Chinese, with a code that proves the copy."""
        record = self.found(public_id)
        return HttpResponse(
            print_record(record),
            content_type="application/pdf",
            headers={
                "Content-Disposition": f'attachment; filename="{record.number}.pdf"',
                "Cache-Control": "private, no-store",
            },
        )


class AddendaView(RecordsView):
    """Corrections of a record."""

    verbs: ClassVar = {"GET": "addenda", "POST": "amend"}
    idempotent = True
    errors: ClassVar = (errors.TooManyAddendaError,)

    @extend_schema(responses=AddendaOut)
    def get(self, _request: Request, public_id: UUID) -> Response:
        """List the corrections of a record, the first one first."""
        record = self.found(public_id)
        return Response(AddendaOut({"results": addenda_in_order(record)}).data)

    @extend_schema(request=AddendumIn, responses={201: AddendumOut})
    def post(self, _request: Request, public_id: UUID) -> Response:
        """Correct a record that you signed; the correction is signed too and stays."""
        record = get_or_404(signed_by(self.actor), public_id=public_id)
        told = self.input(AddendumIn)
        return Response(
            AddendumOut(add_addendum(record.pk, actor=self.actor, **told)).data, status=201
        )


class DiagnosisCodeView(ApiView):
    """Codes of diagnoses."""

    resource = "diagnosis_code"
    verbs: ClassVar = {"GET": "search"}
    query_serializer_class = CodeQuery

    @extend_schema(responses=CodeOut(many=True))
    def get(self, _request: Request) -> Response:
        """Find codes by the beginning of the code or a part of the name, best first."""
        query = self.query()
        rows = codes_in_use(system=query.get("system", ""), search=query.get("search", ""))
        return self.page(rows, CodeOut)
