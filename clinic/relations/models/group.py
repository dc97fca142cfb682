"""A doctor's own groups of patients."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clinic.core.models import PublicModel
from clinic.relations.models.relation import Relation
from clinic.settings import rules
from doctors.models import Doctor


class PatientGroup(PublicModel):
    """A group with a name of its own.

    Each has one of the places 1 to PATIENT_GROUPS_MAX of its doctor, so there can never be more.
    ``name_key`` is the name as it is compared: width, case and blanks make no difference.
    """

    doctor = models.ForeignKey(
        Doctor,
        on_delete=models.PROTECT,
        related_name="patient_groups",
        db_index=False,
        verbose_name=_("doctor"),
    )
    place = models.PositiveSmallIntegerField(_("place"))
    name = models.CharField(pgettext_lazy("thing", "name"), max_length=30)
    name_key = models.CharField(_("name, compared"), max_length=120)
    members: "models.ManyToManyField[Relation, GroupMember]" = models.ManyToManyField(
        Relation, through="GroupMember", related_name="groups", verbose_name=_("members")
    )

    class Meta:
        verbose_name = _("patient group")
        verbose_name_plural = _("patient groups")
        constraints = [
            models.UniqueConstraint(fields=["doctor", "name_key"], name="one_group_per_name"),
            models.UniqueConstraint(fields=["doctor", "place"], name="one_group_per_place"),
            models.CheckConstraint(
                condition=Q(place__gte=1, place__lte=rules.PATIENT_GROUPS_MAX),
                name="group_has_one_of_few_places",
            ),
        ]

    def __str__(self) -> str:
        return f"group {self.public_id}"


class GroupMember(models.Model):
    """A patient in a group."""

    group = models.ForeignKey(
        PatientGroup, on_delete=models.CASCADE, related_name="seats", db_index=False
    )
    relation = models.ForeignKey(Relation, on_delete=models.CASCADE, related_name="seats")

    class Meta:
        verbose_name = _("group member")
        verbose_name_plural = _("group members")
        constraints = [
            models.UniqueConstraint(
                fields=["group", "relation"], name="one_seat_per_group_and_relation"
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.relation_id} in #{self.group_id}"
