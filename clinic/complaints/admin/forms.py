"""What steps of complaints ask staff."""

from datetime import datetime, time
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminDateWidget,
    UnfoldAdminDecimalFieldWidget,
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
)

from clinic.complaints.models import Complaint
from clinic.complaints.selectors.served import served_by
from clinic.complaints.services.handling import Decision
from clinic.core.clock import CLINIC_ZONE, clinic_time
from clinic.settings import rules
from consultations.admin.reasons import end_in_words
from consultations.models import Assignment

VERDICTS = (("yes", _("Justified")), ("no", _("Not justified")))


class TextForm(forms.Form):
    """Asks for a text."""

    text = forms.CharField(
        label=_("Text"),
        max_length=rules.COMPLAINT_TEXT_MAX_CHARS,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 4}),
    )


def doctor_form(complaint: Complaint) -> type[forms.Form]:
    """Return a form that asks whom a complaint concerns, of those who had the case.

    Whom it concerns now is chosen already, by the last time he had it.
    """
    rows = served_by(complaint)
    options = [(str(row.pk), _had_case(row)) for row in rows]
    present = [str(row.pk) for row in rows if row.doctor_id == complaint.doctor_id]

    class DoctorForm(forms.Form):
        assignment = forms.ChoiceField(
            label=_("Who had the case when it went wrong"),
            choices=options,
            initial=present[-1] if present else None,
            widget=UnfoldAdminSelectWidget,
        )

    return DoctorForm


def _had_case(row: Assignment) -> str:
    told = {
        "doctor": row.doctor.name,
        "since": date_format(clinic_time(row.started_at), "SHORT_DATETIME_FORMAT"),
    }
    if row.ended_at is None:
        return gettext("%(doctor)s, since %(since)s") % told
    told |= {
        "until": date_format(clinic_time(row.ended_at), "SHORT_DATETIME_FORMAT"),
        "why": end_in_words(row.ended_why),
    }
    return gettext("%(doctor)s, from %(since)s to %(until)s (%(why)s)") % told


class DecisionForm(forms.Form):
    """Asks for the outcome, the points against the doctor and the money that goes back."""

    verdict = forms.ChoiceField(
        label=_("Is the complaint justified?"), choices=VERDICTS, widget=UnfoldAdminSelectWidget
    )
    outcome = forms.CharField(
        label=_("What the patient is told"),
        max_length=rules.COMPLAINT_TEXT_MAX_CHARS,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 4}),
    )
    points = forms.IntegerField(
        label=_("Points against the doctor"),
        required=False,
        min_value=0,
        max_value=rules.QUALITY_POINTS_MAX,
        widget=UnfoldAdminIntegerFieldWidget,
    )
    points_reason = forms.CharField(
        label=_("Reason of the points; the doctor reads it"),
        required=False,
        max_length=200,
        widget=UnfoldAdminTextInputWidget,
    )
    compensation = forms.DecimalField(
        label=_("Compensation (yuan)"),
        help_text=_("Finance grants it; above the limit two people."),
        required=False,
        min_value=Decimal(0),
        max_digits=9,
        decimal_places=2,
        widget=UnfoldAdminDecimalFieldWidget,
    )


def decision_of(cleaned: dict[str, Any]) -> Decision:
    """Return the decision of a valid form."""
    return Decision(
        is_justified=cleaned["verdict"] == "yes",
        outcome=cleaned["outcome"],
        points=cleaned["points"] or 0,
        points_reason=cleaned["points_reason"],
        compensation_fen=int((cleaned["compensation"] or 0) * 100),
    )


class SanctionForm(forms.Form):
    """Asks why; the doctor reads it."""

    reason = forms.CharField(
        label=_("Reason; the doctor reads it"), max_length=200, widget=UnfoldAdminTextInputWidget
    )


class StopForm(SanctionForm):
    """Asks until when, too."""

    until = forms.DateField(
        label=_("Until the beginning of this day"),
        widget=UnfoldAdminDateWidget(attrs={"type": "date"}),
    )


def midnight_of(cleaned: dict[str, Any]) -> datetime:
    """Return when the chosen day begins on the clinic's clock."""
    return datetime.combine(cleaned["until"], time(), CLINIC_ZONE)
