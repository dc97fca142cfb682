"""Appointments at the addresses that seed 002 prints: thin doors to the same services."""

from typing import ClassVar, Final
from uuid import UUID

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from appointments import errors
from appointments.api.permissions import APPOINTMENT
from appointments.api.seed_shapes import (
    RealtorInput,
    RealtorStatusInput,
    RealtorStatusOutput,
    SeedAppointmentOutput,
    SeedBookInput,
    check_own,
    columns_of,
    status_of,
)
from appointments.api.serializers import CancelInput
from appointments.api.views import NO_SUCH_TIME, PAPERS_MISSING, AppointmentView
from appointments.selectors.appointments import visible_to
from appointments.selectors.by_code import find_by_code
from appointments.services import cancelling
from appointments.services.looking_up import look_up
from appointments.services.seed import StoreWish, accept_at_store, book_at_store
from clinic.core.api.views import ApiView, client_address, get_or_404
from clinic.core.errors import IllegalTransitionError, NotFoundError
from clinic.core.idempotency import once_if_asked
from clinic.patients.errors import TooManyPersonsError
from doctors.api.own_views import OwnView
from doctors.errors import NotCertifiedError, SuspendedError
from doctors.services.presence import set_presence

LAST4_HEADER: Final = "X-Phone-Last4"


class SeedBookView(ApiView):
    """Booking with a name and a phone."""

    resource = APPOINTMENT
    verbs: ClassVar = {"POST": "book"}
    rate = "60/m"
    idempotent = True
    run_once = staticmethod(once_if_asked)
    errors: ClassVar = (
        *NO_SUCH_TIME, *PAPERS_MISSING, errors.BadDurationError, errors.SelfBookingError,
        errors.CodeExhaustedError, errors.AlreadyWaitingError, errors.NotGivenThereError,
        TooManyPersonsError,
    )  # fmt: skip

    @extend_schema(request=SeedBookInput, responses={201: SeedAppointmentOutput})
    def post(self, _request: Request) -> Response:
        """Book at a store, or wait when that time is full.

        The person of that name is added to your visit persons when new.
        """
        told = StoreWish(**self.input(SeedBookInput))
        booked = book_at_store(actor=self.actor, told=told)
        return Response(columns_of(find_by_code(booked.code), self.actor), status=201)


class SeedLookupView(ApiView):
    """An appointment by its code."""

    resource = APPOINTMENT
    verbs: ClassVar = {"GET": "look_up"}
    rate = "30/m"

    @extend_schema(
        parameters=[
            OpenApiParameter(
                LAST4_HEADER,
                str,
                OpenApiParameter.HEADER,
                description="Last four digits of the phone; not needed by patient and doctor.",
            )
        ],
        responses={200: SeedAppointmentOutput},
    )
    def get(self, request: Request, code: str) -> Response:
        """Find an appointment by its six digits; 5 tries a minute per address and per code."""
        found = look_up(
            code[:40],
            phone_last4=request.headers.get(LAST4_HEADER, ""),
            actor=self.actor,
            address=client_address(request),
        )
        return Response(columns_of(found, self.actor))


class SeedCancelView(AppointmentView):
    """Cancellation by code."""

    verbs: ClassVar = {"POST": "cancel"}
    refuses_unknown_fields = False
    idempotent = True
    run_once = staticmethod(once_if_asked)
    errors: ClassVar = (errors.CancelTooLateError, IllegalTransitionError)

    @extend_schema(request=CancelInput, responses={200: SeedAppointmentOutput})
    def post(self, _request: Request, code: str) -> Response:
        """Cancel; in the free time of the type, or by the doctor, all the money goes back."""
        row = visible_to(self.actor).filter(code=code[:6], is_code_taken=True).first()
        if row is None or row.code != code:
            raise NotFoundError
        cancelling.cancel(row.pk, actor=self.actor, **self.input(CancelInput))
        return Response(columns_of(find_by_code(code), self.actor))


class SeedAcceptView(AppointmentView):
    """Acceptance by the doctor, or by who waits."""

    verbs: ClassVar = {"POST": "agree"}
    refuses_unknown_fields = False
    idempotent = True
    run_once = staticmethod(once_if_asked)
    errors: ClassVar = (
        IllegalTransitionError, errors.OfferGoneError, errors.PlaceIsYoursError,
    )  # fmt: skip

    @extend_schema(request=RealtorInput, responses={200: SeedAppointmentOutput})
    def post(self, _request: Request, public_id: UUID) -> Response:
        """Confirm a pending appointment as its doctor, or take an offered place as its patient."""
        row = get_or_404(visible_to(self.actor).select_related("doctor"), public_id=public_id)
        check_own(self.input(RealtorInput)["realtor_id"], row.doctor)
        accept_at_store(row, actor=self.actor)
        return Response(columns_of(find_by_code(row.code), self.actor))


class RealtorStatusView(OwnView):
    """Whether the doctor is there."""

    verbs: ClassVar = {"GET": "read", "POST": "set_presence"}
    refuses_unknown_fields = False
    errors: ClassVar = (NotCertifiedError, SuspendedError)

    @extend_schema(responses=RealtorStatusOutput)
    def get(self, _request: Request) -> Response:
        """Show your own status."""
        return Response(status_of(self.doctor()))

    @extend_schema(request=RealtorStatusInput, responses=RealtorStatusOutput)
    def post(self, _request: Request) -> Response:
        """Say online, busy or offline; repeat it while you are there, silence ends it."""
        doctor, told = self.doctor(), self.input(RealtorStatusInput)
        check_own(told["realtor_id"], doctor)
        set_presence(doctor_id=doctor.pk, state=told["status"], by=self.actor)
        return Response(status_of(self.doctor()))
