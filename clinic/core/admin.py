"""Base classes of all console screens, and the screens of the platform's own tables."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, cast

import pghistory
import pghistory.models
from django import forms
from django.apps import apps
from django.contrib import admin, messages
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.formats import localize
from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop
from django_celery_beat.models import (
    ClockedSchedule,
    CrontabSchedule,
    IntervalSchedule,
    PeriodicTask,
    SolarSchedule,
)
from unfold.admin import ModelAdmin, TabularInline
from unfold.decorators import display
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from clinic.core import audit, changes
from clinic.core.actor import Actor
from clinic.core.actor_names import names_of
from clinic.core.audit_words import act_words, subject_words
from clinic.core.console import actor_of, holds, may
from clinic.core.constraints import translate
from clinic.core.errors import ClinicError
from clinic.core.job_words import job_words
from clinic.core.models import AuditEntry, OutboxEvent
from clinic.core.money import display_fen
from clinic.core.openings import note_screen
from clinic.core.roles import Role

ADMIN = frozenset({Role.ADMIN})
# Django's buttons; collected here, the catalogue says them better.
BUTTONS = gettext_noop("History"), gettext_noop("Log out")


class RolePermissions:
    """Who may see and change is read from the one table of console rights, by role."""

    opts: Any

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002 Django's form
        """The table says view."""
        return may(request, "view", self.opts)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002 Django's form
        """The table says add."""
        return may(request, "add", self.opts)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002 Django's form
        """The table says change."""
        return may(request, "change", self.opts)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002 Django's form
        """Nobody removes rows here; they are switched off or closed."""
        return False


class HouseAdmin(RolePermissions, ModelAdmin):
    """A screen of plain fields that staff may edit; every save is put into the audit log."""

    icon: ClassVar[str] = "database"
    place: ClassVar[int] = 50  # order inside the room's menu
    show_full_result_count = False
    list_per_page = 50
    list_filter_submit = True
    warn_unsaved_form = True
    # Who sees a patient's data here, so that it is noted; None: whoever opens the screen.
    readers: ClassVar[frozenset[Role] | None] = None

    def has_module_permission(self, request: HttpRequest) -> bool:
        """The room is shown to those who may see this screen."""
        return self.has_view_permission(request)

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        """Show or save; what the database refuses is told as a sentence, and nothing is stored.

        Who opens data of a patient is noted.
        """
        try:
            with pghistory.context(actor=actor_of(request).label):
                answer = super().changeform_view(request, object_id, form_url, extra_context)
            if object_id and answer.status_code == 200 and self._is_reader(request):
                note_screen(actor_of(request), self.model, object_id)
            return answer
        except IntegrityError as error:
            messages.error(request, translate(error).detail)
            return HttpResponseRedirect(request.get_full_path())

    def _is_reader(self, request: HttpRequest) -> bool:
        return self.readers is None or holds(request, self.readers)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: Any) -> None:
        """Store the row and who did it."""
        super().save_model(request, obj, form, change)
        verb = "console.change" if change else "console.add"
        fields = sorted(form.changed_data) if form is not None else []
        kind = str(self.opts.model_name)
        audit.record(actor_of(request), verb, kind, public_key(obj), fields=fields)


class ReadOnlyAdmin(HouseAdmin):
    """A screen to look at: nothing is added, changed or removed."""

    warn_unsaved_form = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002 Django's form
        """Nobody adds."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002 Django's form
        """Nobody changes."""
        return False


class ReadOnlyInline(RolePermissions, TabularInline):
    """Rows below another screen, to look at; shown to whoever sees the screen."""

    extra = 0
    can_delete = False
    show_change_link = True
    hide_title = True  # a row's name repeats its columns
    tab = True

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002 Django's form
        """The screen above decides."""
        return True

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002 Django's form
        """Nobody adds."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002 Django's form
        """Nobody changes."""
        return False


class EditableInline(RolePermissions, TabularInline):
    """Rows that belong to the thing above and may be added, changed and removed with it."""

    extra = 0
    tab = True

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002 Django's form
        """Who may change may remove."""
        return may(request, "change", self.opts)


class NoForm(forms.Form):
    """A step that asks nothing."""


class ReasonForm(forms.Form):
    """A step that asks why; the reason goes to the audit log and must not hold medical text."""

    reason = forms.CharField(
        label=_("Reason"), max_length=120, widget=UnfoldAdminTextInputWidget, strip=True
    )


class CodeForm(forms.Form):
    """A step that asks for one of a few reasons; subclasses give the choices."""

    widget: ClassVar[type[forms.Select]] = UnfoldAdminSelectWidget
    choices: ClassVar[Sequence[tuple[str, str | Promise]]] = ()
    reason = forms.ChoiceField(label=_("Reason"), widget=UnfoldAdminSelectWidget)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Fill in the choices."""
        super().__init__(*args, **kwargs)
        if "reason" in self.fields:
            self.fields["reason"] = forms.ChoiceField(
                label=_("Reason"), choices=list(self.choices), widget=self.widget
            )


