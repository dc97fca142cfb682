"""Console screens of departments and doctors."""

from typing import Any, ClassVar

from django.contrib import admin, messages
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from clinic.accounts.services.roles import grant_role
from clinic.core.actor import Actor
from clinic.core.clock import now
from clinic.core.columns import money_column, pill, state_column
from clinic.core.console import Figure, actor_of, list_link, shows_figures
from clinic.core.errors import ClinicError
from clinic.core.masking import mask_phone
from clinic.core.roles import Role
from clinic.core.screens import EditableInline, HouseAdmin, ReadOnlyAdmin
from clinic.core.steps import ADMIN, CodeForm, Step, Steps
from doctors.admin import credentials as credentials  # its screens register themselves
from doctors.admin.calendar import WorkRuleInline
from doctors.enums import Certification, DoctorStatus, PresenceState
from doctors.models import Department, Doctor, DoctorPresence, ServiceHours
from doctors.services.standing import restore, suspend

CERTIFICATION_TONES = {
    Certification.CERTIFIED: "success",
    Certification.PENDING: "warning",
    Certification.REJECTED: "danger",
}
PRESENCE_TONES = {PresenceState.ONLINE: "success", PresenceState.BUSY: "warning"}


class SuspendForm(CodeForm):
    """Asks why a doctor gets no new patients."""

    choices = (
        ("complaint", _("Complaint")),
        ("quality", _("Quality of work")),
        ("absence", _("Long absence")),
        ("left", _("Left the clinic")),
    )


def _suspend(doctor: Doctor, actor: Actor, cleaned: dict[str, Any]) -> None:
    suspend(doctor_id=doctor.pk, reason=cleaned["reason"], by=actor)


def _restore(doctor: Doctor, actor: Actor, _cleaned: dict[str, Any]) -> None:
    restore(doctor_id=doctor.pk, by=actor)


class ServiceHoursInline(EditableInline):
    """When the doctor takes consultations; no rows means always."""

    model = ServiceHours
    fields = ("weekday", "start", "end")


@admin.register(Department)
class DepartmentAdmin(HouseAdmin):
    """Medical departments."""

    icon, place = "local_hospital", 30
    list_display = ("name", "code", "position", "sees_children", "is_active")
    list_filter = ("sees_children", "is_active")
    search_fields = ("name", "code")
    fields = ("code", "name", "description", "position", "sees_children", "is_active")


class DoctorAdmin(Steps, HouseAdmin):
    """Doctors: the profile may be edited, standing moves by steps, papers by their own screen.

    The room of appointments registers it, which knows what a step does to them.
    """

    icon, place = "stethoscope", 10
    list_display = (
        "name",
        "level",
        "department",
        "shown_presence",
        "shown_load",
        "shown_certification",
        "shown_status",
        "is_service_open",
        "rating_average",
    )
    list_filter = (
        "department",
        "level",
        "certification",
        "status",
        "is_service_open",
        "is_on_duty",
    )
    list_select_related = ("department", "presence")
    search_fields = ("name", "hospital", "public_id")
    ordering = ("-id",)
    autocomplete_fields = ("user", "department", "branch")
    inlines = (ServiceHoursInline, WorkRuleInline)
    shown_certification = state_column("certification", _("certification"), CERTIFICATION_TONES)
    shown_status = state_column(
        "status", _("status"), {DoctorStatus.ACTIVE: "success", DoctorStatus.SUSPENDED: "danger"}
    )
    shown_text_price = money_column("text_price_fen", _("text price"))
    readonly_fields = (
        "shown_status",
        "shown_certification",
        "shown_presence",
        "shown_load",
        "shown_phone",
        "licence_valid_until",
        "practising_since",
        "rating_average",
        "rating_count",
        "last_assigned_at",
    )
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("shown_status", "shown_certification"),
                    ("shown_presence", "shown_load"),
                    ("licence_valid_until", "practising_since"),
                    "last_assigned_at",
                    ("rating_average", "rating_count"),
                )
            },
        ),
        (
            _("Profile"),
            {
                "fields": (
                    "user",
                    ("name", "gender"),
                    ("department", "branch"),
                    ("level", "hospital"),
                    "shown_phone",
                    "icon",
                    "description",
                )
            },
        ),
        (
            _("Service"),
            {
                "fields": (
                    ("is_service_open", "is_text_open", "is_phone_open"),
                    ("text_price_fen", "phone_price_fen"),
                    ("max_consultations", "is_appointment_open", "max_appointments"),
                )
            },
        ),
    )
    steps: ClassVar[tuple[Step, ...]] = (
        Step(
            name="suspend",
            label=_("Suspend"),
            icon="block",
            run=_suspend,
            form=SuspendForm,
            when=lambda doctor: doctor.status == DoctorStatus.ACTIVE,
            danger=True,
        ),
        Step(
            name="restore",
            label=_("Restore"),
            icon="undo",
            run=_restore,
            when=lambda doctor: doctor.status == DoctorStatus.SUSPENDED,
            in_list=True,
        ),
    )

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:  # noqa: ARG002 Django's form
        """The account of a doctor never changes."""
        return (*self.readonly_fields, "user") if obj else self.readonly_fields

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: Any) -> None:
        """Store the doctor; a new one gets the role."""
        super().save_model(request, obj, form, change)
        if change:
            return
        try:
            grant_role(user=obj.user, role=Role.DOCTOR, by=actor_of(request))
        except ClinicError as error:
            messages.error(request, error.sentence)

    @display(description=_("presence"))
    def shown_presence(self, doctor: Doctor) -> str:
        """What his devices say."""
        presence = getattr(doctor, "presence", None)
        state = PresenceState(presence.state) if presence else PresenceState.OFFLINE
        return pill(state.label, PRESENCE_TONES.get(state, ""))

    @display(description=_("load"), ordering="load_key")
    def shown_load(self, doctor: Doctor) -> str:
        """Consultations now and the limit."""
        return f"{doctor.current_consultation_count} / {doctor.place_limit or '-'}"

    @display(description=_("contact phone"))
    def shown_phone(self, doctor: Doctor) -> str:
        """The phone, masked."""
        return mask_phone(doctor.phone)


@admin.register(DoctorPresence)
class DoctorPresenceAdmin(ReadOnlyAdmin):
    """Who is there."""

    icon, place = "sensors", 20
    list_display = ("doctor", "shown_state", "heartbeat_at", "changed_at")
    list_filter = ("state",)
    list_select_related = ("doctor",)
    search_fields = ("doctor__name",)
    ordering = ("-heartbeat_at",)
    shown_state = state_column("state", _("state"), PRESENCE_TONES)


@shows_figures(order=30, roles=ADMIN | {Role.CUSTOMER_SERVICE, Role.AUDITOR})
def doctor_figures() -> list[Figure]:
    """Who is there now and who has room."""
    moment = now()
    online = Doctor.objects.listed().online(moment)  # type: ignore[attr-defined]
    free = Doctor.objects.assignable(moment)  # type: ignore[attr-defined]
    online_count, free_count = online.count(), free.count()
    return [
        Figure(
            _("Doctors online"),
            str(online_count),
            _("%(count)s can take a patient now") % {"count": free_count},
            icon="stethoscope",
            tone="success" if free_count else "danger",
            link=list_link("doctors.DoctorPresence", "state__exact=online"),
        )
    ]
