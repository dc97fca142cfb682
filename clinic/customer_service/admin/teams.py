"""Console screens of teams, their hours and special days."""

from datetime import timedelta
from itertools import pairwise
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display
from unfold.widgets import UnfoldAdminTextInputWidget

from clinic.core.clock import clinic_day, now
from clinic.core.columns import duration_column, pill
from clinic.core.screens import EditableInline, NamedCells
from clinic.customer_service.admin.roles import LeadersAdmin, leads_desk
from clinic.customer_service.enums import ChatState
from clinic.customer_service.errors import TeamBusyError
from clinic.customer_service.models import ServiceChat, Team, TeamDay, TeamHours

LONGEST_PROMISE = timedelta(days=30)


class TeamForm(forms.ModelForm):  # type: ignore[type-arg]
    """Refuses what would leave customers without anybody."""

    class Meta:
        model = Team
        fields = (
            "name_zh",
            "name_en",
            "code",
            "fallback",
            "is_active",
            "is_default",
            "first_reply_target",
            "resolution_target",
        )
        widgets = {
            "first_reply_target": UnfoldAdminTextInputWidget,
            "resolution_target": UnfoldAdminTextInputWidget,
        }
        help_texts = {
            "first_reply_target": _("Hours:minutes:seconds, for example 0:01:00."),
            "resolution_target": _("Hours:minutes:seconds, for example 0:30:00."),
            "code": _("Short name for programs; small letters, digits, dashes."),
        }

    def clean_is_active(self) -> bool:
        """A team with open chats stays."""
        is_active = bool(self.cleaned_data["is_active"])
        if not is_active and self.instance.pk:
            open_chats = ServiceChat.objects.filter(team=self.instance.pk)
            count = open_chats.exclude(state=ChatState.ENDED).count()
            if count:
                raise forms.ValidationError(TeamBusyError(count=count).detail)
        return is_active

    def clean(self) -> dict[str, Any]:
        """The team for everybody must be there; promises are positive."""
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("is_default") and not cleaned.get("is_active", True):
            self.add_error("is_active", _("The team for who names none must be active."))
        for name in ("first_reply_target", "resolution_target"):
            target = cleaned.get(name)
            if target is not None and not timedelta(0) < target <= LONGEST_PROMISE:
                self.add_error(name, _("Choose more than nothing and at most 30 days."))
        return cleaned


class StretchForm(forms.ModelForm):  # type: ignore[type-arg]
    """A stretch of a day ends after it begins."""

    def clean(self) -> dict[str, Any]:
        """Both times or, for a special day, none; in this order."""
        cleaned: dict[str, Any] = super().clean() or {}
        opens, closes = cleaned.get("opens"), cleaned.get("closes")
        if (opens is None) != (closes is None) and not self.errors:
            self.add_error("closes", _("Give both times, or none for a closed day."))
        if opens is not None and closes is not None and opens >= closes:
            self.add_error("closes", _("It must close after it opens."))
        return cleaned


class HoursFormSet(NamedCells):
    """Stretches of one day must not overlap."""

    day_field = "weekday"

    def clean(self) -> None:
        """Compare each stretch with the one before it."""
        super().clean()
        kept = [form.cleaned_data for form in self.forms if _is_kept(form)]
        rows = sorted(
            (row for row in kept if row.get("opens") and row.get("closes")),
            key=lambda row: (row[self.day_field], row["opens"]),
        )
        for earlier, later in pairwise(rows):
            is_same_day = earlier[self.day_field] == later[self.day_field]
            if is_same_day and later["opens"] < earlier["closes"]:
                raise forms.ValidationError(_("Two stretches of one day overlap."))


class DaysFormSet(HoursFormSet):
    """Stretches of one date must not overlap."""

    day_field = "date"


def _is_kept(form: Any) -> bool:
    cleaned = getattr(form, "cleaned_data", None) or {}
    return bool(cleaned) and not cleaned.get("DELETE")


