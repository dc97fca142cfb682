"""Endpoints of the record of one case, for its doctor."""

from typing import ClassVar
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from clinic.core.api.views import get_or_404
from clinic.core.errors import IllegalTransitionError
from clinic.records.api.serializers import DraftIn, DraftOut
from clinic.records.errors import RecordIncompleteError, RecordSignedError
from consultations.api.views import ConsultationView
from consultations.errors import RevisitNotConfirmedError
from consultations.selectors.consultations import assigned
from consultations.services import recording


class RecordView(ConsultationView):
    """Record of a consultation while it is written."""

    verbs: ClassVar = {"GET": "read_record", "PUT": "write_record"}
    errors: ClassVar = (IllegalTransitionError, RecordSignedError)

    @extend_schema(responses=DraftOut)
    def get(self, _request: Request, public_id: UUID) -> Response:
        """Show the record as it is; a new one begins with what the patient described."""
        case = get_or_404(assigned(self.actor), public_id=public_id)
        return Response(DraftOut(recording.draft_of(case)).data)

    @extend_schema(request=DraftIn, responses=DraftOut)
    def put(self, _request: Request, public_id: UUID) -> Response:
        """Store what is written so far; fields that are left out stay as they are."""
        pk = self.assigned_id(public_id)
        record = recording.save_record(pk, actor=self.actor, told=self.input(DraftIn))
        return Response(DraftOut(record).data)


class SignRecordView(ConsultationView):
    """Signature below the record of a case that ended without one."""

    verbs: ClassVar = {"POST": "sign_record"}
    errors: ClassVar = (
        IllegalTransitionError,
        RecordSignedError,
        RecordIncompleteError,
        RevisitNotConfirmedError,
    )

    @extend_schema(request=DraftIn, responses=DraftOut)
    def post(self, _request: Request, public_id: UUID) -> Response:
        """Sign the record of a case that its patient, the time or a referral ended."""
        pk = self.assigned_id(public_id)
        record = recording.sign_late(pk, actor=self.actor, told=self.input(DraftIn))
        return Response(DraftOut(record).data)
