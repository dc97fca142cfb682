"""How long patients waited, how often nobody was found, and whether the periodic jobs run."""

from datetime import datetime, time, timedelta
from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from unfold.views import UnfoldModelAdminViewMixin

from clinic.core.clock import CLINIC_ZONE, now
from clinic.core.console import Page, add_page, days_asked, holds
from clinic.core.jobs import Job, jobs
from clinic.core.roles import Role
from consultations.admin.reasons import reason_in_words
from consultations.models import Consultation
from consultations.selectors.waits import Wait, failing_facts, latest_failures, success, waits

READERS = frozenset({Role.ADMIN, Role.CUSTOMER_SERVICE, Role.AUDITOR})
TITLE = gettext_lazy("Waiting times and jobs")
DAYS_SHOWN = 7

add_page(
    Page(
        room="consultations",
        title=TITLE,
        url_name="assignment-figures",
        icon="timer",
        roles=READERS,
    )
)


class OperationsView(UnfoldModelAdminViewMixin, TemplateView):
    """Waits and tries of the days asked for; jobs and failures of this moment."""

    title = TITLE
    template_name = "console/operations.html"

    def has_permission(self) -> bool:
        """Those who watch the queue."""
        return holds(self.request, READERS)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Read everything for the page."""
        moment = now()
        first, last = days_asked(self.request, shown=DAYS_SHOWN)
        since = datetime.combine(first, time(), CLINIC_ZONE)
        until = datetime.combine(last + timedelta(days=1), time(), CLINIC_ZONE)
        measured = waits(since, until)
        return super().get_context_data(
            **kwargs,
            since=first,
            until=last,
            success=success(since, until),
            whole=next((_wait_row(row) for row in measured if row.part == "all"), None),
            tables=[
                (title, [_wait_row(row) for row in measured if row.part == part])
                for title, part in (
                    (_("By department"), "department"),
                    (_("By day"), "day"),
                    (_("By hour of payment"), "hour"),
                )
            ],
            jobs=[_job_row(job) for job in jobs(moment)],
            tries=[
                {"row": row, "reason": reason_in_words(row.reason)}
                for row in latest_failures(moment)
            ],
            facts=failing_facts(),
        )


def operations(request: HttpRequest) -> HttpResponseBase:
    """Show the page."""
    screen = admin.site._registry[Consultation]  # noqa: SLF001 no public way
    return OperationsView.as_view(model_admin=screen)(request)


def _wait_row(wait: Wait) -> dict[str, Any]:
    shown = f"{int(wait.value):02d}:00" if wait.part == "hour" else wait.value or _("Any")
    return {
        "value": shown,
        "cases": wait.cases,
        "median": _duration(wait.median),
        "most": _duration(wait.most),
    }


def _duration(seconds: float) -> str:
    minutes, rest = divmod(int(max(0.0, seconds)), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes:02d}:{rest:02d}"


def _job_row(job: Job) -> dict[str, Any]:
    state, tone = _("on time"), "success"
    if not job.is_enabled:
        state, tone = _("switched off"), ""
    elif job.is_late:
        state, tone = (_("late"), "danger") if job.last_ended_at else (_("never ran"), "danger")
    elif job.is_failing:
        state, tone = _("failed"), "danger"
    elif job.last_ended_at is None:
        state, tone = _("not due yet"), "info"
    return {"job": job, "state": state, "tone": tone}
