"""The console page of emergency reading: a reason first, then one patient for a short time."""

from typing import Any, Final
from uuid import UUID

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.generic import FormView, TemplateView
from unfold.views import UnfoldModelAdminViewMixin
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from clinic.core.clock import now
from clinic.core.console import Page, actor_of, add_page, holds
from clinic.core.errors import ClinicError, NotFoundError
from clinic.core.roles import STAFF_ROLES
from clinic.patients.enums import Gender, Relation
from clinic.privacy.enums import EmergencyReason
from clinic.privacy.models import EmergencyAccess
from clinic.privacy.selectors.emergency import (
    accesses_of,
    open_access,
    persons_under,
    records_under,
)
from clinic.privacy.services.emergency import (
    READERS,
    note_overview,
    note_record,
    open_emergency,
)
from clinic.records.enums import TEXTS
from clinic.records.models import MedicalRecord
from clinic.settings import rules

TITLE: Final = _("Emergency reading")
MAY: Final = STAFF_ROLES & frozenset(READERS)
SHOWN: Final = 20

add_page(Page(room="privacy", title=TITLE, url_name="emergency", icon="emergency", roles=MAY))


class EmergencyForm(forms.Form):
    """Whose data, and why."""

    whom = forms.CharField(
        label=_("Phone or id of the patient"),
        max_length=60,
        widget=UnfoldAdminTextInputWidget(attrs={"autocomplete": "off"}),
    )
    reason = forms.ChoiceField(
        label=_("Reason"), choices=EmergencyReason.choices, widget=UnfoldAdminSelectWidget
    )
    words = forms.CharField(
        label=_("What happened, in own words"),
        min_length=rules.EMERGENCY_WORDS_MIN_CHARS,
        max_length=rules.EMERGENCY_WORDS_MAX_CHARS,
        widget=UnfoldAdminTextInputWidget,
    )


class OpenPage(UnfoldModelAdminViewMixin, FormView):  # type: ignore[type-arg]
    """Asks for the reason; lists the own accesses."""

    title = TITLE
    form_class = EmergencyForm
    template_name = "console/emergency.html"
    request: HttpRequest

    def has_permission(self) -> bool:
        """Staff who may have to."""
        return holds(self.request, MAY)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Show the own accesses of late."""
        moment, actor = now(), actor_of(self.request)
        mine = accesses_of(actor).filter(reader_id=actor.user_id)[:SHOWN]
        return super().get_context_data(
            **kwargs,
            minutes=int(rules.EMERGENCY_TIME.total_seconds() // 60),
            accesses=[(access, access.ends_at > moment) for access in mine],
        )

    def form_valid(self, form: Any) -> HttpResponse:
        """Open the door, or say why not."""
        told = form.cleaned_data
        try:
            access = open_emergency(
                actor=actor_of(self.request),
                whom=told["whom"],
                reason=EmergencyReason(told["reason"]),
                words=told["words"],
                now=now(),
            )
        except ClinicError as error:
            form.add_error(None, error.sentence)
            return self.form_invalid(form)
        return HttpResponseRedirect(reverse("emergency-patient", args=[access.public_id]))


class PatientPage(UnfoldModelAdminViewMixin, TemplateView):
    """The patient's persons and records while the time runs."""

    title = TITLE
    template_name = "console/emergency_patient.html"
    access: EmergencyAccess | None = None
    record: MedicalRecord | None = None
    request: HttpRequest

    def has_permission(self) -> bool:
        """Asked for before."""
        return self.access is not None

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Bring what the access opens."""
        access = self.access
        if access is None:
            raise PermissionDenied
        return super().get_context_data(
            **kwargs,
            access=access,
            persons=[
                {**one, "gender": Gender(one["gender"]).label,
                 "relation": Relation(one["relation"]).label}
                for one in persons_under(access, now())
            ],
            records=records_under(access)[:SHOWN],
            record=self.record,
            texts=_texts(self.record) if self.record else [],
        )  # fmt: skip


def page(request: HttpRequest) -> HttpResponseBase:
    """Show the form or take the reason."""
    return OpenPage.as_view(model_admin=_screen())(request)


def patient(request: HttpRequest, public_id: UUID) -> HttpResponseBase:
    """Show the patient of an access that is open."""
    access = _open(request, public_id)
    if isinstance(access, HttpResponse):
        return access
    note_overview(access, actor=actor_of(request))
    return _shown(request, access, None)


def record(request: HttpRequest, public_id: UUID, record_id: UUID) -> HttpResponseBase:
    """Show one record under an access that is open."""
    access = _open(request, public_id)
    if isinstance(access, HttpResponse):
        return access
    found = records_under(access).filter(public_id=record_id).first()
    if found is None:
        raise Http404
    note_record(access, found, actor=actor_of(request))
    return _shown(request, access, found)


def _open(request: HttpRequest, public_id: UUID) -> EmergencyAccess | HttpResponse:
    """Return the access, or the way back to the form when its time is over."""
    if not holds(request, MAY):
        raise PermissionDenied
    try:
        return open_access(actor_of(request), public_id, now())
    except NotFoundError:
        raise Http404 from None
    except ClinicError:
        return HttpResponseRedirect(reverse("emergency"))


def _shown(
    request: HttpRequest, access: EmergencyAccess, found: MedicalRecord | None
) -> HttpResponseBase:
    view = PatientPage.as_view(model_admin=_screen(), access=access, record=found)
    answer = view(request)
    answer["Cache-Control"] = "no-store"
    return answer


def _texts(record: MedicalRecord) -> list[tuple[str, str]]:
    """Return what a record says, with the names of its fields."""
    fields = MedicalRecord._meta  # noqa: SLF001 Django's public way
    told = ((str(fields.get_field(name).verbose_name), getattr(record, name)) for name in TEXTS)  # type: ignore[union-attr]
    return [(title, text) for title, text in told if text]


def _screen() -> Any:
    return admin.site._registry[EmergencyAccess]  # noqa: SLF001 no public way
