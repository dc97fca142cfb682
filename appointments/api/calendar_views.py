"""Calendar files of patients and private feeds of doctors."""

from typing import Any, ClassVar
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import override
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from appointments.api import ics
from appointments.api.permissions import CALENDAR_FEED
from appointments.api.views import AppointmentView
from appointments.errors import NoTimeYetError
from appointments.selectors.appointments import own
from appointments.selectors.feeds import (
    appointments_in_feed,
    feed_behind,
    last_change_of,
    open_feed_of,
)
from appointments.services.feeds import close_feed, note_reading, open_feed
from clinic.core.api.views import ApiView, fresh_content, get_or_404
from clinic.core.clock import now
from clinic.core.errors import NotFoundError
from clinic.files.api.views import AnyNegotiation
from doctors.api.own_views import OwnView

CALENDAR: dict[Any, Any] = {(200, "text/calendar"): OpenApiTypes.STR, 304: None}


class FeedOutput(serializers.Serializer[Any]):
    """Whether the doctor has a private calendar address, and when it was read last."""

    is_open = serializers.BooleanField()
    created_at = serializers.DateTimeField(allow_null=True)
    read_at = serializers.DateTimeField(allow_null=True)


class NewFeedOutput(serializers.Serializer[Any]):
    """The address with its secret: shown this once, stored only as a hash."""

    address = serializers.URLField()
    created_at = serializers.DateTimeField()


class AppointmentCalendarView(AppointmentView):
    """An appointment as a calendar file."""

    verbs: ClassVar = {"GET": "export"}
    content_negotiation_class = AnyNegotiation
    errors: ClassVar = (NoTimeYetError,)

    @extend_schema(responses=CALENDAR)
    def get(self, request: Request, public_id: UUID) -> HttpResponse:
        """Take your appointment into your calendar; a cancelled one takes itself out."""
        rows = own(self.actor).select_related("kind", "branch", "doctor")
        row = get_or_404(rows, public_id=public_id)
        if row.starts_at is None:
            raise NoTimeYetError
        content = ics.file_of(row, changed_at=last_change_of(row))
        answer = fresh_content(request, content, ics.MEDIA_TYPE)
        answer["Content-Disposition"] = f'attachment; filename="{row.code}.ics"'
        return answer


class FeedView(ApiView):
    """A doctor's calendar for other programs."""

    resource = CALENDAR_FEED
    verbs: ClassVar = {"GET": "subscribe"}
    authentication_classes = ()  # the secret in the address is the login
    content_negotiation_class = AnyNegotiation
    rate = "60/m"

    @extend_schema(responses=CALENDAR)
    def get(self, request: Request, secret: str) -> HttpResponse:
        """Read the calendar behind a private address."""
        feed, moment = feed_behind(secret), now()
        if feed is None:
            raise NotFoundError
        note_reading(feed, moment)
        with override(feed.doctor.user.language):
            name = _("Appointments of %(name)s") % {"name": feed.doctor.name}
            content = ics.feed_of(name, appointments_in_feed(feed.doctor_id, moment))
        return fresh_content(request, content, ics.MEDIA_TYPE)


class OwnFeedView(OwnView):
    """The doctor's private calendar address."""

    resource = CALENDAR_FEED
    verbs: ClassVar = {"GET": "read", "POST": "open", "DELETE": "close"}
    rate = "20/m"

    @extend_schema(responses=FeedOutput)
    def get(self, _request: Request) -> Response:
        """Say whether you have a private calendar address; its secret is never told again."""
        feed = open_feed_of(self.doctor())
        told = {
            "is_open": feed is not None,
            "created_at": feed and feed.created_at,
            "read_at": feed and feed.read_at,
        }
        return Response(FeedOutput(told).data)

    @extend_schema(request=None, responses={201: NewFeedOutput})
    def post(self, request: Request) -> Response:
        """Make a private calendar address; the former one ends."""
        feed, secret = open_feed(doctor_id=self.doctor().pk, actor=self.actor)
        address = request.build_absolute_uri(f"/api/v1/calendars/{secret}.ics")
        told = {"address": address, "created_at": feed.created_at}
        return Response(NewFeedOutput(told).data, status=201, headers={"Cache-Control": "no-store"})

    @extend_schema(responses={204: None})
    def delete(self, _request: Request) -> Response:
        """End your private calendar address."""
        close_feed(doctor_id=self.doctor().pk, actor=self.actor)
        return Response(status=204)
