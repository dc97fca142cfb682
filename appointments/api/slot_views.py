"""Endpoints that everybody reads: what can be booked, and when somebody is free."""

from collections.abc import Callable
from typing import Any, ClassVar
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from appointments.api import permissions
from appointments.api.slot_rendering import days_of, heat_of
from appointments.api.slot_serializers import (
    AppointmentTypeOut,
    BranchSlotQuery,
    DoctorSlotQuery,
    HeatOut,
    SlotQuery,
    SlotsOut,
    TypeSlotQuery,
)
from appointments.selectors.kinds import open_types
from appointments.selectors.questions import Question, question
from appointments.selectors.slots import slots_of
from clinic.core.api.query import PageQuery
from clinic.core.api.views import ApiView, fresh_answer
from clinic.core.clock import now

Rendering = Callable[..., dict[str, Any]]


class AppointmentTypeListView(ApiView):
    """Services that can be booked."""

    resource = permissions.APPOINTMENT_TYPE
    verbs: ClassVar = {"GET": "list"}
    rate = "600/m"
    query_serializer_class = PageQuery

    @extend_schema(responses=AppointmentTypeOut(many=True))
    def get(self, request: Request) -> HttpResponse:
        """List the services that can be booked."""
        return fresh_answer(request, self.page(open_types(), AppointmentTypeOut).data)


class SlotView(ApiView):
    """Free slots; subclasses say of what."""

    resource = permissions.SLOT
    verbs: ClassVar = {"GET": "list"}
    rate = "600/m"
    query_serializer_class: ClassVar = SlotQuery

    def answer(self, request: Request, thing: str, **named: Any) -> HttpResponse:
        """Answer with the slots of what is named; ``thing`` is what the address names."""
        return self.rendered(request, thing, days_of, **named)

    def rendered(
        self, request: Request, thing: str, render: Rendering, **named: Any
    ) -> HttpResponse:
        """Answer with slots in one of their forms."""
        told, moment = self.query(), now()
        start_date, days = told.pop("start_date"), told.pop("days")
        if "type" in told:
            told["kind"] = told.pop("type")
        asked: Question = question(thing=thing, **told, **named)
        first = start_date or moment.astimezone(ZoneInfo(asked.place.zone)).date()
        found = slots_of(asked.place, asked.terms, first, days, moment)
        return fresh_answer(request, render(asked, first, days, found))


class BranchSlotView(SlotView):
    """Free slots of a branch."""

    query_serializer_class = BranchSlotQuery

    @extend_schema(responses=SlotsOut)
    def get(self, request: Request, code: str) -> HttpResponse:
        """List the free slots of a branch, all doctors together or one of them."""
        return self.answer(request, "branch", branch=code)


class DoctorSlotView(SlotView):
    """Free slots of a doctor."""

    query_serializer_class = DoctorSlotQuery

    @extend_schema(responses=SlotsOut)
    def get(self, request: Request, public_id: UUID) -> HttpResponse:
        """List the free slots of a doctor at a branch, or online."""
        return self.answer(request, "doctor", doctor=public_id)


class TypeSlotView(SlotView):
    """Free slots of a service."""

    query_serializer_class = TypeSlotQuery

    @extend_schema(responses=SlotsOut)
    def get(self, request: Request, code: str) -> HttpResponse:
        """List the free slots of a service."""
        return self.answer(request, "type", kind=code)


class HeatView(SlotView):
    """Free places of a service by date and hour."""

    query_serializer_class = TypeSlotQuery

    @extend_schema(responses=HeatOut)
    def get(self, request: Request, code: str) -> HttpResponse:
        """Count the free places of a service by date and hour."""
        return self.rendered(request, "type", heat_of, kind=code)
