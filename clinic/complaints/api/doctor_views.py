"""Endpoints of a doctor: what concerns him, and his quality."""

from typing import ClassVar
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from clinic.complaints import errors
from clinic.complaints.api import permissions
from clinic.complaints.api.serializers import ComplaintQuery, ConcerningOut, QualityOut, TextIn
from clinic.complaints.models import ComplaintQuerySet
from clinic.complaints.selectors.complaints import about_doctor, with_comments
from clinic.complaints.selectors.quality import quality_of
from clinic.complaints.services.noting import comment
from clinic.core.api.views import get_or_404
from clinic.core.clock import now
from doctors.api.own_views import OwnView


class _ConcerningBase(OwnView):
    """An endpoint about complaints that concern the caller."""

    resource = permissions.CONCERNING_COMPLAINT

    def rows(self) -> ComplaintQuerySet:
        """Return what concerns the caller, with what he said about it."""
        doctor_id = self.doctor().pk
        return with_comments(about_doctor(doctor_id), doctor_id)


class ConcerningListView(_ConcerningBase):
    """Complaints that concern the doctor."""

    verbs: ClassVar = {"GET": "list"}
    query_serializer_class = ComplaintQuery

    @extend_schema(responses=ConcerningOut(many=True))
    def get(self, _request: Request) -> Response:
        """List the complaints that concern you, the newest first."""
        rows, state = self.rows(), self.query().get("state")
        return self.page(rows.filter(state=state) if state else rows, ConcerningOut)


class ConcerningView(_ConcerningBase):
    """One complaint that concerns the doctor."""

    verbs: ClassVar = {"GET": "read"}

    @extend_schema(responses=ConcerningOut)
    def get(self, _request: Request, public_id: UUID) -> Response:
        """Show a complaint that concerns you."""
        return Response(ConcerningOut(get_or_404(self.rows(), public_id=public_id)).data)


class CommentView(_ConcerningBase):
    """The doctor's view of a complaint."""

    verbs: ClassVar = {"POST": "comment"}
    idempotent = True
    errors: ClassVar = (errors.ComplaintClosedError, errors.ComplaintFullError)

    @extend_schema(request=TextIn, responses={201: ConcerningOut})
    def post(self, _request: Request, public_id: UUID) -> Response:
        """Tell staff your view of a complaint; the patient does not read it."""
        complaint = get_or_404(self.rows(), public_id=public_id)
        comment(complaint.pk, text=self.input(TextIn)["text"], actor=self.actor, now=now())
        row = get_or_404(self.rows(), pk=complaint.pk)
        return Response(ConcerningOut(row).data, status=201)


class QualityView(OwnView):
    """The doctor's quality."""

    resource = permissions.DOCTOR_QUALITY
    verbs: ClassVar = {"GET": "read"}

    @extend_schema(responses=QualityOut)
    def get(self, _request: Request) -> Response:
        """Show your quality score, what was taken off, and what the clinic decided."""
        return Response(QualityOut(quality_of(self.doctor().pk, now())).data)
