"""Endpoints that everybody reads: what can be booked, and when somebody is free."""

from collections.abc import Callable
from datetime import datetime
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
from appointments.selectors.kept import SLOT_ANSWERS, Kept
from appointments.selectors.kinds import open_types
from appointments.selectors.questions import Question, question
from appointments.selectors.slots import slots_of
from clinic.core.api.query import PageQuery
from clinic.core.api.renderers import FastJSONRenderer
from clinic.core.api.views import ApiView, etag_of, fresh_answer, fresh_content
from clinic.core.clock import now
from clinic.core.company import leave
from clinic.core.statements import Read
from clinic.settings import rules as numbers

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
    together = frozenset({"GET"})
    keeps = True  # answers, for who asks the same next

    def read_ahead(self, request: Request) -> Read | None:
        """Look for a kept answer; whether it stands is asked together with who asks."""
        self.moment = now()
        address = request.get_full_path()
        self.kept = SLOT_ANSWERS.last(address, self.moment) if self.keeps else None
        return self.kept.reading() if self.kept else None

    def answer(self, request: Request, thing: str, **named: Any) -> HttpResponse:
        """Answer with the slots of what is named; ``thing`` is what the address names."""
        return self.rendered(request, thing, days_of, **named)

    def rendered(
        self, request: Request, thing: str, render: Rendering, **named: Any
    ) -> HttpResponse:
        """Answer with slots in one of their forms; those that are kept are asked for their truth.

        The header Cache-Status (RFC 9211) says which.
        """
        row = self.row_ahead()
        kept = self.kept if row is not None and self.kept and self.kept.stands(*row) else None
        if kept is None:
            leave()
        answer = kept or _computed(render, thing, self.query(), named, self.moment)
        if kept is None and self.keeps:
            SLOT_ANSWERS.keep(request.get_full_path(), answer)
        response = fresh_content(
            request, answer.content, FastJSONRenderer.media_type, etag=answer.etag
        )
        response["Cache-Status"] = "slots; hit" if kept else "slots; fwd=miss"
        return response


def _computed(
    render: Rendering, thing: str, told: dict[str, Any], named: dict[str, Any], moment: datetime
) -> Kept:
    """Return the answer as the calendars are now."""
    start_date, days = told.pop("start_date"), told.pop("days")
    if "type" in told:
        told["kind"] = told.pop("type")
    asked: Question = question(thing=thing, **told, **named)
    first = start_date or moment.astimezone(ZoneInfo(asked.place.zone)).date()
    found = slots_of(asked.place, asked.terms, first, days, moment)
    content = FastJSONRenderer().render(render(asked, first, days, found.slots))
    return Kept(
        content=content,
        etag=etag_of(content),
        doctors=found.doctor_ids,
        snapshot=asked.snapshot,
        since=moment,
        until=min(found.until, moment + numbers.APPOINTMENT_ANSWERS_FOR),
    )


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