@dataclass(frozen=True, kw_only=True)
class Step:
    """One button that moves a thing by calling its service.

    ``run`` gets the row, the actor and the cleaned form; a ClinicError it raises or a text it
    returns tells why nothing was done. ``when`` says whether the button makes sense for a row,
    ``who`` whether for this person; the service decides again. ``asks`` is a sentence to confirm.
    ``form_for`` makes the form where what can be chosen depends on the row.
    """

    name: str
    label: str | Promise
    run: Callable[[Any, Actor, dict[str, Any]], object]
    roles: frozenset[Role] = ADMIN
    when: Callable[[Any], bool] = lambda _row: True
    who: Callable[[Any, Actor], bool] = lambda _row, _actor: True
    asks: str | Promise = ""
    form: type[forms.Form] = NoForm
    form_for: Callable[[Any], type[forms.Form]] | None = None
    icon: str = "play_arrow"
    danger: bool = False
    in_list: bool = False

    def form_of(self, row: Any) -> type[forms.Form]:
        """Return the form for a row."""
        return self.form if self.form_for is None else self.form_for(row)


class Steps(HouseAdmin):
    """Buttons that move a thing, on its page and in its list."""

    steps: ClassVar[tuple[Step, ...]] = ()
    change_form_outer_before_template = "console/steps.html"

    def get_urls(self) -> list[URLPattern]:
        """Add one POST address for all steps."""
        name = f"{self.opts.app_label}_{self.opts.model_name}_step"
        view = self.admin_site.admin_view(self.step_view)
        return [path("<path:object_id>/step/<slug:step>/", view, name=name), *super().get_urls()]

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        """Show the steps that make sense now above the fields."""
        context = {**(extra_context or {}), "steps": self._offered(request, object_id)}
        return super().changeform_view(request, object_id, form_url, context)

    def step_view(self, request: HttpRequest, object_id: str, step: str) -> HttpResponse:
        """Do one step and go back to the row."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        chosen = next((item for item in self.steps if item.name == step), None)
        row = self.get_object(request, object_id)
        if chosen is None or row is None or not holds(request, chosen.roles):
            raise PermissionDenied
        form = chosen.form_of(row)(request.POST)
        if form.is_valid():
            self.take_step(request, chosen, row, form.cleaned_data)
        else:
            messages.error(request, " ".join(str(e) for es in form.errors.values() for e in es))
        return HttpResponseRedirect(self._address(row))

    def take_step(
        self, request: HttpRequest, step: Step, row: Model, cleaned: dict[str, Any]
    ) -> bool:
        """Call the service; True when it was done. The outcome is told as a message."""
        try:
            actor = actor_of(request)
            with pghistory.context(actor=actor.label):
                outcome = step.run(row, actor, cleaned)
        except ClinicError as error:
            messages.error(request, error.sentence)
            return False
        if isinstance(outcome, str):
            messages.warning(request, outcome)
            return False
        messages.success(request, _("Done: %(step)s") % {"step": step.label})
        return True

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """Offer steps without questions for several rows at once."""
        actions: dict[str, Any] = super().get_actions(request)
        for step in self.steps:
            if step.in_list and holds(request, step.roles):
                actions[step.name] = (_many(step), step.name, step.label)
        return actions

    def _offered(self, request: HttpRequest, object_id: str | None) -> list[dict[str, Any]]:
        row = self.get_object(request, object_id) if object_id else None
        if row is None:
            return []
        actor = actor_of(request)
        return [
            {
                "step": step,
                "form": step.form_of(row)(auto_id=f"{step.name}-%s"),
                "address": self._address(row, step),
            }
            for step in self.steps
            if holds(request, step.roles) and step.when(row) and step.who(row, actor)
        ]

    def _address(self, row: Model, step: Step | None = None) -> str:
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}"
        if step is None:
            return reverse(f"{name}_change", args=[row.pk])
        return reverse(f"{name}_step", args=[row.pk, step.name])


def _many(step: Step) -> Callable[[Steps, HttpRequest, QuerySet[Any]], None]:
    def action(screen: Steps, request: HttpRequest, rows: QuerySet[Any]) -> None:
        for row in rows[:200]:
            screen.take_step(request, step, row, {})

    return action


def public_key(row: Model) -> str:
    """Return the public id of a row, or its key where it has none (platform tables)."""
    return str(getattr(row, "public_id", row.pk))


class StateAdmin(Steps, ReadOnlyAdmin):
    """A screen of a thing with states: all is read-only and moves only by steps."""


def money_column(field: str, title: str | Promise) -> Callable[[Any, Any], str]:
    """Return a column that shows fen as ¥."""

    @display(description=title, ordering=field)
    def column(_screen: Any, row: Any) -> str:
        value = getattr(row, field)
        return "" if value is None else display_fen(value)

    return cast("Callable[[Any, Any], str]", column)


def state_column(
    field: str, title: str | Promise, tones: Mapping[Any, str]
) -> Callable[[Any, Any], str]:
    """Return a column that shows a choice as a coloured pill; see ``pill`` for the tones."""

    @display(description=title, ordering=field)
    def column(_screen: Any, row: Any) -> str:
        return pill(getattr(row, f"get_{field}_display")(), tones.get(getattr(row, field), ""))

    return cast("Callable[[Any, Any], str]", column)


def pill(text: object, tone: str = "") -> str:
    """Return a small label; the tone is success, warning, danger, info, primary or empty."""
    return format_html('<span class="console-pill {}">{}</span>', tone, text)


class ActFilter(admin.SimpleListFilter):
    """Acts that the log holds, in words."""

    title, parameter_name = _("act"), "verb"

    def lookups(self, _request: HttpRequest, _screen: Any) -> Any:
        """Return each act there is."""
        verbs = AuditEntry.objects.order_by("verb").values_list("verb", flat=True).distinct()
        return [(verb, act_words(verb)) for verb in verbs]

    def queryset(self, _request: HttpRequest, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Keep one act."""
        return rows.filter(verb=self.value()) if self.value() else rows


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnlyAdmin):
    """Who did or read what."""

    icon, place = "policy", 10
    list_display = ("created_at", "shown_act", "shown_actor", "shown_subject", "request_id")
    list_filter = (ActFilter,)
    search_fields = ("verb", "actor", "subject", "request_id")
    ordering = ("-id",)
    fields = (
        "created_at",
        "shown_act",
        "shown_actor",
        "subject",
        "note",
        "request_id",
        "verb",
        "actor",
    )

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """Read the page's names once, not for every row."""
        shown = super().get_changelist_instance(request)
        shown.result_list = rows = list(shown.result_list)
        names = names_of(row.actor for row in rows)
        for row in rows:
            row.told_actor = names[row.actor]
        return shown

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:  # noqa: ARG002 Django's form
        """Nothing is written here."""
        return self.fields

    @display(description=_("act"), ordering="verb")
    def shown_act(self, row: AuditEntry) -> str:
        """What was done, in words."""
        return act_words(row.verb)

    @display(description=_("actor"), ordering="actor")
    def shown_actor(self, row: Any) -> str:
        """Who did it; a patient masked."""
        told: str = getattr(row, "told_actor", "") or names_of([row.actor])[row.actor]
        return told

    @display(description=_("subject"), ordering="subject")
    def shown_subject(self, row: AuditEntry) -> str:
        """What it was done to."""
        return subject_words(row.subject)


