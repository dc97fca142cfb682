"""Console screens of agents and their log."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from clinic.core.actor import Actor
from clinic.core.columns import state_column
from clinic.core.console import actor_of
from clinic.core.history_rows import ActorInline, ActorNames
from clinic.core.screens import ReadOnlyAdmin
from clinic.core.steps import Step, Steps
from clinic.customer_service.admin.roles import DESK, LeadersAdmin
from clinic.customer_service.enums import AgentStatus, ChatState
from clinic.customer_service.errors import AlreadyAgentError, NoDeskRoleError
from clinic.customer_service.models import Agent, AgentStatusChange
from clinic.customer_service.services.roster import (
    Profile,
    add_agent,
    change_agent,
    deactivate_agent,
    may_serve,
    reactivate_agent,
    set_agent_status,
)

TONES = {AgentStatus.ONLINE: "success", AgentStatus.BUSY: "warning", AgentStatus.OFFLINE: ""}


class AgentForm(forms.ModelForm):  # type: ignore[type-arg]
    """What is kept of an agent; his status moves by steps and by himself."""

    languages = forms.MultipleChoiceField(
        label=_("Languages"),
        choices=settings.LANGUAGES,
        required=False,
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
        help_text=_("None ticked: he speaks all."),
    )

    class Meta:
        model = Agent
        fields = ("user", "nickname", "teams", "languages", "max_chats", "is_supervisor")

    def clean_user(self) -> Any:
        """Only staff of customer service, each account once."""
        account = self.cleaned_data["user"]
        if not may_serve(account):
            raise forms.ValidationError(str(NoDeskRoleError.message))
        if Agent.objects.filter(user=account).exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(str(AlreadyAgentError.message))
        return account

    def clean_max_chats(self) -> int:
        """As many as the database allows."""
        chats = int(self.cleaned_data["max_chats"])
        if not 1 <= chats <= 50:
            raise forms.ValidationError(_("Choose 1 to 50."))
        return chats


def _set_offline(agent: Agent, actor: Actor, _cleaned: dict[str, Any]) -> None:
    set_agent_status(agent.pk, AgentStatus.OFFLINE, by=actor)


def _set_busy(agent: Agent, actor: Actor, _cleaned: dict[str, Any]) -> None:
    set_agent_status(agent.pk, AgentStatus.BUSY, by=actor)


def _deactivate(agent: Agent, actor: Actor, _cleaned: dict[str, Any]) -> None:
    deactivate_agent(agent.pk, by=actor)


def _reactivate(agent: Agent, actor: Actor, _cleaned: dict[str, Any]) -> None:
    reactivate_agent(agent.pk, by=actor)


class StatusChangeInline(ActorInline):
    """Every change of his status, latest first."""

    model = AgentStatusChange
    fields = ("at", "before", "after", "cause", "shown_actor")
    readonly_fields = fields
    ordering = ("-id",)
    per_page = 15
    show_change_link = False


@admin.register(Agent)
class AgentAdmin(Steps, LeadersAdmin):
    """Agents: added, changed and taken off the desk by the roster's services."""

    icon, place = "headset_mic", 25
    form = AgentForm
    list_display = (
        "nickname",
        "user",
        "shown_status",
        "shown_load",
        "shown_teams",
        "is_supervisor",
        "is_active",
        "heartbeat_at",
    )
    list_filter = ("status", "is_active", "is_supervisor", "teams")
    list_select_related = ("user",)
    search_fields = ("nickname", "user__name", "user__phone", "public_id")
    ordering = ("-is_active", "nickname", "id")
    autocomplete_fields = ("user", "teams")
    inlines = (StatusChangeInline,)
    shown_status = state_column("status", _("status"), TONES)
    readonly_fields = ("shown_status", "status_since", "heartbeat_at", "shown_load")
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("shown_status", "status_since"),
                    ("shown_load", "heartbeat_at"),
                )
            },
        ),
        (
            _("Profile"),
            {
                "fields": (
                    ("user", "nickname"),
                    "teams",
                    "languages",
                    ("max_chats", "is_supervisor"),
                )
            },
        ),
    )
    steps = (
        Step(
            name="busy",
            label=_("Set busy"),
            icon="do_not_disturb_on",
            run=_set_busy,
            roles=DESK,
            when=lambda agent: agent.status == AgentStatus.ONLINE,
            in_list=True,
        ),
        Step(
            name="offline",
            label=_("Set offline"),
            icon="power_settings_new",
            run=_set_offline,
            roles=DESK,
            when=lambda agent: agent.status != AgentStatus.OFFLINE,
            in_list=True,
        ),
        Step(
            name="deactivate",
            label=_("Take off the desk"),
            icon="person_off",
            run=_deactivate,
            roles=DESK,
            when=lambda agent: agent.is_active,
            danger=True,
        ),
        Step(
            name="reactivate",
            label=_("Bring back to the desk"),
            icon="person_add",
            run=_reactivate,
            roles=DESK,
            when=lambda agent: not agent.is_active,
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Agent]:
        """Bring load and teams along."""
        rows: QuerySet[Agent] = super().get_queryset(request)
        served = Count("chats", filter=Q(chats__state=ChatState.ACTIVE))
        return rows.annotate(load=served).prefetch_related("teams")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:  # noqa: ARG002 Django's form
        """An agent stays the same account."""
        return (*self.readonly_fields, "user") if obj else self.readonly_fields

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: Any) -> None:
        """Add or change by the roster."""
        given = form.cleaned_data
        profile = Profile(
            nickname=given["nickname"],
            teams=list(given["teams"]),
            languages=given["languages"],
            max_chats=given["max_chats"],
            is_supervisor=given["is_supervisor"],
        )
        if change:
            change_agent(obj.pk, profile, by=actor_of(request))
        else:
            obj.pk = add_agent(given["user"], profile, by=actor_of(request)).pk

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: Any) -> None:
        """Leave the teams alone: the roster has set them."""
        for formset in formsets:
            self.save_formset(request, form, formset, change)

    @display(description=_("load"))
    def shown_load(self, agent: Agent) -> str:
        """Chats now of chats at most."""
        return f"{getattr(agent, 'load', 0)} / {agent.max_chats}"

    @display(description=_("teams"))
    def shown_teams(self, agent: Agent) -> str:
        """The teams in words."""
        return ", ".join(str(team) for team in agent.teams.all())


@admin.register(AgentStatusChange)
class AgentStatusChangeAdmin(ActorNames, ReadOnlyAdmin):
    """Every change of a status; files of it stand on the page of reports."""

    icon, place = "history", 90
    list_display = ("at", "agent", "before", "after", "cause", "shown_actor")
    list_filter = ("cause", "after", "agent")
    list_select_related = ("agent",)
    search_fields = ("agent__nickname", "actor")
    date_hierarchy = "at"
    ordering = ("-id",)
