"""Listing appointments and booking one."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from appointments import errors
from appointments.api.rendering import visit_of
from appointments.api.serializers import BookInput, ListQuery
from appointments.api.shapes import AppointmentDetail, AppointmentRow
from appointments.api.views import NO_SUCH_TIME, PAPERS_MISSING, AppointmentView
from appointments.api.wished import named_by, plain_wish
from appointments.models import Appointment
from appointments.selectors.appointments import list_for
from appointments.selectors.named import Ahead, Naming, looking_ahead
from appointments.selectors.reading import values_of
from appointments.services import booking
from appointments.services.wishes import Wish
from clinic.core.api.renderers import FastJSONRenderer
from clinic.core.clock import now
from clinic.core.errors import ConflictError
from clinic.core.idempotency import Answer, Ticket
from clinic.core.statements import Read


class AppointmentListView(AppointmentView):
    """Appointments of the caller."""

    verbs: ClassVar = {"GET": "list", "POST": "book"}
    query_serializer_class = ListQuery
    rate = "60/m"
    idempotent = is_at_once = True
    together = frozenset({"POST"})
    named: Naming | None = None
    ahead: Ahead | None = None
    errors: ClassVar = (
        *NO_SUCH_TIME, *PAPERS_MISSING, errors.SelfBookingError, errors.CodeExhaustedError,
        errors.NotGivenThereError, ConflictError,
    )  # fmt: skip

    def read_ahead(self, request: Request) -> Read | None:
        """Read what a booking names together with who books."""
        self.named = named_by(self.body_ahead(request)) if request.method == "POST" else None
        self.ahead = looking_ahead(self.named, moment=now()) if self.named else None
        return self.ahead.read if self.ahead else None

    @extend_schema(responses={200: AppointmentRow(many=True)})
    def get(self, _request: Request) -> Response:
        """List the own appointments as patient and the given ones as doctor, newest first."""
        query = self.query()
        rows = list_for(self.actor, state=query.get("state"), day=query.get("date"))
        return self.page(rows, AppointmentRow)

    @extend_schema(request=BookInput, responses={201: AppointmentDetail})
    def post(self, _request: Request) -> Response:
        """Book a free slot. What costs money is held for ten minutes: pay its order meanwhile."""
        made = booking.book(actor=self.actor, wish=self.wish, ahead=self.known)
        return Response(self.told(made), status=201)

    def at_once(self, _request: Request, ticket: Ticket) -> Answer | None:
        """Book what needs neither money nor a line, by one statement that keeps the answer too."""
        answers: list[Answer] = []

        def keep(draft: Appointment) -> Mapping[str, Any]:
            answers.append(Answer(201, FastJSONRenderer().render(self.told(draft))))
            return ticket.kept_with(answers[0])

        made = booking.book_at_once(actor=self.actor, wish=self.wish, keep=keep, ahead=self.known)
        return answers[0] if made else None

    @cached_property
    def wish(self) -> Wish:
        """What is wanted. Raises a field error list as 400."""
        told = plain_wish(self.request.data, self.named)
        return Wish(**(told or self.input(BookInput)))

    @property
    def known(self) -> Ahead | None:
        """What was read together with who books."""
        return self.ahead and self.ahead.answered(self.came_ahead)

    def told(self, made: Appointment) -> dict[str, Any]:
        """Return the answer about a new appointment."""
        return visit_of(values_of(made), self.actor.user_id)
