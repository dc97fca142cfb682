"""Endpoints of a doctor: his patients and his groups."""

from typing import Any, ClassVar
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from clinic.core.api.pagination import page_of
from clinic.core.api.views import get_or_404
from clinic.core.errors import NotFoundError
from clinic.relations import errors
from clinic.relations.api import permissions
from clinic.relations.api.serializers import (
    GroupIn,
    GroupOut,
    GroupsOut,
    MembersIn,
    MembersOut,
    OwnPatientChange,
    OwnPatientOut,
    OwnPatientPage,
    OwnPatientQuery,
    OwnPatientSearch,
)
from clinic.relations.enums import SystemGroup
from clinic.relations.selectors.groups import groups_of, system_groups_of
from clinic.relations.selectors.relations import patients_of, searched
from clinic.relations.services import groups
from clinic.relations.services.relations import describe
from doctors.api.own_views import OwnView


class OwnPatientListView(OwnView):
    """The doctor's patients."""

    resource = permissions.OWN_PATIENT
    verbs: ClassVar = {"GET": "list"}
    query_serializer_class = OwnPatientQuery
    errors = (NotFoundError,)

    @extend_schema(responses=OwnPatientOut(many=True))
    def get(self, _request: Request) -> Response:
        """List your patients, the latest consultation first."""
        doctor, asked = self.doctor(), self.query()
        rows = patients_of(doctor.pk)
        if asked.get("group"):
            rows = rows.filter(groups=get_or_404(groups_of(doctor.pk), public_id=asked["group"]))
        if asked.get("system_group") == SystemGroup.FOLLOWED:
            rows = rows.filter(is_followed=True)
        if asked["blocked"] is not None:
            rows = rows.filter(is_blocked_by_doctor=asked["blocked"])
        return self.page(rows, OwnPatientOut)


class OwnPatientSearchView(OwnView):
    """Looking for a patient."""

    resource = permissions.OWN_PATIENT
    verbs: ClassVar = {"POST": "search"}
    refuses_unknown_fields = True

    @extend_schema(request=OwnPatientSearch, responses=OwnPatientPage)
    def post(self, _request: Request) -> Response:
        """Find your patients by name, remark or tag."""
        asked = self.input(OwnPatientSearch)
        rows = searched(patients_of(self.doctor().pk), text=asked["text"], tag=asked["tag"])
        return page_of(asked, rows, OwnPatientOut, self.get_serializer_context())


class OwnPatientView(OwnView):
    """One patient of the doctor."""

    resource = permissions.OWN_PATIENT
    verbs: ClassVar = {"GET": "read", "PATCH": "change"}
    refuses_unknown_fields = True

    @extend_schema(responses=OwnPatientOut)
    def get(self, _request: Request, public_id: UUID) -> Response:
        """Show one of your patients."""
        return self.shown(public_id)

    @extend_schema(request=OwnPatientChange, responses=OwnPatientOut)
    def patch(self, _request: Request, public_id: UUID) -> Response:
        """Change your tags and remark about a patient, or block him."""
        doctor = self.doctor()
        relation = get_or_404(patients_of(doctor.pk), public_id=public_id)
        describe(
            relation_id=relation.pk,
            doctor_id=doctor.pk,
            changes=self.input(OwnPatientChange),
            actor=self.actor,
        )
        return self.shown(public_id)

    def shown(self, public_id: UUID) -> Response:
        """Answer with the relation as it is stored."""
        relation = get_or_404(patients_of(self.doctor().pk), public_id=public_id)
        return Response(OwnPatientOut(relation).data)


class GroupListView(OwnView):
    """The doctor's groups."""

    resource = permissions.PATIENT_GROUP
    verbs: ClassVar = {"GET": "list", "POST": "add"}
    errors: ClassVar = (errors.TooManyGroupsError, errors.GroupNameTakenError)

    @extend_schema(responses=GroupsOut)
    def get(self, _request: Request) -> Response:
        """List your groups and those that the house keeps, with their sizes."""
        doctor_id = self.doctor().pk
        system: list[dict[str, Any]] = [
            {"code": group.value, "name": group.label, "member_count": count}
            for group, count in system_groups_of(doctor_id).items()
        ]
        return Response(GroupsOut({"system": system, "own": groups_of(doctor_id)}).data)

    @extend_schema(request=GroupIn, responses={201: GroupOut})
    def post(self, _request: Request) -> Response:
        """Make a group."""
        doctor_id = self.doctor().pk
        group = groups.make_group(doctor_id=doctor_id, name=self.input(GroupIn)["name"])
        shown = get_or_404(groups_of(doctor_id), pk=group.pk)
        return Response(GroupOut(shown).data, status=201)


class GroupView(OwnView):
    """One group of the doctor."""

    resource = permissions.PATIENT_GROUP
    verbs: ClassVar = {"PATCH": "rename", "DELETE": "remove"}
    errors: ClassVar = (errors.GroupNameTakenError,)

    @extend_schema(request=GroupIn, responses=GroupOut)
    def patch(self, _request: Request, public_id: UUID) -> Response:
        """Rename a group."""
        doctor_id = self.doctor().pk
        group = get_or_404(groups_of(doctor_id), public_id=public_id)
        name = self.input(GroupIn)["name"]
        groups.rename_group(doctor_id=doctor_id, group_id=group.pk, name=name)
        return Response(GroupOut(get_or_404(groups_of(doctor_id), pk=group.pk)).data)

    @extend_schema(responses={204: None})
    def delete(self, _request: Request, public_id: UUID) -> Response:
        """Remove a group; the patients stay yours."""
        doctor_id = self.doctor().pk
        group = get_or_404(groups_of(doctor_id), public_id=public_id)
        groups.remove_group(doctor_id=doctor_id, group_id=group.pk)
        return Response(status=204)


class GroupMembersView(OwnView):
    """Patients in a group."""

    resource = permissions.PATIENT_GROUP
    verbs: ClassVar = {"POST": "fill"}

    @extend_schema(request=MembersIn, responses=MembersOut)
    def post(self, _request: Request, public_id: UUID) -> Response:
        """Put patients into a group: all of them, or none when one is not yours."""
        doctor_id = self.doctor().pk
        group = get_or_404(groups_of(doctor_id), public_id=public_id)
        wanted = self.input(MembersIn)["patients"]
        added = groups.add_members(doctor_id=doctor_id, group_id=group.pk, relation_ids=wanted)
        return Response({"added": added})


class GroupMemberView(OwnView):
    """One patient in a group."""

    resource = permissions.PATIENT_GROUP
    verbs: ClassVar = {"DELETE": "empty"}

    @extend_schema(responses={204: None})
    def delete(self, _request: Request, public_id: UUID, patient_id: UUID) -> Response:
        """Take a patient out of a group."""
        doctor_id = self.doctor().pk
        group = get_or_404(groups_of(doctor_id), public_id=public_id)
        relation = get_or_404(patients_of(doctor_id), public_id=patient_id)
        groups.remove_member(doctor_id=doctor_id, group_id=group.pk, relation_id=relation.pk)
        return Response(status=204)
