"""Endpoints of visit persons."""

from typing import ClassVar
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from clinic.core.api.query import PageQuery
from clinic.core.api.views import ApiView, get_or_404
from clinic.core.clock import now
from clinic.patients import errors
from clinic.patients.api.permissions import VISIT_PERSON
from clinic.patients.api.serializers import (
    AddVisitPersonInput,
    ChangeVisitPersonInput,
    VisitPersonOutput,
)
from clinic.patients.selectors import visible_to
from clinic.patients.services import persons


class PersonListView(ApiView):
    """The visit persons of the own account."""

    resource = VISIT_PERSON
    verbs: ClassVar = {"GET": "list", "POST": "add"}
    query_serializer_class = PageQuery
    errors: ClassVar = (
        errors.TooManyPersonsError,
        errors.IdNumberTakenError,
        errors.SelfExistsError,
    )

    @extend_schema(responses={200: VisitPersonOutput(many=True)})
    def get(self, _request: Request) -> Response:
        """List the own visit persons, the default one first."""
        return self.page(visible_to(self.actor), VisitPersonOutput)

    @extend_schema(request=AddVisitPersonInput, responses={201: VisitPersonOutput})
    def post(self, _request: Request) -> Response:
        """Add a visit person; the first one is the default."""
        told = persons.NewPerson(**self.input(AddVisitPersonInput))
        person = persons.add_person(actor=self.actor, told=told, now=now())
        return Response(VisitPersonOutput(person).data, status=201)


class PersonView(ApiView):
    """One visit person of the own account."""

    resource = VISIT_PERSON
    verbs: ClassVar = {"GET": "read", "PATCH": "change", "DELETE": "remove"}
    errors: ClassVar = (
        errors.IdNumberTakenError,
        errors.SelfExistsError,
        errors.DefaultNeededError,
        errors.PersonInUseError,
    )

    @extend_schema(responses={200: VisitPersonOutput})
    def get(self, _request: Request, public_id: UUID) -> Response:
        """Show one visit person."""
        person = get_or_404(visible_to(self.actor), public_id=public_id)
        return Response(VisitPersonOutput(person).data)

    @extend_schema(request=ChangeVisitPersonInput, responses={200: VisitPersonOutput})
    def patch(self, _request: Request, public_id: UUID) -> Response:
        """Change a visit person; what is left out stays."""
        person = get_or_404(visible_to(self.actor), public_id=public_id)
        changed = persons.change_person(
            actor=self.actor,
            person_id=person.pk,
            changes=self.input(ChangeVisitPersonInput),
            now=now(),
        )
        return Response(VisitPersonOutput(changed).data)

    @extend_schema(responses={204: None})
    def delete(self, _request: Request, public_id: UUID) -> Response:
        """Remove a visit person; past consultations keep him."""
        person = get_or_404(visible_to(self.actor), public_id=public_id)
        persons.remove_person(actor=self.actor, person_id=person.pk, now=now())
        return Response(status=204)
