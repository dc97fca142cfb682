"""Statistics of appointments: charts, tables and a file."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from appointments.models import Appointment
from appointments.selectors.appointments import DESK_ROLES
from appointments.selectors.statistics import ONLINE, Outcomes, Statistics, Use, Waits, statistics
from clinic.core.clock import now
from clinic.core.console import Page, add_page
from clinic.core.report_pages import ReportPage, chart_of
from clinic.core.roles import Role
from clinic.core.sheets import Cell, csv_answer
from doctors.models import Branch

TITLE: Final = gettext_lazy("Appointment statistics")
READERS: Final = DESK_ROLES | {Role.AUDITOR, Role.FINANCE}
BARS: Final = 15  # doctors in a chart; all stand in the table and the file
COLUMNS: Final = (
    *("booked", "completed", "cancelled", "no_show", "expired"),
    *("success_percent", "no_show_percent", "delay", "ratings", "stars"),
)

add_page(
    Page(
        room="appointments",
        title=TITLE,
        url_name="appointment-statistics",
        icon="monitoring",
        roles=READERS,
    )
)


class StatisticsPage(ReportPage):
    """Trend, hours, weekdays, utilisation, no-shows and waits; ``?since&until&branch``."""

    title = TITLE
    template_name = "console/appointment_statistics.html"
    readers = READERS
    screen = Appointment

    @classmethod
    def file_of(cls, request: HttpRequest, wanted: str) -> HttpResponseBase | None:
        """Give the figures as a file (``?format=csv``)."""
        return _file(request) if wanted == "csv" else None

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Compute everything on the server; the charts only draw it."""
        branches, chosen = _branches(self.request)
        found = _found(self.request)
        return super().get_context_data(
            **kwargs,
            branches=branches,
            chosen=chosen,
            figures=_figures(found),
            trend_chart=_trend(found),
            rate_chart=_rates(found),
            hour_chart=_distribution(found.by_hour, [f"{hour}" for hour in found.by_hour]),
            weekday_chart=_distribution(
                found.by_weekday, [str(WEEKDAYS_ABBR[d]) for d in range(7)]
            ),
            doctor_chart=_use_chart(found.doctors[:BARS]),
            branch_chart=_use_chart(found.branches),
            tables=[
                (_("By doctor"), _rows(found.by_doctor)),
                (_("By branch"), _rows(found.by_branch)),
                (_("By appointment type"), _rows(found.by_kind)),
                (_("By source"), _rows(found.by_source)),
            ],
            uses=[
                (_("Doctors"), _use_rows(found.doctors)),
                (_("Branches"), _use_rows(found.branches)),
            ],
        )


def _found(request: HttpRequest) -> Statistics:
    since, until = ReportPage.days_of(request)
    _all, chosen = _branches(request)
    online = pgettext("place", "Online")
    return statistics(since, until, branch_id=chosen, moment=now(), online=online)


def _branches(request: HttpRequest) -> tuple[list[tuple[int, str]], int | None]:
    """Return what may be chosen and what is; an odd choice means all."""
    branches = Branch.objects.order_by("name").values_list("pk", "name")
    offered = [(ONLINE, pgettext("place", "Online")), *branches]
    asked = request.GET.get("branch", "")
    chosen = next((key for key, _name in offered if str(key) == asked), None)
    return offered, chosen


def _figures(found: Statistics) -> list[tuple[str, str, str]]:
    total, waits = found.total, found.waits
    return [
        (_("Appointments made"), str(found.made), ""),
        (_("Visits due"), str(total.booked), _("%(count)s completed") % {"count": total.completed}),
        (
            _("Took place"),
            _percent(total.success_percent),
            _("%(count)s cancelled") % {"count": total.cancelled},
        ),
        (
            _("Did not come"),
            _percent(total.no_show_percent),
            _("%(count)s patients") % {"count": total.no_show},
        ),
        (_("Utilisation"), _percent(found.use_percent), _("of the working hours")),
        (
            _("Wait for a place, p50"),
            _number(waits.p50, _("%(minutes)s min")),
            _("%(placed)s placed, %(vain)s in vain")
            % {"placed": waits.placed, "vain": waits.in_vain},
        ),
        (_("Began late, p50"), _number(total.delay, _("%(minutes)s min")), ""),
        (
            _("Stars"),
            "-" if total.stars is None else f"{total.stars:.2f}",
            _("%(count)s ratings") % {"count": total.ratings},
        ),
    ]


