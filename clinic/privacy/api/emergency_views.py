"""Endpoints of emergency reading."""

from typing import ClassVar
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from clinic.core.api.query import PageQuery
from clinic.core.api.views import ApiView, get_or_404
from clinic.core.clock import now
from clinic.privacy import errors
from clinic.privacy.api import own_shapes as shapes
from clinic.privacy.api.permissions import EMERGENCY
from clinic.privacy.enums import EmergencyReason
from clinic.privacy.selectors.emergency import (
    accesses_of,
    open_access,
    persons_under,
    records_under,
)
from clinic.privacy.services.emergency import note_overview, note_record, open_emergency
from clinic.records.api.serializers import RecordOut
from clinic.settings import rules

RECORDS_SHOWN = 50


class EmergencyView(ApiView):
    """Base of the endpoints of emergency reading."""

    resource = EMERGENCY
    rate = rules.EMERGENCY_RATE


class EmergencyListView(EmergencyView):
    """Emergency accesses."""

    verbs: ClassVar = {"GET": "list", "POST": "open"}
    query_serializer_class = PageQuery
    errors: ClassVar = (errors.NoSuchPatientError, errors.EmergencyLimitError)

    @extend_schema(responses=shapes.EmergencyRow(many=True))
    def get(self, _request: Request) -> Response:
        """List your emergency accesses, newest first."""
        rows = accesses_of(self.actor).filter(reader_id=self.actor.account_id)
        return self.page(rows, shapes.EmergencyRow)

    @extend_schema(request=shapes.EmergencyInput, responses={201: shapes.EmergencyRow})
    def post(self, _request: Request) -> Response:
        """Open one patient's data for 15 minutes; supervisors hear at once, the patient later."""
        told = self.input(shapes.EmergencyInput)
        access = open_emergency(
            actor=self.actor,
            whom=told["patient"],
            reason=EmergencyReason(told["reason"]),
            words=told["words"],
            now=now(),
        )
        return Response(shapes.EmergencyRow(access).data, status=201)


class EmergencyDetailView(EmergencyView):
    """What an access shows at once."""

    verbs: ClassVar = {"GET": "read"}
    errors: ClassVar = (errors.EmergencyOverError,)

    @extend_schema(responses=shapes.EmergencyDetail)
    def get(self, _request: Request, public_id: UUID) -> Response:
        """Show the persons and the list of records while the time runs."""
        moment = now()
        access = open_access(self.actor, public_id, moment)
        note_overview(access, actor=self.actor)
        told = {
            "access": access,
            "persons": persons_under(access, moment),
            "records": records_under(access)[:RECORDS_SHOWN],
        }
        return Response(shapes.EmergencyDetail(told).data)


class EmergencyRecordView(EmergencyView):
    """One record under an access."""

    verbs: ClassVar = {"GET": "read_record"}
    errors: ClassVar = (errors.EmergencyOverError,)

    @extend_schema(responses=RecordOut)
    def get(self, _request: Request, public_id: UUID, record_id: UUID) -> Response:
        """Read one record while the time runs."""
        access = open_access(self.actor, public_id, now())
        record = get_or_404(records_under(access), public_id=record_id)
        note_record(access, record, actor=self.actor)
        return Response(RecordOut(record).data)
