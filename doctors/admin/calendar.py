"""Console forms of calendars: hours are typed as on a clock, zones are chosen from the list."""

import re
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from clinic.core.clock import clinic_day, now
from clinic.core.screens import EditableInline
from doctors.enums import DayKind
from doctors.models import Branch, BranchHours, CalendarDay, WorkRule
from doctors.models.calendar import DAY_MINUTES

CLOCK = re.compile(r"([0-9]{1,2}):([0-5][0-9])")


class ClockField(forms.CharField):
    """A time of day as minutes from midnight; 24:00 is the end of the day."""

    def __init__(self, **options: Any) -> None:
        """Take few characters and show an example."""
        attributes = {"placeholder": "09:00", "maxlength": 5}
        super().__init__(widget=UnfoldAdminTextInputWidget(attrs=attributes), **options)

    def prepare_value(self, value: Any) -> Any:
        """Show minutes as a time."""
        return f"{value // 60:02d}:{value % 60:02d}" if isinstance(value, int) else value

    def clean(self, value: Any) -> Any:
        """Return minutes. Raises ValidationError for what no clock shows."""
        text = super().clean(value)
        found = CLOCK.fullmatch(text)
        minutes = int(found[1]) * 60 + int(found[2]) if found else DAY_MINUTES + 1
        if minutes > DAY_MINUTES:
            raise ValidationError(_("Write a time such as 09:30, at most 24:00."))
        return minutes

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compare what is shown with what was typed."""
        return bool(super().has_changed(self.prepare_value(initial), data))


class HoursForm(forms.ModelForm):
    """A stretch of hours: the end lies after the start."""

    start_minute = ClockField(label=_("From"))
    end_minute = ClockField(label=_("Until"))

    def __init__(self, *args: Any, **options: Any) -> None:
        """Let new hours hold from today on."""
        super().__init__(*args, **options)
        if "valid_from" in self.fields:
            self.fields["valid_from"].initial = clinic_day(now())

    def clean(self) -> dict[str, Any]:
        """Refuse a stretch without length."""
        cleaned = super().clean() or {}
        start, end = cleaned.get("start_minute"), cleaned.get("end_minute")
        if start is not None and end is not None and end <= start:
            self.add_error(
                "end_minute", _("The end must be after the start. Write a night as two rows.")
            )
        return cleaned


class SpecialDayForm(HoursForm):
    """A date that differs: other hours say them, a working day says like which weekday."""

    start_minute = ClockField(label=_("From"), initial=0)
    end_minute = ClockField(label=_("Until"), initial=DAY_MINUTES)

    class Meta:
        model = CalendarDay
        fields = (
            "date", "name", "kind", "start_minute", "end_minute", "works_as", "branch", "doctor",
        )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """Keep only what the kind needs, and one owner."""
        cleaned = super().clean()
        kind = cleaned.get("kind")
        if kind != DayKind.HOURS:
            cleaned |= {"start_minute": 0, "end_minute": DAY_MINUTES}
        if kind != DayKind.WORKDAY:
            cleaned["works_as"] = None
        elif cleaned.get("works_as") is None:
            self.add_error("works_as", _("Say like which weekday."))
        if cleaned.get("branch") and cleaned.get("doctor"):
            self.add_error("doctor", _("Name a branch or a doctor, or nobody for the whole house."))
        return cleaned


class BranchForm(forms.ModelForm):
    """A branch lives by the wall clock of a zone that exists."""

    time_zone = forms.ChoiceField(
        label=_("Time zone"),
        choices=[(zone, zone) for zone in sorted(available_timezones())],
        widget=UnfoldAdminSelectWidget(),
        initial="Asia/Shanghai",
    )

    class Meta:
        model = Branch
        fields = ("code", "name", "description", "address", "phone", "time_zone", "is_active")


class BranchHoursInline(EditableInline):
    """When the branch is open; no rows means always."""

    model = BranchHours
    form = HoursForm
    fields = ("weekday", "start_minute", "end_minute", "valid_from", "valid_until")


class WorkRuleInline(EditableInline):
    """When the doctor sees people at a branch, or without one online."""

    model = WorkRule
    form = HoursForm
    fields = ("branch", "weekday", "start_minute", "end_minute", "valid_from", "valid_until")
