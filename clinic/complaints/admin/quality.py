"""Quality of doctors in the console: who has how many points; warnings and stops."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from clinic.complaints.admin.forms import SanctionForm, StopForm, midnight_of
from clinic.complaints.enums import SanctionKind
from clinic.complaints.models import DoctorQuality, QualityEntry, Sanction
from clinic.complaints.rules import score
from clinic.complaints.selectors.quality import doctors_by_quality
from clinic.complaints.selectors.staff import SUPERVISORS
from clinic.complaints.services import sanctions
from clinic.core.actor import Actor
from clinic.core.clock import now
from clinic.core.columns import pill, state_column
from clinic.core.screens import ReadOnlyInline
from clinic.core.steps import StateAdmin, Step
from clinic.settings import rules


def _warn(doctor: DoctorQuality, actor: Actor, cleaned: dict[str, Any]) -> None:
    sanctions.warn_doctor(doctor.pk, reason=cleaned["reason"], actor=actor, now=now())


def _stop(doctor: DoctorQuality, actor: Actor, cleaned: dict[str, Any]) -> None:
    sanctions.stop_assignment(
        doctor.pk, until=midnight_of(cleaned), reason=cleaned["reason"], actor=actor, now=now()
    )


def _lift(sanction: Sanction, actor: Actor, _cleaned: dict[str, Any]) -> None:
    sanctions.lift(sanction.pk, actor=actor, now=now())


class EntryInline(ReadOnlyInline):
    """Points, those revoked too."""

    model = QualityEntry
    fk_name = "doctor"
    fields = ("at", "points", "reason", "complaint", "revoked_at")
    readonly_fields = fields
    show_change_link = False


class SanctionInline(ReadOnlyInline):
    """What was decided."""

    model = Sanction
    fk_name = "doctor"
    fields = ("created_at", "kind", "reason", "until", "ended_at")
    readonly_fields = fields


@admin.register(DoctorQuality)
class DoctorQualityAdmin(StateAdmin):
    """Doctors of whom patients complained, the most points first."""

    icon, place = "workspace_premium", 20
    list_display = (
        "name", "department", "shown_score", "shown_points", "shown_complaints", "shown_stop",
    )  # fmt: skip
    list_filter = ("department", "is_service_stopped")
    list_select_related = ("department",)
    search_fields = ("name", "public_id")
    inlines = (EntryInline, SanctionInline)
    fields = ("name", "department", "shown_score", "shown_points", "shown_complaints", "shown_stop")
    readonly_fields = ("shown_score", "shown_points", "shown_complaints", "shown_stop")
    steps = (
        Step(
            name="warn",
            label=_("Warn"),
            icon="campaign",
            run=_warn,
            roles=SUPERVISORS,
            form=SanctionForm,
        ),
        Step(
            name="stop",
            label=_("No new patients"),
            icon="block",
            run=_stop,
            roles=SUPERVISORS,
            form=StopForm,
            when=lambda doctor: not doctor.is_service_stopped,
            asks=_("The doctor ends the consultations he has and gets no new ones until that day."),
            danger=True,
        ),
    )

    def get_queryset(self, _request: HttpRequest) -> QuerySet[Any]:
        """Those of whom somebody complained."""
        return doctors_by_quality(now())

    def get_ordering(self, _request: HttpRequest) -> tuple[str, ...]:
        """As the rows come."""
        return ()

    @display(description=_("score"))
    def shown_score(self, doctor: Any) -> str:
        """Full mark less points; red when staff should look."""
        mark = score([doctor.quality_points])
        return pill(mark, "danger" if mark < rules.QUALITY_SCORE_LOW else "success")

    @display(description=_("points in the last year"))
    def shown_points(self, doctor: Any) -> int:
        """Points that count."""
        return int(doctor.quality_points)

    @display(description=_("complaints"))
    def shown_complaints(self, doctor: Any) -> str:
        """How many complaints, how many of them justified."""
        counts = {"count": doctor.complaint_count, "justified": doctor.justified_count}
        return gettext("%(count)s, justified: %(justified)s") % counts

    @display(description=_("new patients"))
    def shown_stop(self, doctor: Any) -> str:
        """Whether he gets any."""
        return (
            pill(_("stopped"), "danger") if doctor.is_service_stopped else pill(_("yes"), "success")
        )


@admin.register(Sanction)
class SanctionAdmin(StateAdmin):
    """Decisions about doctors; one in force can be lifted."""

    icon, place = "block", 30
    list_display = (
        "created_at", "doctor", "shown_kind", "reason", "given_by", "until", "ended_at",
    )  # fmt: skip
    list_filter = ("kind", ("ended_at", admin.EmptyFieldListFilter))
    list_select_related = ("doctor", "given_by")
    search_fields = ("doctor__name", "public_id")
    ordering = ("-id",)
    shown_kind = state_column(
        "kind", _("kind"), {SanctionKind.WARNING: "warning", SanctionKind.STOP: "danger"}
    )
    fields = (
        "doctor",
        "kind",
        "reason",
        "given_by",
        "created_at",
        "until",
        "ended_at",
        "lifted_by",
    )
    steps = (
        Step(
            name="lift",
            label=_("Lift"),
            icon="lock_open",
            run=_lift,
            roles=SUPERVISORS,
            when=lambda sanction: sanction.ended_at is None,
            asks=_("The doctor works as before the decision."),
        ),
    )
