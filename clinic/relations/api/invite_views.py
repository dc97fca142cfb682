"""Endpoints of invites: the doctor's, and those of who scans."""

from typing import ClassVar

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from clinic.core.api.query import PageQuery
from clinic.core.api.views import ApiView, get_or_404
from clinic.core.clock import now
from clinic.core.errors import NotFoundError
from clinic.relations import errors
from clinic.relations.api import permissions
from clinic.relations.api.invite_shapes import InviteIn, InviteOut, InviteShown
from clinic.relations.api.serializers import RelatedDoctorOut
from clinic.relations.selectors.invites import invites_of, open_invite
from clinic.relations.selectors.relations import doctors_of
from clinic.relations.services import invites
from clinic.settings import rules
from doctors.api.own_views import OwnView

CODE_KIND = "X-Code-Kind"  # "wechat", or "plain" while the platform is away


class InviteListView(OwnView):
    """The doctor's invites."""

    resource = permissions.INVITE
    verbs: ClassVar = {"GET": "list", "POST": "make"}
    query_serializer_class = PageQuery
    errors: ClassVar = (errors.TooManyInvitesError,)

    @extend_schema(responses=InviteOut(many=True))
    def get(self, _request: Request) -> Response:
        """List your invites with how often each was scanned and whom it brought."""
        return self.page(invites_of(self.doctor().pk), InviteOut)

    @extend_schema(request=InviteIn, responses={201: InviteOut})
    def post(self, _request: Request) -> Response:
        """Make an invite."""
        doctor_id, label = self.doctor().pk, self.input(InviteIn)["label"]
        invite = invites.make_invite(doctor_id=doctor_id, label=label, actor=self.actor)
        shown = get_or_404(invites_of(doctor_id), pk=invite.pk)
        return Response(InviteOut(shown).data, status=201)


class InviteView(OwnView):
    """One invite of the doctor."""

    resource = permissions.INVITE
    verbs: ClassVar = {"DELETE": "revoke"}

    @extend_schema(responses={204: None})
    def delete(self, _request: Request, scene: str) -> Response:
        """Revoke an invite: its codes open nothing any more. The counts stay."""
        doctor_id = self.doctor().pk
        invite = get_or_404(invites_of(doctor_id), scene=scene)
        invites.revoke_invite(doctor_id=doctor_id, invite_id=invite.pk, actor=self.actor, now=now())
        return Response(status=204)


class InvitePictureView(OwnView):
    """The code to print or to show."""

    resource = permissions.INVITE
    verbs: ClassVar = {"GET": "picture"}
    rate = "60/m"

    @extend_schema(responses={(200, "image/png"): OpenApiTypes.BINARY})
    def get(self, _request: Request, scene: str) -> HttpResponse:
        """Show the code of an open invite: WeChat's own, or a plain QR while WeChat is away."""
        rows = invites_of(self.doctor().pk).filter(revoked_at=None)
        invite = get_or_404(rows, scene=scene)
        picture, is_wechat = invites.picture_of(invite, now=now())
        answer = HttpResponse(picture.content, content_type=picture.mime)
        answer[CODE_KIND] = "wechat" if is_wechat else "plain"
        answer["Cache-Control"] = "private, no-cache"
        return answer


class InviteShownView(ApiView):
    """What an invite says before anybody logs in."""

    resource = permissions.INVITE
    verbs: ClassVar = {"GET": "show"}
    rate = "60/m"

    @extend_schema(responses=InviteShown)
    def get(self, _request: Request, scene: str) -> Response:
        """Show who invites."""
        invite = open_invite(scene)
        if invite is None:
            raise NotFoundError
        return Response(InviteShown(invite).data)


class InviteScanView(ApiView):
    """Scanning an invite."""

    resource = permissions.INVITE
    verbs: ClassVar = {"POST": "scan"}
    rate = rules.INVITE_RATE
    errors: ClassVar = (errors.SelfRelationError,)

    @extend_schema(request=None, responses=RelatedDoctorOut)
    def post(self, _request: Request, scene: str) -> Response:
        """Say that you scanned an invite: you know the doctor from now on, and follow him."""
        relation = invites.scan_invite(scene=scene, actor=self.actor, now=now())
        return Response(RelatedDoctorOut(get_or_404(doctors_of(self.actor), pk=relation.pk)).data)
