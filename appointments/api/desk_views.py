"""Endpoints of the front desk: the book, what is looked up, who stands there."""

from typing import Any, ClassVar
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from appointments.api.desk_rendering import (
    caller_body,
    detail_body,
    free_time_body,
    person_body,
    row_body,
    schedule_body,
    waiter_body,
)
from appointments.api.desk_serializers import (
    DeskJoinInput,
    DeskPhoneInput,
    DeskSearchInput,
    FreeTimeQuery,
    NewcomerInput,
    ScheduleQuery,
    WaitingQuery,
)
from appointments.api.desk_shapes import (
    DeskCallerShape,
    DeskDetailShape,
    DeskFoundListShape,
    DeskFreeTimesShape,
    DeskPersonShape,
    DeskWaitingShape,
    ScheduleShape,
)
from appointments.api.permissions import FRONT_DESK
from appointments.api.waiting_views import NOTHING_TO_WAIT_FOR
from appointments.enums import Source
from appointments.models import Appointment
from appointments.selectors.desk import caller_of, free_times, on_desk, waiting_at, works_now
from appointments.selectors.log import log_of
from appointments.selectors.places import branch_by_code, doctor_by_id, type_by_code
from appointments.selectors.schedule import schedule_of
from appointments.selectors.walls import bounds_of, zone_of
from appointments.services.desk import Newcomer, find_visits, register
from appointments.services.waiting import WaitingWish, join
from clinic.accounts.authentication import BearerAuthentication, ConsoleAuthentication
from clinic.core.api.views import ApiView, fresh_answer, get_or_404, json_answer
from clinic.core.clock import now
from clinic.patients.errors import TooManyPersonsError


class FrontDeskView(ApiView):
    """An address of the front desk: by token, or by the console's cookie with its form token."""

    resource = FRONT_DESK
    rate = "240/m"
    refuses_unknown_fields = True
    authentication_classes = (BearerAuthentication, ConsoleAuthentication)

    def appointment(self, public_id: UUID) -> Appointment:
        """Return one appointment with what the desk shows. Raises NotFoundError."""
        return get_or_404(on_desk(), public_id=public_id)

    def detail(self, public_id: UUID) -> dict[str, Any]:
        """Return one appointment as the desk shows it. Raises NotFoundError."""
        row = self.appointment(public_id)
        return detail_body(row, log_of(row), self.actor)


class ScheduleView(FrontDeskView):
    """The book of a place."""

    verbs: ClassVar = {"GET": "read"}
    query_serializer_class = ScheduleQuery

    @extend_schema(responses=ScheduleShape)
    def get(self, request: Request) -> HttpResponse:
        """Show who sees people and who comes, at a branch or online, on some dates."""
        query, moment = self.query(), now()
        branch = branch_by_code(query["branch"])
        first = query["date"] or moment.astimezone(ZoneInfo(zone_of(branch))).date()
        doctor = doctor_by_id(query["doctor"])
        found = schedule_of(branch, first, query["days"], doctor=doctor, moment=moment)
        return fresh_answer(request, schedule_body(found, self.actor))


class DeskDetailView(FrontDeskView):
    """One appointment at the desk."""

    verbs: ClassVar = {"GET": "read"}

    @extend_schema(responses=DeskDetailShape)
    def get(self, _request: Request, public_id: UUID) -> HttpResponse:
        """Show an appointment with its log and what may be done with it."""
        return json_answer(self.detail(public_id))


class FreeTimeView(FrontDeskView):
    """The next free times."""

    verbs: ClassVar = {"GET": "read"}
    query_serializer_class = FreeTimeQuery

    @extend_schema(responses=DeskFreeTimesShape)
    def get(self, _request: Request) -> HttpResponse:
        """List the next free times of a type, without any notice, earliest first."""
        query, moment = self.query(), now()
        kind, branch = type_by_code(query["type"]), branch_by_code(query["branch"])
        zone = zone_of(branch)
        first = query["date"] or moment.astimezone(ZoneInfo(zone)).date()
        doctor = doctor_by_id(query["doctor"])
        found = free_times(kind, branch, doctor=doctor, first=first, moment=moment)
        return json_answer(
            {
                "works_now": works_now(kind, branch, doctor=doctor, moment=moment),
                "results": [free_time_body(one, zone) for one in found],
            }
        )


class DeskWaitingView(FrontDeskView):
    """A waiting list."""

    verbs: ClassVar = {"GET": "read", "POST": "work"}
    idempotent = True
    query_serializer_class = WaitingQuery
    errors: ClassVar = NOTHING_TO_WAIT_FOR

    @extend_schema(responses=DeskWaitingShape)
    def get(self, _request: Request) -> HttpResponse:
        """List who waits at a branch, or online, in the order in which they are served."""
        waiters = waiting_at(branch_by_code(self.query()["branch"]), moment=now())
        return json_answer({"results": [waiter_body(one, self.actor) for one in waiters]})

    @extend_schema(request=DeskJoinInput, responses={201: DeskDetailShape})
    def post(self, _request: Request) -> Response:
        """Let somebody who stands at the desk or calls wait for what becomes free on a date."""
        told = self.input(DeskJoinInput)
        day, zone = told.pop("date"), zone_of(branch_by_code(told["branch"]))
        begins, ends = bounds_of(zone, day or now().astimezone(ZoneInfo(zone)).date())
        wish = WaitingWish(
            kind=told.pop("type"),
            wanted_from=begins,
            wanted_until=ends,
            source=Source.WALK_IN if told.pop("is_walk_in") else Source.STAFF,
            **told,
        )
        appointment = join(actor=self.actor, wish=wish)
        return Response(self.detail(appointment.public_id), status=201)


class DeskSearchView(FrontDeskView):
    """Appointments of a code or a phone; what is asked for travels in the body."""

    verbs: ClassVar = {"POST": "look_up"}
    rate = "60/m"

    @extend_schema(request=DeskSearchInput, responses=DeskFoundListShape)
    def post(self, _request: Request) -> Response:
        """Find appointments by code or scanned pass, or by a whole mobile number."""
        found = find_visits(self.input(DeskSearchInput)["q"])
        return Response({"results": [row_body(row, self.actor) for row in found]})


class DeskCallerView(FrontDeskView):
    """Whom a phone books for."""

    verbs: ClassVar = {"POST": "look_up"}
    rate = "60/m"

    @extend_schema(request=DeskPhoneInput, responses=DeskCallerShape)
    def post(self, _request: Request) -> Response:
        """Find the visit persons of a whole mobile number."""
        caller = caller_of(self.input(DeskPhoneInput)["phone"])
        return Response(caller_body(caller, self.actor))


class DeskPersonView(FrontDeskView):
    """People who stand at the desk."""

    verbs: ClassVar = {"POST": "work"}
    idempotent = True
    rate = "60/m"
    errors: ClassVar = (TooManyPersonsError,)

    @extend_schema(request=NewcomerInput, responses={201: DeskPersonShape})
    def post(self, _request: Request) -> Response:
        """Write down a visit person; the account of the phone is made when there is none."""
        person = register(Newcomer(**self.input(NewcomerInput)), actor=self.actor)
        return Response(person_body(person, self.actor), status=201)
