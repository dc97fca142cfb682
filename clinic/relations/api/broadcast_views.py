"""Endpoints of broadcasts."""

from typing import ClassVar
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from clinic.core.api.query import PageQuery
from clinic.core.api.views import get_or_404
from clinic.core.clock import now
from clinic.core.errors import IllegalTransitionError
from clinic.relations import errors
from clinic.relations.api import permissions
from clinic.relations.api.broadcast_shapes import (
    BroadcastIn,
    BroadcastOut,
    DeliveryOut,
    DeliveryQuery,
)
from clinic.relations.enums import Audience
from clinic.relations.models import Broadcast
from clinic.relations.selectors.broadcasts import broadcasts_of, deliveries_of
from clinic.relations.services import broadcasts
from doctors.api.own_views import OwnView


class _BroadcastBase(OwnView):
    """An endpoint about one broadcast of the doctor."""

    resource = permissions.BROADCAST

    def broadcast(self, public_id: UUID) -> Broadcast:
        """Return a broadcast of the caller's with its counts. Raises NotFoundError."""
        return get_or_404(broadcasts_of(self.doctor().pk), public_id=public_id)


class BroadcastListView(OwnView):
    """The doctor's broadcasts."""

    resource = permissions.BROADCAST
    verbs: ClassVar = {"GET": "list", "POST": "start"}
    idempotent = True
    query_serializer_class = PageQuery
    errors: ClassVar = (
        errors.BroadcastLimitError,
        errors.NobodyToTellError,
        errors.AudienceTooLargeError,
    )

    @extend_schema(responses=BroadcastOut(many=True))
    def get(self, _request: Request) -> Response:
        """List your broadcasts with their progress."""
        return self.page(broadcasts_of(self.doctor().pk), BroadcastOut)

    @extend_schema(request=BroadcastIn, responses={202: BroadcastOut})
    def post(self, _request: Request) -> Response:
        """Send a message to a group of your patients; it goes out in the background."""
        doctor_id, told = self.doctor().pk, self.input(BroadcastIn)
        new = broadcasts.NewBroadcast(
            text=told["text"], audience=Audience(told["audience"]), group_id=told["group"]
        )
        made = broadcasts.start_broadcast(
            doctor_id=doctor_id, told=new, actor=self.actor, now=now()
        )
        shown = get_or_404(broadcasts_of(doctor_id), pk=made.pk)
        return Response(BroadcastOut(shown).data, status=202)


class BroadcastView(_BroadcastBase):
    """One broadcast."""

    verbs: ClassVar = {"GET": "read"}

    @extend_schema(responses=BroadcastOut)
    def get(self, _request: Request, public_id: UUID) -> Response:
        """Show how far a broadcast is."""
        return Response(BroadcastOut(self.broadcast(public_id)).data)


class BroadcastCancelView(_BroadcastBase):
    """Ending a broadcast before its time."""

    verbs: ClassVar = {"POST": "cancel"}
    errors: ClassVar = (IllegalTransitionError,)

    @extend_schema(request=None, responses=BroadcastOut)
    def post(self, _request: Request, public_id: UUID) -> Response:
        """Stop a broadcast; who has it keeps it."""
        broadcast = self.broadcast(public_id)
        broadcasts.cancel_broadcast(
            doctor_id=broadcast.doctor_id, broadcast_id=broadcast.pk, actor=self.actor, now=now()
        )
        return Response(BroadcastOut(self.broadcast(public_id)).data)


class DeliveryListView(_BroadcastBase):
    """The report of a broadcast."""

    verbs: ClassVar = {"GET": "list_deliveries"}
    query_serializer_class = DeliveryQuery

    @extend_schema(responses=DeliveryOut(many=True))
    def get(self, _request: Request, public_id: UUID) -> Response:
        """List who got a broadcast and who did not, and why."""
        asked = self.query()
        rows = deliveries_of(self.broadcast(public_id))
        return self.page(
            rows.filter(state=asked["state"]) if "state" in asked else rows, DeliveryOut
        )
