"""Endpoints of transfers between doctors."""

from typing import ClassVar
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from clinic.core.api.views import get_or_404
from clinic.core.errors import IllegalTransitionError, NotFoundError
from consultations import errors
from consultations.api.permissions import TRANSFER
from consultations.api.serializers import ReasonInput
from consultations.api.shapes import CaseForDoctor
from consultations.api.transfer_shapes import (
    TakeOverInput,
    TransferInput,
    TransferOutput,
    TransferQuery,
)
from consultations.api.views import ConsultationView
from consultations.models import Transfer
from consultations.selectors.transfers import transfers_of
from consultations.services import transferring
from doctors import selectors as doctors
from doctors.errors import IdentityCheckNeededError, NotCertifiedError, SuspendedError
from doctors.models import Doctor


class TransferView(ConsultationView):
    """Offer of a case to a colleague."""

    verbs: ClassVar = {"POST": "transfer", "DELETE": "withdraw_transfer"}
    rate = "30/m"
    errors: ClassVar = (
        errors.TransferOpenError,
        errors.TransferLimitError,
        errors.TransferRefusedError,
        errors.NoChildrenHereError,
        errors.BirthdayNeededError,
        IllegalTransitionError,
    )

    @extend_schema(request=TransferInput, responses={201: TransferOutput})
    def post(self, _request: Request, public_id: UUID) -> Response:
        """Offer the case to a colleague; it stays yours until he accepts."""
        pk = self.assigned_id(public_id)
        told = self.input(TransferInput)
        made = transferring.offer_transfer(
            pk,
            to=told["doctor_id"],
            reason=told["reason"],
            note=told["note"],
            actor=self.actor,
        )
        shown = get_or_404(transfers_of(made.from_doctor), pk=made.pk)
        return Response(
            TransferOutput(shown, context=self.get_serializer_context()).data, status=201
        )

    @extend_schema(request=None, responses={204: None})
    def delete(self, _request: Request, public_id: UUID) -> Response:
        """Take the open offer back."""
        transferring.withdraw_transfer(self.assigned_id(public_id), actor=self.actor)
        return Response(status=204)


class OfferView(ConsultationView):
    """Base of a doctor's answers to offers."""

    resource = TRANSFER

    def doctor(self) -> Doctor:
        """The profile of the caller. Raises NotFoundError without one."""
        doctor = doctors.doctor_of(self.actor)
        if doctor is None:
            raise NotFoundError
        return doctor

    def offer(self, public_id: UUID) -> Transfer:
        """Return an offer made to the caller. Raises NotFoundError."""
        doctor = self.doctor()
        return get_or_404(transfers_of(doctor), public_id=public_id, to_doctor=doctor)


class TransferListView(OfferView):
    """Offers that the doctor got or gave."""

    verbs: ClassVar = {"GET": "list"}
    query_serializer_class = TransferQuery

    @extend_schema(responses=TransferOutput(many=True))
    def get(self, _request: Request) -> Response:
        """List offers of colleagues to you and of you to them, newest first."""
        rows = transfers_of(self.doctor())
        if "state" in self.query():
            rows = rows.filter(state=self.query()["state"])
        return self.page(rows, TransferOutput)


class AcceptTransferView(OfferView):
    """Acceptance of an offered case."""

    verbs: ClassVar = {"POST": "accept"}
    errors: ClassVar = (
        errors.TransferOverError,
        errors.TransferRefusedError,
        errors.DoctorHasNoRoomError,
        IllegalTransitionError,
        IdentityCheckNeededError,
        NotCertifiedError,
        SuspendedError,
    )

    @extend_schema(request=TakeOverInput, responses={200: CaseForDoctor})
    def post(self, _request: Request, public_id: UUID) -> Response:
        """Take the case over; you read the conversation from its start and the draft record.

        The colleague's word on the re-visit does not count for you: confirm with ``fits_revisit``,
        or before you sign.
        """
        told = self.input(TakeOverInput)
        case = transferring.accept_transfer(self.offer(public_id), actor=self.actor, **told)
        return Response(self.detail(case.public_id))


class DeclineTransferView(OfferView):
    """Refusal of an offered case."""

    verbs: ClassVar = {"POST": "decline"}
    errors: ClassVar = (errors.TransferOverError,)

    @extend_schema(request=ReasonInput, responses={204: None})
    def post(self, _request: Request, public_id: UUID) -> Response:
        """Leave the case with the colleague."""
        why = self.input(ReasonInput)["reason"]
        transferring.decline_transfer(self.offer(public_id), actor=self.actor, why=why)
        return Response(status=204)
