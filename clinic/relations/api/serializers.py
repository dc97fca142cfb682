"""Shapes of relations and groups."""

from typing import Any

from rest_framework import serializers

from clinic.core.api.fields import OneLineField
from clinic.core.api.query import PageQuery
from clinic.relations.enums import SEED_SOURCES, Source, SystemGroup
from clinic.relations.models import PatientGroup, Relation
from clinic.settings import rules
from doctors.enums import Level


class TagField(OneLineField):
    """A word of the doctor's own about a patient."""

    def __init__(self, **kwargs: Any) -> None:
        """Tags are short."""
        super().__init__(max_length=20, **kwargs)


class OwnPatientQuery(PageQuery):
    """Which of the doctor's patients; ``group`` is one of his own groups."""

    group = serializers.UUIDField(required=False)
    system_group = serializers.ChoiceField(choices=SystemGroup.choices, required=False)
    blocked = serializers.BooleanField(required=False, allow_null=True, default=None)


class OwnPatientSearch(PageQuery):
    """What to look for; words about people stand in a body, never in an address."""

    text = OneLineField(max_length=50, required=False, allow_blank=True, default="")
    tag = TagField(required=False, allow_blank=True, default="")


class OwnPatientChange(serializers.Serializer[Any]):
    """The doctor's notes; what is left out stays."""

    tags = serializers.ListField(
        child=TagField(), max_length=rules.RELATION_TAGS_MAX, required=False
    )
    remark = OneLineField(max_length=200, required=False, allow_blank=True)
    is_blocked = serializers.BooleanField(required=False)


class GroupRef(serializers.ModelSerializer[PatientGroup]):
    """A group as part of something."""

    id = serializers.UUIDField(source="public_id")

    class Meta:
        model = PatientGroup
        fields = ("id", "name")


class OwnPatientOut(serializers.ModelSerializer[Relation]):
    """A patient as his doctor sees him."""

    id = serializers.UUIDField(source="public_id")
    name = serializers.CharField(source="patient.name")
    source_code = serializers.SerializerMethodField()
    system_groups = serializers.SerializerMethodField()
    groups = GroupRef(many=True)
    is_blocked = serializers.BooleanField(source="is_blocked_by_doctor")

    class Meta:
        model = Relation
        fields = (
            "id",
            "name",
            "tags",
            "remark",
            "source",
            "source_code",
            "is_followed",
            "system_groups",
            "groups",
            "is_blocked",
            "credit",
            "shows_followed_card",
            "latest_consultation_id",
            "latest_consultation_at",
            "latest_report_id",
            "created_at",
        )
        read_only_fields = fields

    def get_source_code(self, relation: Relation) -> int:
        """The code of seed 004."""
        return SEED_SOURCES[Source(relation.source)]

    def get_system_groups(self, relation: Relation) -> list[int]:
        """1 for every patient, 2 as well for one who follows."""
        groups = [SystemGroup.NORMAL.value]
        return [*groups, SystemGroup.FOLLOWED.value] if relation.is_followed else groups


class OwnPatientPage(serializers.Serializer[Any]):
    """One page of what was found."""

    count = serializers.IntegerField()
    page = serializers.IntegerField()
    page_size = serializers.IntegerField()
    results = OwnPatientOut(many=True)


class GroupIn(serializers.Serializer[Any]):
    """A group's name."""

    name = OneLineField(max_length=30)


class GroupOut(serializers.ModelSerializer[PatientGroup]):
    """A group of the doctor's own."""

    id = serializers.UUIDField(source="public_id")
    member_count = serializers.IntegerField()

    class Meta:
        model = PatientGroup
        fields = ("id", "name", "member_count", "created_at")
        read_only_fields = fields


class SystemGroupOut(serializers.Serializer[Any]):
    """A group that the house keeps by itself."""

    code = serializers.ChoiceField(choices=SystemGroup.choices)
    name = serializers.CharField()
    member_count = serializers.IntegerField()


class GroupsOut(serializers.Serializer[Any]):
    """All groups of a doctor."""

    system = SystemGroupOut(many=True)
    own = GroupOut(many=True)


class MembersIn(serializers.Serializer[Any]):
    """Patients of the doctor, by the ids of ``doctor/patients``."""

    patients = serializers.ListField(
        child=serializers.UUIDField(), min_length=1, max_length=rules.GROUP_MEMBERS_AT_ONCE
    )


class MembersOut(serializers.Serializer[Any]):
    """How many were not in the group before."""

    added = serializers.IntegerField()


class RelatedDoctorOut(serializers.ModelSerializer[Relation]):
    """A doctor as a patient who knows him sees him."""

    id = serializers.UUIDField(source="doctor.public_id")
    name = serializers.CharField(source="doctor.name")
    level = serializers.ChoiceField(source="doctor.level", choices=Level.choices)
    hospital = serializers.CharField(source="doctor.hospital")
    department = serializers.CharField(source="doctor.department.name")
    icon = serializers.CharField(source="doctor.icon")
    is_blocked = serializers.BooleanField(source="is_blocked_by_patient")

    class Meta:
        model = Relation
        fields = (
            "id",
            "name",
            "level",
            "hospital",
            "department",
            "icon",
            "is_followed",
            "followed_at",
            "is_blocked",
            "takes_broadcasts",
            "shows_followed_card",
            "latest_consultation_id",
            "latest_consultation_at",
        )
        read_only_fields = fields


class TieOut(serializers.Serializer[Any]):
    """What a patient has to do with a doctor; all false with a stranger."""

    is_followed = serializers.BooleanField()
    is_blocked = serializers.BooleanField()
    takes_broadcasts = serializers.BooleanField()


class TieIn(serializers.Serializer[Any]):
    """What a patient wants from a doctor he knows."""

    takes_broadcasts = serializers.BooleanField()


class CardOut(serializers.Serializer[Any]):
    """The doctor to be shown now, or null."""

    doctor = RelatedDoctorOut(allow_null=True)
