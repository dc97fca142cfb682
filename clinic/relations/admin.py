"""Console screens of relations; what doctors noted about people is not shown."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from clinic.core.changes import Naming, name_by
from clinic.core.masking import mask_name
from clinic.core.screens import ReadOnlyAdmin
from clinic.relations.models import Broadcast, Invite, Relation


@admin.register(Relation)
class RelationAdmin(ReadOnlyAdmin):
    """Which doctor and patient know each other, and how."""

    icon, place = "diversity_1", 10
    list_display = (
        "created_at",
        "doctor",
        "shown_patient",
        "source",
        "is_followed",
        "is_blocked_by_doctor",
        "is_blocked_by_patient",
        "credit",
        "latest_consultation_at",
    )
    list_filter = ("source", "is_followed", "is_blocked_by_doctor", "is_blocked_by_patient")
    list_select_related = ("doctor", "patient")
    search_fields = ("public_id", "doctor__name", "patient__public_id")
    ordering = ("-id",)
    fields = (
        "public_id",
        "doctor",
        "shown_patient",
        "source",
        "is_followed",
        "followed_at",
        "is_blocked_by_doctor",
        "is_blocked_by_patient",
        "takes_broadcasts",
        "credit",
        "latest_consultation_id",
        "latest_consultation_at",
        "latest_report_id",
        "created_at",
    )

    @display(description=_("patient"))
    def shown_patient(self, relation: Relation) -> str:
        """The patient's name, masked."""
        return mask_name(relation.patient.name)


@admin.register(Invite)
class InviteAdmin(ReadOnlyAdmin):
    """The codes that doctors show."""

    icon, place = "qr_code_2", 20
    list_display = ("created_at", "doctor", "label", "revoked_at")
    list_select_related = ("doctor",)
    search_fields = ("public_id", "doctor__name")
    ordering = ("-id",)
    fields = ("public_id", "doctor", "label", "revoked_at", "created_at")


@admin.register(Broadcast)
class BroadcastAdmin(ReadOnlyAdmin):
    """What doctors told many patients at once."""

    icon, place = "campaign", 30
    list_display = ("created_at", "doctor", "audience", "state", "ended_at")
    list_filter = ("state", "audience")
    list_select_related = ("doctor",)
    search_fields = ("public_id", "doctor__name")
    ordering = ("-id",)
    fields = ("public_id", "doctor", "audience", "text", "state", "created_at", "ended_at")


def _relation_in_history(relation: Relation) -> str:
    return f"{relation.doctor.name} – {mask_name(relation.patient.name)}"


name_by(Relation, Naming(name=_relation_in_history, related=("doctor", "patient")))