class LeadersInline(EditableInline):
    """Rows of a team that only those who lead the desk change."""

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002 Django's form
        """The screen above decides."""
        return True

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Leaders add."""
        return super().has_add_permission(request, obj) and leads_desk(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Leaders change."""
        return super().has_change_permission(request, obj) and leads_desk(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Leaders remove."""
        return super().has_delete_permission(request, obj) and leads_desk(request)


class TeamHoursInline(LeadersInline):
    """When the team is there; no rows means always."""

    model = TeamHours
    form, formset = StretchForm, HoursFormSet
    fields = ("weekday", "opens", "closes")


class TeamDayInline(LeadersInline):
    """Dates of this team that differ from the week."""

    model = TeamDay
    form, formset = StretchForm, DaysFormSet
    fields = ("date", "opens", "closes", "remark")

    def get_queryset(self, request: HttpRequest) -> QuerySet[TeamDay]:
        """Leave out what is over."""
        rows: QuerySet[TeamDay] = super().get_queryset(request)
        return rows.filter(date__gte=clinic_day(now()))


@admin.register(Team)
class TeamAdmin(LeadersAdmin):
    """Teams with their hours and promises."""

    icon, place = "groups", 30
    form = TeamForm
    list_display = (
        "name_zh",
        "name_en",
        "code",
        "is_default",
        "is_active",
        "shown_agents",
        "shown_waiting",
        "shown_first_reply",
        "shown_resolution",
    )
    shown_first_reply = duration_column("first_reply_target", _("promised first reply"))
    shown_resolution = duration_column("resolution_target", _("promised resolution"))
    list_filter = ("is_active",)
    list_select_related = ("fallback",)
    search_fields = ("code", "name_zh", "name_en")
    ordering = ("code",)
    autocomplete_fields = ("fallback",)
    inlines = (TeamHoursInline, TeamDayInline)
    fields = (
        ("name_zh", "name_en"),
        ("code", "fallback"),
        ("is_active", "is_default"),
        ("first_reply_target", "resolution_target"),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Team]:
        """Count agents and who waits."""
        rows: QuerySet[Team] = super().get_queryset(request)
        return rows.annotate(
            agent_count=Count("agents", filter=Q(agents__is_active=True), distinct=True),
            waiting_count=Count("chats", filter=Q(chats__state=ChatState.WAITING), distinct=True),
        )

    @display(description=_("agents"))
    def shown_agents(self, team: Team) -> str:
        """How many agents belong to it."""
        return str(getattr(team, "agent_count", ""))

    @display(description=_("waiting now"))
    def shown_waiting(self, team: Team) -> str:
        """How many customers wait in it."""
        return str(getattr(team, "waiting_count", ""))


@admin.register(TeamDay)
class TeamDayAdmin(LeadersAdmin):
    """Holidays and make-up workdays, of all teams or of one."""

    icon, place = "event_busy", 40
    form = StretchForm
    list_display = ("date", "shown_kind", "opens", "closes", "shown_team", "remark")
    list_filter = (
        ("team", admin.RelatedOnlyFieldListFilter),
        ("opens", admin.EmptyFieldListFilter),
    )
    list_select_related = ("team",)
    search_fields = ("remark",)
    date_hierarchy = "date"
    ordering = ("-date", "opens")
    autocomplete_fields = ("team",)
    fields = ("date", ("opens", "closes"), "team", "remark")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A day that was a mistake is removed by who may change it."""
        return self.has_change_permission(request, obj)

    @display(description=_("kind"))
    def shown_kind(self, day: TeamDay) -> str:
        """Closed or open."""
        return pill(_("Closed"), "danger") if day.opens is None else pill(_("Open"), "success")

    @display(description=_("team"))
    def shown_team(self, day: TeamDay) -> str:
        """The team, or all."""
        return str(day.team or _("All teams"))
