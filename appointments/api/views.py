"""Endpoints of appointments."""

from collections.abc import Callable
from typing import Any, ClassVar
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from appointments import errors
from appointments.api.permissions import APPOINTMENT
from appointments.api.rendering import visit_of
from appointments.api.serializers import (
    CancelInput,
    ChangeInput,
    DeclineInput,
    MoveInput,
)
from appointments.api.shapes import (
    AppointmentCancelOutput,
    AppointmentDetail,
    LogOutput,
    StepOutput,
)
from appointments.enums import DeclineReason
from appointments.models import Appointment
from appointments.selectors.appointments import (
    assigned,
    own,
    visible_to,
)
from appointments.selectors.log import logged_steps_of
from appointments.selectors.reading import Values, read_visit, reading, seen_by
from appointments.services import cancelling, changing, displacing, flow, moving
from clinic.core.actor import Actor
from clinic.core.api.views import ApiView, get_or_404, json_answer
from clinic.core.errors import ClinicError, IllegalTransitionError, NotFoundError
from clinic.core.statements import Read
from clinic.patients.errors import ConsentNeededError, RealNameNeededError

NO_SUCH_TIME = (
    errors.InPastError,
    errors.TooSoonError,
    errors.TooFarError,
    errors.OutsideHoursError,
    errors.OffGridError,
    errors.SlotTakenError,
    errors.CapacityFullError,
    errors.PersonBookedError,
    errors.BusyError,
)
PAPERS_MISSING = (RealNameNeededError, ConsentNeededError)


class AppointmentView(ApiView):
    """Base of the endpoints of one appointment: look-up by side and the answer's shape."""

    resource = APPOINTMENT
    refuses_unknown_fields = True

    def key_among(self, rows: QuerySet[Appointment], public_id: UUID) -> int:
        """Return the key of one of these rows. Raises NotFoundError."""
        return get_or_404(rows, public_id=public_id).pk

    def detail(self, public_id: UUID) -> dict[str, Any]:
        """Return the appointment as the caller's side sees it. Raises NotFoundError."""
        return self.shown(read_visit(self.actor, public_id))

    def shown(self, values: Values | None) -> dict[str, Any]:
        """Return the answer about an appointment. Raises NotFoundError without one."""
        if values is None:
            raise NotFoundError
        return visit_of(values, self.actor.user_id)


class AppointmentDetailView(AppointmentView):
    """One appointment."""

    verbs: ClassVar = {"GET": "read", "PATCH": "change"}
    together = frozenset({"GET"})
    rate = "300/m"
    errors: ClassVar = (errors.ChangeTooLateError, IllegalTransitionError)

    def read_ahead(self, request: Request) -> Read | None:
        """Read the appointment together with who asks for it."""
        return reading(self.kwargs["public_id"]) if request.method == "GET" else None

    @extend_schema(responses={200: AppointmentDetail})
    def get(self, _request: Request, public_id: UUID) -> HttpResponse:  # noqa: ARG002 read ahead
        """Show an appointment; a doctor sees it once it is paid for."""
        return json_answer(self.shown(seen_by(self.actor, self.row_ahead())))

    @extend_schema(request=ChangeInput, responses={200: AppointmentDetail})
    def patch(self, _request: Request, public_id: UUID) -> Response:
        """Change your wishes before the visit; the time is changed by move."""
        pk = self.key_among(own(self.actor), public_id)
        told = self.input(ChangeInput)
        changing.change(pk, actor=self.actor, **told)
        return Response(self.detail(public_id))


class AppointmentLogView(AppointmentView):
    """Steps of an appointment."""

    verbs: ClassVar = {"GET": "log"}

    @extend_schema(responses={200: LogOutput})
    def get(self, _request: Request, public_id: UUID) -> Response:
        """List the steps of an appointment, oldest first."""
        row = get_or_404(visible_to(self.actor), public_id=public_id)
        return Response({"results": StepOutput(logged_steps_of(row), many=True).data})


