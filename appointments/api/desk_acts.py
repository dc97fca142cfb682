"""What the front desk does with appointments; each act is one service."""

from collections.abc import Callable
from typing import Any, ClassVar
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from appointments import errors
from appointments.api.desk_serializers import (
    DeskBookInput,
    DeskCancelInput,
    DeskMoneyInput,
    DeskMoveInput,
    DeskRankInput,
)
from appointments.api.desk_shapes import DeskDetailShape, DeskMoneyShape
from appointments.api.desk_views import FrontDeskView
from appointments.api.views import NO_SUCH_TIME, PAPERS_MISSING
from appointments.enums import OutsideHours, Source
from appointments.models import Appointment
from appointments.selectors.places import branch_by_code
from appointments.selectors.walls import moment_at, next_minute, zone_of, zone_of_visit
from appointments.services import (
    booking,
    cancelling,
    checking_in,
    desk,
    flow,
    moving,
    offering,
    ranking,
)
from appointments.services.wishes import Wish
from clinic.core import idempotency
from clinic.core.clock import now
from clinic.core.errors import ClinicError, IllegalTransitionError
from payments.enums import ProofKind
from payments.errors import OrderAlreadyPaidError, OrderNotPayableError, ProofUsedError


class DeskBookView(FrontDeskView):
    """Bookings by the desk."""

    verbs: ClassVar = {"POST": "work"}
    idempotent = True
    errors: ClassVar = (
        *NO_SUCH_TIME, *PAPERS_MISSING, errors.SelfBookingError, errors.CodeExhaustedError,
    )  # fmt: skip

    @extend_schema(request=DeskBookInput, responses={201: DeskDetailShape})
    def post(self, _request: Request) -> Response:
        """Book for somebody who stands at the desk or calls; what costs nothing is confirmed."""
        told = self.input(DeskBookInput)
        day, at = told.pop("date"), told.pop("time")
        zone = zone_of(branch_by_code(told["branch"]))
        starts_at = moment_at(zone, day, at) if day and at else next_minute(now())
        wish = Wish(
            kind=told.pop("type"),
            starts_at=starts_at,
            source=Source.WALK_IN if told.pop("is_walk_in") else Source.STAFF,
            outside_hours=_reason(told.pop("outside_hours")),
            **told,
        )
        appointment = booking.book(actor=self.actor, wish=wish)
        return Response(self.detail(appointment.public_id), status=201)


class DeskMoveView(FrontDeskView):
    """Another time or doctor."""

    verbs: ClassVar = {"POST": "work"}
    idempotent = True
    errors: ClassVar = (
        *NO_SUCH_TIME,
        errors.MoveTooLateError,
        errors.SameTimeError,
        IllegalTransitionError,
    )

    @extend_schema(request=DeskMoveInput, responses={200: DeskDetailShape})
    def post(self, _request: Request, public_id: UUID) -> Response:
        """Give an appointment another time or doctor in one step; it is confirmed at once."""
        row, told = self.appointment(public_id), self.input(DeskMoveInput)
        moving.move(
            row.pk,
            actor=self.actor,
            starts_at=moment_at(zone_of_visit(row), told["date"], told["time"]),
            doctor_id=told["doctor_id"],
            outside_hours=_reason(told["outside_hours"]),
        )
        return Response(self.detail(public_id))


class DeskCancelView(FrontDeskView):
    """Cancellation by the clinic."""

    verbs: ClassVar = {"POST": "work"}
    idempotent = True
    errors: ClassVar = (errors.CancelTooLateError, IllegalTransitionError)

    @extend_schema(request=DeskCancelInput, responses={200: DeskDetailShape})
    def post(self, _request: Request, public_id: UUID) -> Response:
        """Cancel for the clinic: all the money goes back."""
        told = self.input(DeskCancelInput)
        cancelling.cancel(self.appointment(public_id).pk, actor=self.actor, **told)
        return Response(self.detail(public_id))


class _DeskStepView(FrontDeskView):
    """One step of a visit."""

    verbs: ClassVar = {"POST": "work"}
    step: ClassVar[Callable[..., Appointment]]
    errors: ClassVar[tuple[type[ClinicError], ...]] = (
        errors.TooEarlyError, IllegalTransitionError,
    )  # fmt: skip

    def take_step(self, public_id: UUID) -> Response:
        """Do the step of the class."""
        type(self).step(self.appointment(public_id).pk, actor=self.actor)
        return Response(self.detail(public_id))