@admin.register(OutboxEvent)
class OutboxEventAdmin(ReadOnlyAdmin):
    """Facts and what became of them."""

    icon, place = "outbox", 20
    list_display = ("id", "kind", "shown_state", "attempts", "created_at", "next_at", "last_error")
    list_filter = ("kind",)
    ordering = ("-id",)

    @display(description=_("state"))
    def shown_state(self, row: OutboxEvent) -> str:
        """Done, waiting or failing."""
        if not row.pending:
            return pill(_("done"), "success")
        return pill(_("failing"), "danger") if row.attempts else pill(_("waiting"), "info")


class WhatHappened(admin.SimpleListFilter):
    """Created or changed."""

    title, parameter_name = _("what"), "what"

    def lookups(self, _request: HttpRequest, _screen: Any) -> Any:
        """Return the two."""
        return list(changes.LABELS.items())

    def queryset(self, _request: HttpRequest, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Keep those of one kind."""
        return rows.filter(pgh_label=self.value()) if self.value() else rows


class HistoryAdmin(ReadOnlyAdmin):
    """What the database recorded about changes of one table."""

    icon, place = "history", 90
    ordering = ("-pgh_id",)
    list_display = ("shown_at", "shown_what", "shown_thing", "shown_changes", "shown_actor")
    list_display_links = ("shown_at",)
    list_filter = (WhatHappened,)
    fields = readonly_fields = list_display

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Bring along what the rows name, and which version came before."""
        rows: QuerySet[Any] = super().get_queryset(request)
        return changes.with_former(rows)

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """Read the page's former versions and actors once, not for every row."""
        shown = super().get_changelist_instance(request)
        shown.result_list = changes.told(list(shown.result_list))
        return shown

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> Any:
        """Return the row with what came before it."""
        row = super().get_object(request, object_id, from_field)
        return row if row is None else changes.told([row])[0]

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        """Show one version; its own name says nothing."""
        context = {**(extra_context or {}), "subtitle": None}
        return super().changeform_view(request, object_id, form_url, context)

    @display(description=_("at"), ordering="pgh_id")
    def shown_at(self, row: Any) -> str:
        """The moment, in the clinic's zone."""
        return localize(localtime(row.pgh_created_at))

    @display(description=_("what"))
    def shown_what(self, row: Any) -> str:
        """Created or changed."""
        return str(changes.LABELS.get(row.pgh_label, row.pgh_label))

    @display(description=_("of whom or what"))
    def shown_thing(self, row: Any) -> str:
        """The row that changed, a patient masked."""
        return changes.name_of(row)

    @display(description=_("changes"))
    def shown_changes(self, row: Any) -> str:
        """Each field with its former and new value."""
        told = ((one.field, one.before, one.after) for one in row.told_changes)
        return format_html_join(mark_safe("<br>"), "{}: {} → {}", told) or "-"

    @display(description=_("actor"))
    def shown_actor(self, row: Any) -> str:
        """Who did it, where the console did; else a dash."""
        return row.told_actor or "-"


class ScheduleAdmin(HouseAdmin):
    """Periodic jobs and when they run."""

    icon = "schedule"


class PeriodicTaskAdmin(ScheduleAdmin):
    """Periodic jobs: may be switched off; code gives name and task."""

    place = 10
    list_display = ("shown_job", "enabled", "interval", "crontab", "last_run_at", "total_run_count")
    list_filter = ("enabled",)
    list_select_related = ("interval", "crontab")
    search_fields = ("name",)
    fields = (
        "shown_job", "shown_name", "enabled", "interval", "crontab", "shown_last_run",
        "total_run_count",
    )  # fmt: skip
    readonly_fields = ("shown_job", "shown_name", "shown_last_run", "total_run_count")

    @display(description=_("Job"), ordering="name")
    def shown_job(self, job: PeriodicTask) -> str:
        """What it does, in words."""
        return job_words(job.name)

    @display(description=_("name"))
    def shown_name(self, job: PeriodicTask) -> str:
        """Its name in settings and logs."""
        return str(job.name)

    @display(description=_("last run"))
    def shown_last_run(self, job: PeriodicTask) -> str:
        """When it was last sent out."""
        return localize(localtime(job.last_run_at)) if job.last_run_at else "-"

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002 Django's form
        """Jobs come from code."""
        return False


admin.site.index_title = _("Today")  # type: ignore[assignment]


def _replace(model: type[Model], screen: type[HouseAdmin]) -> None:
    if admin.site.is_registered(model):
        admin.site.unregister(model)
    admin.site.register(model, screen)


_replace(PeriodicTask, PeriodicTaskAdmin)
for _schedule in (IntervalSchedule, CrontabSchedule):
    _replace(_schedule, ScheduleAdmin)
for _unused in (SolarSchedule, ClockedSchedule, Group):
    if admin.site.is_registered(_unused):
        admin.site.unregister(_unused)
for _model in apps.get_models():
    if issubclass(_model, pghistory.models.Event):
        admin.site.register(_model, HistoryAdmin)
