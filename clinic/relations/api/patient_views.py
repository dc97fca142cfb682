"""Endpoints of a patient: whom he follows and whom he does not want to meet."""

from typing import ClassVar
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from clinic.core.api.query import PageQuery
from clinic.core.api.views import ApiView, get_or_404
from clinic.core.clock import now
from clinic.core.errors import NotFoundError
from clinic.relations import errors
from clinic.relations.api import permissions
from clinic.relations.api.serializers import CardOut, RelatedDoctorOut, TieIn, TieOut
from clinic.relations.enums import Source
from clinic.relations.models import Relation
from clinic.relations.selectors.relations import doctors_of
from clinic.relations.services import relations
from doctors import selectors
from doctors.models import Doctor


class _TieBase(ApiView):
    """An endpoint about the caller and one doctor."""

    resource = permissions.FOLLOWED_DOCTOR

    def doctor(self, public_id: UUID) -> Doctor:
        """Return a doctor whom patients may see. Raises NotFoundError."""
        doctor = selectors.get_doctor(public_id)
        if doctor is None:
            raise NotFoundError
        return doctor

    def known_doctor_id(self, public_id: UUID) -> int:
        """Return a doctor the caller knows, also one who is listed no longer."""
        relation = doctors_of(self.actor).filter(doctor__public_id=public_id).first()
        return relation.doctor_id if relation else self.doctor(public_id).pk

    def shown(self, relation: Relation | None) -> Response:
        """Answer with the caller's side of a relation."""
        tie = {
            "is_followed": relation is not None and relation.is_followed,
            "is_blocked": relation is not None and relation.is_blocked_by_patient,
            "takes_broadcasts": relation is not None and relation.takes_broadcasts,
        }
        return Response(TieOut(tie).data)


class TieView(_TieBase):
    """What the caller has to do with a doctor."""

    verbs: ClassVar = {"GET": "read", "PATCH": "change"}

    @extend_schema(responses=TieOut)
    def get(self, _request: Request, public_id: UUID) -> Response:
        """Show whether you follow or block a doctor."""
        doctor_id = self.known_doctor_id(public_id)
        return self.shown(doctors_of(self.actor).filter(doctor_id=doctor_id).first())

    @extend_schema(request=TieIn, responses=TieOut)
    def patch(self, _request: Request, public_id: UUID) -> Response:
        """Choose whether a doctor you know may send you broadcasts."""
        relation = get_or_404(doctors_of(self.actor), doctor__public_id=public_id)
        takes = self.input(TieIn)["takes_broadcasts"]
        changed = relations.choose_broadcasts(
            doctor_id=relation.doctor_id, actor=self.actor, takes=takes
        )
        return self.shown(changed)


class FollowView(_TieBase):
    """Following a doctor."""

    verbs: ClassVar = {"PUT": "follow", "DELETE": "unfollow"}
    errors: ClassVar = (errors.BlockedError, errors.SelfRelationError)

    @extend_schema(request=None, responses=TieOut)
    def put(self, _request: Request, public_id: UUID) -> Response:
        """Follow a doctor."""
        doctor = self.doctor(public_id)
        source = Source.SEARCH
        followed = relations.follow(doctor=doctor, actor=self.actor, source=source, now=now())
        return self.shown(followed)

    @extend_schema(responses={204: None})
    def delete(self, _request: Request, public_id: UUID) -> Response:
        """Follow a doctor no longer."""
        relations.unfollow(doctor_id=self.known_doctor_id(public_id), actor=self.actor)
        return Response(status=204)


class BlockView(_TieBase):
    """Blocking a doctor."""

    verbs: ClassVar = {"PUT": "block", "DELETE": "unblock"}
    errors: ClassVar = (errors.SelfRelationError,)

    @extend_schema(request=None, responses=TieOut)
    def put(self, _request: Request, public_id: UUID) -> Response:
        """Block a doctor: nothing new begins with him. What is under way goes on."""
        doctor = self.doctor(public_id)
        return self.shown(relations.block_doctor(doctor=doctor, actor=self.actor))

    @extend_schema(responses={204: None})
    def delete(self, _request: Request, public_id: UUID) -> Response:
        """Unblock a doctor."""
        relations.unblock_doctor(doctor_id=self.known_doctor_id(public_id), actor=self.actor)
        return Response(status=204)


class FollowedListView(ApiView):
    """Doctors whom the caller follows."""

    resource = permissions.FOLLOWED_DOCTOR
    verbs: ClassVar = {"GET": "list"}
    query_serializer_class = PageQuery

    @extend_schema(responses=RelatedDoctorOut(many=True))
    def get(self, _request: Request) -> Response:
        """List the doctors you follow, the latest first."""
        rows = doctors_of(self.actor).filter(is_followed=True).order_by("-followed_at", "-id")
        return self.page(rows, RelatedDoctorOut)


class BlockedListView(ApiView):
    """Doctors whom the caller blocks."""

    resource = permissions.FOLLOWED_DOCTOR
    verbs: ClassVar = {"GET": "list_blocked"}
    query_serializer_class = PageQuery

    @extend_schema(responses=RelatedDoctorOut(many=True))
    def get(self, _request: Request) -> Response:
        """List the doctors you block."""
        rows = doctors_of(self.actor).filter(is_blocked_by_patient=True).order_by("-id")
        return self.page(rows, RelatedDoctorOut)


class FollowedCardView(ApiView):
    """The card of the doctor followed last (seed 004 ``showFollowedDoctorCard``)."""

    resource = permissions.FOLLOWED_DOCTOR
    verbs: ClassVar = {"POST": "take_card"}

    @extend_schema(request=None, responses=CardOut)
    def post(self, _request: Request) -> Response:
        """Take the doctor to be shown once; the next call answers null."""
        relation = relations.take_card(actor=self.actor)
        return Response(CardOut({"doctor": relation}).data)