class DeskAcceptView(_DeskStepView):
    """Acceptance for the doctor."""

    step = staticmethod(flow.accept)

    @extend_schema(request=None, responses={200: DeskDetailShape})
    def post(self, _request: Request, public_id: UUID) -> Response:
        """Confirm a pending appointment for its doctor."""
        return self.take_step(public_id)


class DeskCheckInView(_DeskStepView):
    """Arrival of a patient."""

    errors: ClassVar = (*_DeskStepView.errors, errors.NotPaidYetError)
    step = staticmethod(checking_in.check_in_at_desk)

    @extend_schema(request=None, responses={200: DeskDetailShape})
    def post(self, _request: Request, public_id: UUID) -> Response:
        """Say that the patient is there, an hour before the start at the earliest."""
        return self.take_step(public_id)


class DeskStartView(_DeskStepView):
    """Beginning of a visit."""

    step = staticmethod(flow.start)

    @extend_schema(request=None, responses={200: DeskDetailShape})
    def post(self, _request: Request, public_id: UUID) -> Response:
        """Begin the visit for the doctor."""
        return self.take_step(public_id)


class DeskFinishView(_DeskStepView):
    """End of a visit."""

    step = staticmethod(flow.finish)

    @extend_schema(request=None, responses={200: DeskDetailShape})
    def post(self, _request: Request, public_id: UUID) -> Response:
        """End the visit for the doctor."""
        return self.take_step(public_id)


class DeskNoShowView(_DeskStepView):
    """A visit that nobody came to."""

    step = staticmethod(flow.mark_no_show)

    @extend_schema(request=None, responses={200: DeskDetailShape})
    def post(self, _request: Request, public_id: UUID) -> Response:
        """Say that nobody came, 15 minutes after the start at the earliest."""
        return self.take_step(public_id)


class DeskOfferAcceptView(_DeskStepView):
    """Acceptance of an offered place."""

    idempotent = True
    errors: ClassVar = (errors.OfferGoneError, errors.PlaceIsYoursError)
    step = staticmethod(offering.accept)

    @extend_schema(request=None, responses={200: DeskDetailShape})
    def post(self, _request: Request, public_id: UUID) -> Response:
        """Take the offered place for somebody who waits."""
        return self.take_step(public_id)


class DeskOfferDeclineView(_DeskStepView):
    """Refusal of an offered place."""

    idempotent = True
    errors: ClassVar = (errors.OfferGoneError, errors.PlaceIsYoursError)
    step = staticmethod(offering.decline)

    @extend_schema(request=None, responses={200: DeskDetailShape})
    def post(self, _request: Request, public_id: UUID) -> Response:
        """Leave the offered place to the next; who waits keeps his place in line."""
        return self.take_step(public_id)


class DeskRankView(FrontDeskView):
    """Who is served first."""

    verbs: ClassVar = {"POST": "work"}
    idempotent = True
    errors: ClassVar = (IllegalTransitionError,)

    @extend_schema(request=DeskRankInput, responses={200: DeskDetailShape})
    def post(self, _request: Request, public_id: UUID) -> Response:
        """Give somebody on the waiting list another priority."""
        priority = self.input(DeskRankInput)["priority"]
        ranking.rank(self.appointment(public_id).pk, priority=priority, actor=self.actor)
        return Response(self.detail(public_id))


class DeskMoneyView(FrontDeskView):
    """Money at the desk."""

    verbs: ClassVar = {"POST": "work"}
    idempotent = True
    run_once = staticmethod(idempotency.once_across_calls)
    errors: ClassVar = (
        errors.NothingToPayError,
        OrderAlreadyPaidError,
        OrderNotPayableError,
        ProofUsedError,
    )

    @extend_schema(request=DeskMoneyInput, responses={200: DeskMoneyShape})
    def post(self, _request: Request, public_id: UUID) -> Response:
        """Write down money for an appointment; a large sum waits for a second person."""
        told = self.input(DeskMoneyInput)
        is_paid = desk.take_money(
            self.appointment(public_id).pk,
            kind=ProofKind(told["kind"]),
            reference=told["reference"],
            actor=self.actor,
        )
        answer: dict[str, Any] = {"is_paid": is_paid, "appointment": self.detail(public_id)}
        return Response(answer)


def _reason(word: str | None) -> OutsideHours | None:
    return OutsideHours(word) if word else None