class AppointmentCancelView(AppointmentView):
    """Cancellation of an appointment."""

    verbs: ClassVar = {"POST": "cancel"}
    idempotent = True
    errors: ClassVar = (errors.CancelTooLateError, IllegalTransitionError)

    @extend_schema(request=CancelInput, responses={200: AppointmentCancelOutput})
    def post(self, _request: Request, public_id: UUID) -> Response:
        """Cancel; in the free time of the type, or by the doctor, all the money goes back."""
        pk = self.key_among(visible_to(self.actor), public_id)
        told = self.input(CancelInput)
        _appointment, decision = cancelling.cancel(pk, actor=self.actor, **told)
        refund = {"mode": decision.mode, "amount_fen": decision.amount_fen}
        return Response({"appointment": self.detail(public_id), "refund": refund})


class AppointmentMoveView(AppointmentView):
    """Another time for an appointment."""

    verbs: ClassVar = {"POST": "move"}
    idempotent = True
    errors: ClassVar = (
        *NO_SUCH_TIME,
        errors.MoveTooLateError,
        errors.MovedTooOftenError,
        errors.SameTimeError,
        IllegalTransitionError,
    )

    @extend_schema(request=MoveInput, responses={200: AppointmentDetail})
    def post(self, _request: Request, public_id: UUID) -> Response:
        """Move to another free slot in one step; the old place is kept when that one is taken."""
        pk = self.key_among(own(self.actor), public_id)
        moving.move(pk, actor=self.actor, **self.input(MoveInput))
        return Response(self.detail(public_id))


class _DoctorStepView(AppointmentView):
    """One step of the doctor."""

    step: ClassVar[Callable[..., Appointment]]
    errors: ClassVar[tuple[type[ClinicError], ...]] = (
        errors.TooEarlyError, IllegalTransitionError,
    )  # fmt: skip

    def take_step(self, public_id: UUID) -> Response:
        """Do the step of the class with the doctor's appointment."""
        actor: Actor = self.actor
        type(self).step(self.key_among(assigned(actor), public_id), actor=actor)
        return Response(self.detail(public_id))


class AppointmentAcceptView(_DoctorStepView):
    """Acceptance of an appointment."""

    verbs: ClassVar = {"POST": "accept"}
    step = staticmethod(flow.accept)

    @extend_schema(request=None, responses={200: AppointmentDetail})
    def post(self, _request: Request, public_id: UUID) -> Response:
        """Confirm a pending appointment."""
        return self.take_step(public_id)


class AppointmentDeclineView(AppointmentView):
    """Refusal of a booking by its doctor."""

    verbs: ClassVar = {"POST": "decline"}
    idempotent = True
    errors: ClassVar = (errors.BusyError, IllegalTransitionError)

    @extend_schema(request=DeclineInput, responses={204: None})
    def post(self, _request: Request, public_id: UUID) -> Response:
        """Give a pending appointment to another doctor; without one all the money goes back."""
        why = DeclineReason(self.input(DeclineInput)["reason"])
        pk = self.key_among(assigned(self.actor), public_id)
        displacing.decline(pk, actor=self.actor, why=why)
        return Response(status=204)


class AppointmentStartView(_DoctorStepView):
    """Beginning of a visit."""

    verbs: ClassVar = {"POST": "start"}
    step = staticmethod(flow.start)

    @extend_schema(request=None, responses={200: AppointmentDetail})
    def post(self, _request: Request, public_id: UUID) -> Response:
        """Begin the visit, an hour before its time at the earliest."""
        return self.take_step(public_id)


class AppointmentFinishView(_DoctorStepView):
    """End of a visit."""

    verbs: ClassVar = {"POST": "finish"}
    step = staticmethod(flow.finish)

    @extend_schema(request=None, responses={200: AppointmentDetail})
    def post(self, _request: Request, public_id: UUID) -> Response:
        """End the visit."""
        return self.take_step(public_id)


class AppointmentNoShowView(_DoctorStepView):
    """A visit that nobody came to."""

    verbs: ClassVar = {"POST": "no_show"}
    errors: ClassVar = (*_DoctorStepView.errors, errors.PatientIsHereError)
    step = staticmethod(flow.mark_no_show)

    @extend_schema(request=None, responses={200: AppointmentDetail})
    def post(self, _request: Request, public_id: UUID) -> Response:
        """Say that the patient did not come, 15 minutes after the start at the earliest."""
        return self.take_step(public_id)
