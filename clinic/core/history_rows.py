"""Rows of a history below a console screen, with who acted as people say it."""

from typing import Any, Final

from django.contrib.auth import get_user_model
from django.db.models import Case, Exists, OuterRef, QuerySet, Subquery, UUIDField, When
from django.db.models.functions import Cast, Substr
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from clinic.core.actor_names import PERSON_KEY, name_part, name_person
from clinic.core.roles import Role
from clinic.core.screens import ReadOnlyInline

PERSON: Final = "user:"


class ActorNames:
    """Rows whose ``actor`` is a label of ``Actor``; ``shown_actor`` says who that is."""

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Bring the names along, in the same query."""
        key = Case(
            When(actor__regex=PERSON_KEY, then=Cast(Substr("actor", len(PERSON) + 1), UUIDField()))
        )
        people = get_user_model().objects.filter(public_id=OuterRef("actor_key"))
        rows: QuerySet[Any] = super().get_queryset(request)  # type: ignore[misc]
        named: QuerySet[Any] = rows.annotate(actor_key=key).annotate(
            actor_name=Subquery(people.values("name")[:1]),
            actor_is_patient=Exists(people.filter(groups__name=Role.PATIENT)),
        )
        return named

    @display(description=_("actor"))
    def shown_actor(self, row: Any) -> str:
        """A name, a patient's masked; or which part of the system."""
        if row.actor_name is None:
            return name_part(row.actor)
        return name_person(row.actor_name, is_patient=row.actor_is_patient)


class ActorInline(ActorNames, ReadOnlyInline):
    """Such rows below another screen."""

    show_change_link = False
