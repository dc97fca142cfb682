"""Shapes of the visit person endpoints."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from clinic.accounts.api.fields import PhoneField
from clinic.core.api.fields import OneLineField
from clinic.core.clock import now
from clinic.patients.enums import Gender, RealName, Relation
from clinic.patients.models import VisitPerson
from clinic.patients.rules import HEIGHT_CM, WEIGHT_KG
from clinic.patients.selectors import masked_id_number
from clinic.patients.selectors.real_name import state_of


class _PersonInput(serializers.Serializer[Any]):
    """Fields that can be left out both when adding and when changing."""

    gender = serializers.ChoiceField(choices=Gender.choices, required=False)
    birthday = serializers.DateField(required=False)
    id_number = serializers.CharField(
        max_length=40,
        required=False,
        allow_blank=True,
        write_only=True,
        help_text="15 or 18 characters; answers show it masked",
    )
    is_default = serializers.BooleanField(required=False)
    height_cm = serializers.DecimalField(
        max_digits=4,
        decimal_places=1,
        min_value=HEIGHT_CM[0],
        max_value=HEIGHT_CM[1],
        required=False,
        allow_null=True,
    )
    weight_kg = serializers.DecimalField(
        max_digits=5,
        decimal_places=2,
        min_value=WEIGHT_KG[0],
        max_value=WEIGHT_KG[1],
        required=False,
        allow_null=True,
    )
    phone = PhoneField(required=False, allow_blank=True)
    city = OneLineField(max_length=40, required=False, allow_blank=True)


class AddVisitPersonInput(_PersonInput):
    """A new visit person; gender and birthday may be left out beside an ID number."""

    name = OneLineField(max_length=60)
    relation = serializers.ChoiceField(choices=Relation.choices)


class ChangeVisitPersonInput(_PersonInput):
    """Changes of a visit person; what is left out stays."""

    name = OneLineField(max_length=60, required=False)
    relation = serializers.ChoiceField(choices=Relation.choices, required=False)


class VisitPersonOutput(serializers.ModelSerializer[VisitPerson]):
    """A visit person as his account sees him."""

    id = serializers.UUIDField(source="public_id", read_only=True)
    id_number_masked = serializers.SerializerMethodField()
    real_name_state = serializers.SerializerMethodField()

    class Meta:
        model = VisitPerson
        fields = (
            "id",
            "name",
            "relation",
            "gender",
            "birthday",
            "id_number_masked",
            "real_name_state",
            "is_default",
            "height_cm",
            "weight_kg",
            "phone",
            "city",
            "created_at",
        )
        read_only_fields = fields

    def get_id_number_masked(self, person: VisitPerson) -> str:
        """First three and last four characters."""
        return masked_id_number(person)

    @extend_schema_field(serializers.ChoiceField(choices=RealName.choices))
    def get_real_name_state(self, person: VisitPerson) -> str:
        """Whether name and ID number are verified; what is not must be before an order."""
        return state_of(person, now()).value
