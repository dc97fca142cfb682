"""Shapes of doctors, departments and branches."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from clinic.core.api.fields import OneLineField
from clinic.core.api.query import PageQuery
from clinic.core.clock import clinic_time
from clinic.settings import rules
from doctors.enums import Gender, Level, PresenceState, Weekday
from doctors.models import Branch, Department, Doctor


class DepartmentQuery(PageQuery):
    """Departments by name or code."""

    keyword = OneLineField(max_length=50, required=False, allow_blank=True, default="")


class DoctorQuery(PageQuery):
    """What a patient looks for."""

    department = OneLineField(
        max_length=30, required=False, default="", help_text=_("Code of a department.")
    )
    keyword = OneLineField(
        max_length=50,
        required=False,
        allow_blank=True,
        default="",
        help_text=_("Part of name, hospital, department or description."),
    )
    level = serializers.ChoiceField(choices=Level.choices, required=False, default="")
    online = serializers.BooleanField(required=False, allow_null=True, default=None)


class DepartmentOut(serializers.ModelSerializer[Department]):
    """A department."""

    id = serializers.UUIDField(source="public_id")

    class Meta:
        model = Department
        fields = ("id", "code", "name", "description", "sees_children")


class BranchOut(serializers.ModelSerializer[Branch]):
    """A place of the clinic."""

    id = serializers.UUIDField(source="public_id")

    class Meta:
        model = Branch
        fields = (
            "id", "code", "name", "description", "address", "phone", "time_zone", "rating_average",
            "review_count",
        )  # fmt: skip


class DepartmentRef(serializers.Serializer[Any]):
    """A department as part of something."""

    code = serializers.CharField()
    name = serializers.CharField()


class DoctorCard(serializers.Serializer[Any]):
    """A doctor as patients see him. Null prices mean the clinic's price list decides."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    gender = serializers.ChoiceField(choices=Gender.choices)
    icon = serializers.CharField(allow_blank=True)
    hospital = serializers.CharField(allow_blank=True)
    level = serializers.ChoiceField(choices=Level.choices)
    description = serializers.CharField(allow_blank=True)
    department = DepartmentRef()
    branch = serializers.CharField(allow_null=True)
    is_text_open = serializers.BooleanField()
    is_phone_open = serializers.BooleanField()
    text_price_fen = serializers.IntegerField(allow_null=True)
    phone_price_fen = serializers.IntegerField(allow_null=True)
    rating_average = serializers.CharField()
    rating_count = serializers.IntegerField()
    presence = serializers.ChoiceField(choices=PresenceState.choices)
    takes_patients = serializers.BooleanField(
        help_text=_("On duty, below the limit, and open for text consultations now.")
    )


class HoursRow(serializers.Serializer[Any]):
    """A stretch of a weekday in the clinic's time zone; 0 is Monday, end 00:00 is midnight."""

    weekday = serializers.ChoiceField(choices=Weekday.choices)
    start = serializers.TimeField(format="%H:%M", input_formats=["%H:%M"])
    end = serializers.TimeField(format="%H:%M", input_formats=["%H:%M"])

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Refuse a stretch that ends before it starts."""
        if attrs["start"] >= attrs["end"] and f"{attrs['end']:%H:%M}" != "00:00":
            raise serializers.ValidationError(
                {"end": _("The end must be after the start. Write a night as two rows.")}
            )
        return attrs


class HoursIn(serializers.Serializer[Any]):
    """All hours of a doctor; an empty list means always."""

    hours = serializers.ListField(child=HoursRow(), max_length=rules.SERVICE_HOURS_MAX_ROWS)


class RatingOut(serializers.Serializer[Any]):
    """Visible reviews in figures."""

    average = serializers.CharField()
    count = serializers.IntegerField()
    by_star = serializers.DictField(child=serializers.IntegerField())


class DoctorDetail(DoctorCard):
    """A doctor's page: the card, his hours and his rating."""

    hours = HoursRow(many=True)
    rating = RatingOut()


class PresenceIn(serializers.Serializer[Any]):
    """What a doctor says of himself."""

    state = serializers.ChoiceField(choices=PresenceState.choices)


class PresenceOut(serializers.Serializer[Any]):
    """Presence as stored. Without a beat before ``expires_at`` it becomes offline."""

    state = serializers.ChoiceField(choices=PresenceState.choices)
    changed_at = serializers.DateTimeField()
    heartbeat_at = serializers.DateTimeField()
    expires_at = serializers.SerializerMethodField()

    def get_expires_at(self, presence: Any) -> str:
        """When silence ends it."""
        return clinic_time(presence.heartbeat_at + rules.PRESENCE_SILENCE).isoformat()


class ProfileIn(serializers.Serializer[Any]):
    """What a doctor may change about himself; everything optional."""

    icon = serializers.URLField(max_length=500, allow_blank=True)
    hospital = OneLineField(max_length=100, allow_blank=True)
    description = serializers.CharField(max_length=2000, allow_blank=True)
    is_service_open = serializers.BooleanField()
    is_text_open = serializers.BooleanField()
    is_phone_open = serializers.BooleanField()
    text_price_fen = serializers.IntegerField(
        min_value=rules.DOCTOR_PRICE_MIN_FEN,
        max_value=rules.DOCTOR_PRICE_MAX_FEN,
        allow_null=True,
    )
    phone_price_fen = serializers.IntegerField(
        min_value=rules.DOCTOR_PRICE_MIN_FEN,
        max_value=rules.DOCTOR_PRICE_MAX_FEN,
        allow_null=True,
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Refuse fields that only staff changes, instead of ignoring them."""
        unknown = sorted(set(self.initial_data) - set(self.fields))
        if unknown:
            raise serializers.ValidationError(
                {name[:40]: _("You cannot change this field.") for name in unknown}
            )
        return attrs


class ProfileOut(serializers.ModelSerializer[Doctor]):
    """A doctor's own profile: all of it but the openid."""

    id = serializers.UUIDField(source="public_id")
    department = DepartmentRef()
    branch = serializers.CharField(source="branch.name", allow_null=True, default=None)
    current_consultation_count = serializers.IntegerField()
    place_limit = serializers.IntegerField()
    hours = HoursRow(many=True)
    presence = serializers.SerializerMethodField()

    class Meta:
        model = Doctor
        fields = (
            "id", "name", "gender", "phone", "icon", "hospital", "department", "branch", "level",
            "description", "status", "certification", "licence_valid_until", "practising_since",
            "is_service_open", "is_text_open", "is_phone_open", "text_price_fen", "phone_price_fen",
            "place_limit", "current_consultation_count", "is_on_duty", "rating_average",
            "rating_count", "hours",
            "presence",
        )  # fmt: skip

    def get_presence(self, doctor: Doctor) -> str:
        """State as stored; offline before the first sign of life."""
        presence = getattr(doctor, "presence", None)
        return str(presence.state) if presence else PresenceState.OFFLINE.value
