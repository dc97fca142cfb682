"""The reports of the desk: charts and tables of some days."""

from collections.abc import Mapping, Sequence
from datetime import date
from math import ceil
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinic.core.console import Page, add_page
from clinic.core.report_pages import ReportPage, chart_of
from clinic.customer_service.admin.report_files import FILES
from clinic.customer_service.admin.roles import WATCHES_DESK
from clinic.customer_service.enums import MoveReason, SlaMetric
from clinic.customer_service.models import ServiceChat
from clinic.customer_service.selectors.reports import (
    AgentWork,
    LeftMessages,
    Promise,
    Report,
    Visits,
    report,
)

TITLE = gettext_lazy("Reports of the desk")
HEAT_STEPS = 5

add_page(
    Page(
        room="customer_service",
        title=TITLE,
        url_name="desk-reports",
        icon="monitoring",
        roles=WATCHES_DESK,
    )
)


class ReportsPage(ReportPage):
    """Waits, replies, ends, ratings, work and load."""

    title = TITLE
    template_name = "console/desk_reports.html"
    readers = WATCHES_DESK
    screen = ServiceChat

    @classmethod
    def file_of(cls, request: HttpRequest, wanted: str) -> HttpResponseBase | None:
        """Give one of the files (``?format=csv|work|load|statuses|moves``)."""
        make_file = FILES.get(wanted)
        return make_file(*cls.days_of(request)) if make_file is not None else None

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Compute everything on the server; the charts only draw it."""
        found = report(*self.days_of(self.request))
        return super().get_context_data(
            **kwargs,
            figures=_figures(found),
            visits_chart=_visits_chart(found.by_day),
            wait_chart=_wait_chart(found.by_day),
            endings_chart=_endings_chart(found.endings),
            tables=[
                (_("By team"), _visit_rows(found.by_team)),
                (_("By first agent"), _visit_rows(found.by_agent)),
                (_("By day"), _visit_rows(_days_with_visits(found.by_day))),
            ],
            work=_work_rows(found.work),
            promises=_promise_rows(found.promises),
            left=_left_rows(found.left),
            heat=_heat_rows(found.load),
            hours=range(24),
        )


def minutes(seconds: float | None) -> str:
    """Return a length of time as 1:05 (minutes and seconds), a dash for none."""
    if seconds is None:
        return "-"
    whole = round(seconds)
    return f"{whole // 60}:{whole % 60:02}"


def hours(seconds: float) -> str:
    """Return a length of time in hours with two places; a short one is never shown as none."""
    return f"{ceil(seconds / 36) / 100:.2f}"


def _figures(found: Report) -> list[tuple[str, str, str]]:
    total, left = found.total, found.left
    quick = next((one for one in found.promises if one.metric == SlaMetric.FIRST_REPLY), None)
    kept = f"{quick.kept_percent}%" if quick else "-"
    stars = "-" if total.stars is None else f"{total.stars:.2f}"
    return [
        (_("Chats"), str(total.chats), _("%(count)s served") % {"count": total.served}),
        (_("Wait p50"), minutes(total.wait_p50), f"p90 {minutes(total.wait_p90)}"),
        (_("First reply p50"), minutes(total.reply_p50), f"p90 {minutes(total.reply_p90)}"),
        (
            _("Left while waiting"),
            f"{total.abandoned_percent}%",
            _("%(count)s customers") % {"count": total.abandoned},
        ),
        (_("First reply in time"), kept, _("of %(count)s") % {"count": quick.due if quick else 0}),
        (_("Stars"), stars, _("%(count)s ratings") % {"count": total.ratings}),
        (_("Transfers"), str(total.transfers), ""),
        (
            _("Left messages"),
            str(left.left),
            _("%(count)s unanswered") % {"count": left.still_open},
        ),
    ]


def _visits_chart(days: Mapping[date, Visits]) -> str:
    return chart_of(
        [f"{day:%m-%d}" for day in days],
        [
            (_("Served"), [line.served for line in days.values()]),
            (_("Left while waiting"), [line.abandoned for line in days.values()]),
        ],
    )


def _wait_chart(days: Mapping[date, Visits]) -> str:
    return chart_of(
        [f"{day:%m-%d}" for day in days],
        [
            ("p50", [_point(line.wait_p50) for line in days.values()]),
            ("p90", [_point(line.wait_p90) for line in days.values()]),
        ],
    )


def _endings_chart(endings: Mapping[str, int]) -> str:
    labels = [str(MoveReason(reason).label) for reason in endings]
    return chart_of(labels, [(_("Chats"), list(endings.values()))])


def _point(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds, 1)


def _days_with_visits(days: Mapping[date, Visits]) -> dict[str, Visits]:
    return {f"{day}": days[day] for day in sorted(days, reverse=True) if days[day].chats}


def _visit_rows(lines: Mapping[str, Visits]) -> list[list[str]]:
    return [
        [
            label,
            str(line.chats),
            str(line.served),
            f"{line.abandoned_percent}%",
            minutes(line.wait_avg),
            minutes(line.wait_p50),
            minutes(line.wait_p90),
            minutes(line.reply_p50),
            minutes(line.duration_avg),
            str(line.transfers),
            "-" if line.stars is None else f"{line.stars:.2f} ({line.ratings})",
        ]
        for label, line in lines.items()
    ]


def _work_rows(lines: Mapping[str, AgentWork]) -> list[list[str]]:
    return [
        [
            label,
            str(line.served),
            hours(line.online_seconds),
            hours(line.busy_seconds),
            hours(line.handled_seconds),
            str(line.given_away),
            str(line.taken_over),
            "-" if line.grade is None else f"{line.grade:.2f} ({line.grades})",
        ]
        for label, line in lines.items()
    ]


def _promise_rows(promises: Sequence[Promise]) -> list[list[str]]:
    return [
        [str(SlaMetric(one.metric).label), str(one.due), f"{one.kept_percent}%"] for one in promises
    ]


def _left_rows(left: LeftMessages) -> list[list[str]]:
    return [
        [_("Left"), str(left.left)],
        [_("Answered"), str(left.answered)],
        [_("No answer needed"), str(left.dismissed)],
        [_("Answered after, p50"), minutes(left.answer_p50)],
    ]


def _heat_rows(load: Mapping[str, list[float]]) -> list[dict[str, Any]]:
    most = max((value for line in load.values() for value in line), default=0) or 1
    return [
        {
            "name": name,
            "cells": [
                {
                    "value": f"{value:.1f}" if value >= 1 else f"{value:.2f}" if value else "",
                    "step": _heat(value, most),
                }
                for value in line
            ],
        }
        for name, line in load.items()
    ]


def _heat(value: float, most: float) -> int:
    return min(HEAT_STEPS, 1 + int(HEAT_STEPS * value / most)) if value else 0
