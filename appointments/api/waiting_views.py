"""Endpoints of the waiting list."""

from typing import Any, ClassVar
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from appointments import errors
from appointments.api.shapes import AppointmentDetail
from appointments.api.views import PAPERS_MISSING, AppointmentView
from appointments.api.waiting_shapes import JoinInput, WaitingOutput
from appointments.selectors.appointments import own
from appointments.selectors.waiting import PEOPLE, standing_of
from appointments.services import offering, waiting
from appointments.services.waiting import WaitingWish
from clinic.core.api.views import get_or_404
from clinic.core.clock import now

NOTHING_TO_WAIT_FOR = (
    *PAPERS_MISSING,
    errors.NothingToWaitForError,
    errors.NotGivenThereError,
    errors.AlreadyWaitingError,
    errors.InPastError,
    errors.TooSoonError,
    errors.TooFarError,
    errors.SelfBookingError,
    errors.CodeExhaustedError,
)


class WaitingView(AppointmentView):
    """Base of the endpoints of the waiting list."""

    def place(self, public_id: UUID) -> dict[str, Any]:
        """Return where the caller's appointment stands. Raises NotFoundError."""
        rows = own(self.actor).select_related(*PEOPLE)
        row = get_or_404(rows, public_id=public_id)
        context = {"actor": self.actor, "standing": standing_of(row, moment=now())}
        return dict(WaitingOutput(row, context=context).data)


class WaitingListView(WaitingView):
    """The waiting list."""

    verbs: ClassVar = {"POST": "wait"}
    rate = "60/m"
    idempotent = True
    errors: ClassVar = NOTHING_TO_WAIT_FOR

    @extend_schema(request=JoinInput, responses={201: WaitingOutput})
    def post(self, _request: Request) -> Response:
        """Wait for a place when nothing is free, until ``waits_until`` of the answer.

        Two hours at most if the type says no other; then the waiting ends and a notice says so.
        """
        wish = WaitingWish(**self.input(JoinInput))
        appointment = waiting.join(actor=self.actor, wish=wish)
        return Response(self.place(appointment.public_id), status=201)


class WaitingPlaceView(WaitingView):
    """One's place on the waiting list."""

    verbs: ClassVar = {"GET": "place"}
    rate = "300/m"

    @extend_schema(responses={200: WaitingOutput})
    def get(self, _request: Request, public_id: UUID) -> Response:
        """Show the place in line and the likely wait, or the place that is offered."""
        return Response(self.place(public_id))


class OfferAcceptView(WaitingView):
    """Acceptance of an offered place."""

    verbs: ClassVar = {"POST": "take_offer"}
    idempotent = True
    errors: ClassVar = (errors.OfferGoneError, errors.PlaceIsYoursError)

    @extend_schema(request=None, responses={200: AppointmentDetail})
    def post(self, _request: Request, public_id: UUID) -> Response:
        """Take the place; what costs money is held for ten minutes: pay its order meanwhile."""
        offering.accept(self.key_among(own(self.actor), public_id), actor=self.actor)
        return Response(self.detail(public_id))


class OfferDeclineView(WaitingView):
    """Refusal of an offered place."""

    verbs: ClassVar = {"POST": "decline_offer"}
    idempotent = True
    errors: ClassVar = (errors.OfferGoneError, errors.PlaceIsYoursError)

    @extend_schema(request=None, responses={200: WaitingOutput})
    def post(self, _request: Request, public_id: UUID) -> Response:
        """Leave the place to the next and wait on where one stood; it is not offered again."""
        offering.decline(self.key_among(own(self.actor), public_id), actor=self.actor)
        return Response(self.place(public_id))
