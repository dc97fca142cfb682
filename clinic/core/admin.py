"""Console screens of the platform's own tables: audit log, facts, history, jobs."""

from typing import Any

import pghistory.models
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Group
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.formats import localize
from django.utils.html import format_html_join
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
from unfold.decorators import display

from clinic.core import changes
from clinic.core.actor_names import names_of
from clinic.core.audit_words import act_words, subject_words
from clinic.core.columns import pill
from clinic.core.fact_words import FACTS, fact_words
from clinic.core.job_words import job_words
from clinic.core.models import AuditEntry, OutboxEvent
from clinic.core.screens import HouseAdmin, ReadOnlyAdmin

# Django's buttons; collected here, the catalogue says them better.
BUTTONS = gettext_noop("History"), gettext_noop("Log out")


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


class FactFilter(admin.SimpleListFilter):
    """Kinds of facts, in words."""

    title, parameter_name = _("what happened"), "kind"

    def lookups(self, _request: HttpRequest, _screen: Any) -> Any:
        """Return each kind there is."""
        return sorted(FACTS.items(), key=lambda fact: str(fact[1]))

    def queryset(self, _request: HttpRequest, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Keep one kind."""
        return rows.filter(kind=self.value()) if self.value() else rows


@admin.register(OutboxEvent)
class OutboxEventAdmin(ReadOnlyAdmin):
    """Facts and what became of them."""

    icon, place = "outbox", 20
    list_display = (
        "id", "shown_fact", "shown_state", "attempts", "created_at", "next_at", "last_error",
    )  # fmt: skip
    list_filter = (FactFilter,)
    ordering = ("-id",)
    fields = readonly_fields = (
        "shown_fact", "shown_state", "attempts", "created_at", "next_at", "last_error", "pending",
        "kind", "payload",
    )  # fmt: skip

    @display(description=_("what happened"), ordering="kind")
    def shown_fact(self, row: OutboxEvent) -> str:
        """The fact in words."""
        return fact_words(row.kind)

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
