"""Console pages of money that are no model: statistics and the settlement sheet, each with CSV."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, ClassVar

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from unfold.views import UnfoldModelAdminViewMixin

from clinic.core.clock import now
from clinic.core.console import Page, add_page, days_asked, holds
from clinic.core.money import display_fen
from clinic.core.report_pages import chart_of
from clinic.core.sheets import Cell, csv_answer
from payments.admin.roles import SEES_BOOKS
from payments.admin.words import subject_words
from payments.enums import Channel, Provider
from payments.models import PaymentOrder
from payments.selectors.settlement import SettlementLine, settlement_sheet
from payments.selectors.statistics import (
    PaymentFigures,
    figures_by_channel,
    figures_by_day,
    figures_by_subject,
    merchant_health,
)

DAYS_SHOWN = 30
HEALTH_WITHIN = timedelta(hours=24)
add_page(
    Page(
        room="payments",
        title=gettext_lazy("Payment statistics"),
        url_name="payment-statistics",
        icon="bar_chart",
        roles=SEES_BOOKS,
    )
)
add_page(
    Page(
        room="payments",
        title=gettext_lazy("Settlement sheet"),
        url_name="settlement-sheet",
        icon="table_view",
        roles=SEES_BOOKS,
    )
)


class BooksPage(UnfoldModelAdminViewMixin, TemplateView):
    """A page for those who see the books; ``?since&until`` are days of the clinic."""

    title: ClassVar[str | Promise]
    request: HttpRequest

    def has_permission(self) -> bool:
        """Finance, administrators and auditors."""
        return holds(self.request, SEES_BOOKS)

    def span(self) -> tuple[date, date]:
        """Return the days asked for, the last one included; odd ones mean the last 30 days."""
        return days_asked(self.request, shown=DAYS_SHOWN)


class StatisticsPage(BooksPage):
    """Tries, success, money and refunds by day, channel and service; health of merchants."""

    title = gettext_lazy("Payment statistics")
    template_name = "console/payment_statistics.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Compute everything on the server; the charts only draw it."""
        since, until = self.span()
        end = until + timedelta(days=1)
        days = figures_by_day(since, end)
        return super().get_context_data(
            **kwargs,
            since=since,
            until=until,
            money_chart=_chart(
                days,
                [
                    (_("Paid (yuan)"), [day.paid_fen / 100 for day in days]),
                    (_("Refunded (yuan)"), [day.refunded_fen / 100 for day in days]),
                ],
            ),
            rate_chart=_chart(
                days,
                [
                    (_("Success rate (%)"), _rates(days, "success_percent")),
                    (_("Refund rate (%)"), _rates(days, "refund_percent")),
                ],
            ),
            tables=[
                (_("By channel"), _table(figures_by_channel(since, end), _channel_words)),
                (_("By service"), _table(figures_by_subject(since, end), subject_words)),
                (_("By day"), _table([day for day in reversed(days) if day.tries])),
            ],
            merchants=merchant_health(now(), within=HEALTH_WITHIN),
        )


class SettlementPage(BooksPage):
    """What is owed to each doctor and what the clinic earned, by month."""

    title = gettext_lazy("Settlement sheet")
    template_name = "console/settlement.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Show the months of the days asked for."""
        since, until = self.span()
        lines = [
            {
                "month": f"{line.month:%Y-%m}",
                "name": line.doctor_name,
                "services": line.services,
                "doctor": display_fen(line.doctor_fen),
                "clinic": display_fen(line.clinic_fen),
            }
            for line in _settlement(since, until)
        ]
        return super().get_context_data(**kwargs, since=since, until=until, lines=lines)


def statistics(request: HttpRequest) -> HttpResponseBase:
    """Show the statistics, or give them as a file (``?format=csv``)."""
    if request.GET.get("format") == "csv":
        return _statistics_file(_page_of(request, StatisticsPage))
    return _shown(request, StatisticsPage)


def settlement(request: HttpRequest) -> HttpResponseBase:
    """Show the settlement sheet, or give it as a file (``?format=csv``)."""
    if request.GET.get("format") == "csv":
        return _settlement_file(_page_of(request, SettlementPage))
    return _shown(request, SettlementPage)


def _shown(request: HttpRequest, page: type[BooksPage]) -> HttpResponseBase:
    return page.as_view(model_admin=_screen())(request)


def _screen() -> Any:
    return admin.site._registry[PaymentOrder]  # noqa: SLF001 no public way


def _page_of(request: HttpRequest, kind: type[BooksPage]) -> BooksPage:
    page = kind(model_admin=_screen())
    page.request = request
    if not page.has_permission():
        raise PermissionDenied
    return page


def _statistics_file(page: BooksPage) -> HttpResponseBase:
    since, until = page.span()
    end = until + timedelta(days=1)
    parts = {
        "day": figures_by_day(since, end),
        "channel": figures_by_channel(since, end),
        "subject": figures_by_subject(since, end),
    }
    header = [
        "by",
        "what",
        "tries",
        "succeeded",
        "success_percent",
        "paid_fen",
        "refunded_fen",
        "refund_percent",
    ]
    rows = (_figures_row(part, line) for part, lines in parts.items() for line in lines)
    return csv_answer(f"payments-{since}-{until}", header, rows)


def _settlement_file(page: BooksPage) -> HttpResponseBase:
    since, until = page.span()
    header = ["month", "doctor", "name", "services", "doctor_fen", "clinic_fen"]
    rows = (_settlement_row(line) for line in _settlement(since, until))
    return csv_answer(f"settlement-{since}-{until}", header, rows)


def _figures_row(part: str, line: PaymentFigures) -> list[Cell]:
    return [
        part,
        line.label,
        line.tries,
        line.succeeded,
        line.success_percent,
        line.paid_fen,
        line.refunded_fen,
        line.refund_percent,
    ]


def _settlement_row(line: SettlementLine) -> list[Cell]:
    return [
        f"{line.month:%Y-%m}",
        str(line.doctor_user_public_id),
        line.doctor_name,
        line.services,
        line.doctor_fen,
        line.clinic_fen,
    ]


def _settlement(since: date, until: date) -> list[SettlementLine]:
    first = since.replace(day=1)
    last = (until.replace(day=1) + timedelta(days=32)).replace(day=1)
    return list(settlement_sheet(months_from=first, months_until=last))


def _rates(days: Sequence[PaymentFigures], name: str) -> list[float | None]:
    """Return a rate by day; a day without a try has none, which is not the same as nought."""
    return [getattr(day, name) if day.tries else None for day in days]


def _chart(
    days: Sequence[PaymentFigures], series: Sequence[tuple[str, Sequence[float | None]]]
) -> str:
    return chart_of([day.label[5:] for day in days], series)


def _table(lines: Sequence[PaymentFigures], words: Any = None) -> list[list[str]]:
    return [
        [
            words(line.label) if words else line.label,
            str(line.tries),
            f"{line.success_percent}%",
            display_fen(line.paid_fen),
            display_fen(line.refunded_fen),
            f"{line.refund_percent}%",
        ]
        for line in lines
    ]


def _channel_words(label: str) -> str:
    provider, _sep, channel = label.partition(" / ")
    return f"{Provider(provider).label} / {Channel(channel).label}"