def _trend(found: Statistics) -> str:
    days = found.by_day.values()
    return chart_of(
        [f"{day:%m-%d}" for day in found.by_day],
        [
            (_("Completed"), [line.completed for line in days]),
            (_("Cancelled"), [line.cancelled for line in days]),
            (_("Did not come"), [line.no_show for line in days]),
        ],
    )


def _rates(found: Statistics) -> str:
    days = found.by_day.values()
    return chart_of(
        [f"{day:%m-%d}" for day in found.by_day],
        [
            (_("Took place (%)"), [line.success_percent for line in days]),
            (_("Did not come (%)"), [line.no_show_percent for line in days]),
        ],
    )


def _distribution(lines: Mapping[int, Outcomes], labels: list[str]) -> str:
    values = lines.values()
    return chart_of(
        labels,
        [
            (_("Booked"), [line.booked for line in values]),
            (_("Did not come"), [line.no_show for line in values]),
        ],
    )


def _use_chart(uses: Sequence[Use]) -> str:
    return chart_of(
        [use.name for use in uses], [(_("Utilisation (%)"), [use.percent for use in uses])]
    )


def _rows(lines: Mapping[str, Outcomes]) -> list[list[str]]:
    return [
        [
            name,
            *(str(getattr(line, column)) for column in COLUMNS[:5]),
            _percent(line.success_percent),
            _percent(line.no_show_percent),
            _number(line.delay, "%(minutes)s"),
            "-" if line.stars is None else f"{line.stars:.2f} ({line.ratings})",
        ]
        for name, line in lines.items()
    ]


def _use_rows(uses: Sequence[Use]) -> list[list[str]]:
    return [
        [use.name, f"{use.working_hours:.1f}", f"{use.booked_hours:.1f}", _percent(use.percent)]
        for use in uses
    ]


def _percent(value: float | None) -> str:
    return "-" if value is None else f"{value}%"


def _number(value: float | None, text: str) -> str:
    return "-" if value is None else text % {"minutes": round(value, 1)}


def _file(request: HttpRequest) -> HttpResponseBase:
    since, until = ReportPage.days_of(request)
    header = [
        "by",
        "what",
        "made",
        *COLUMNS,
        "working_hours",
        "booked_hours",
        "use_percent",
        "value",
    ]
    return csv_answer(f"appointments-{since}-{until}", header, _file_rows(_found(request)))


def _file_rows(found: Statistics) -> Iterable[list[Cell]]:
    empty: list[Cell] = ["", "", ""]
    yield ["total", "", found.made, *_cells(found.total), "", "", _cell(found.use_percent)]
    for day, line in found.by_day.items():
        yield ["day", f"{day}", found.made_by_day[day], *_cells(line), *empty]
    parts: list[tuple[str, Mapping[Any, Outcomes]]] = [
        ("hour", found.by_hour),
        ("weekday", found.by_weekday),
        ("type", found.by_kind),
        ("source", found.by_source),
        ("doctor", found.by_doctor),
        ("branch", found.by_branch),
    ]
    for part, lines in parts:
        for name, line in lines.items():
            yield [part, str(name), "", *_cells(line), *empty]
    for part, uses in (("doctor use", found.doctors), ("branch use", found.branches)):
        for use in uses:
            numbers = [use.working_hours, use.booked_hours, _cell(use.percent)]
            yield [part, use.name, "", *("" for _column in COLUMNS), *numbers]
    yield from _wait_rows(found.waits)


def _wait_rows(waits: Waits) -> Iterable[list[Cell]]:
    told: dict[str, Cell] = {
        "placed": waits.placed,
        "in vain": waits.in_vain,
        "p50 minutes": _cell(waits.p50),
        "p90 minutes": _cell(waits.p90),
    }
    for what, value in told.items():
        yield ["waiting list", what, "", *("" for _column in COLUMNS), "", "", "", value]


def _cells(line: Outcomes) -> list[Cell]:
    return [_cell(getattr(line, column)) for column in COLUMNS]


def _cell(value: float | None) -> Cell:
    return "" if value is None else round(value, 2)
