"""Console pages of figures: who reads them, from which days they are, and their charts."""

import json
from collections.abc import Sequence
from datetime import date
from typing import Any, ClassVar, Final

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.views.generic import TemplateView
from unfold.views import UnfoldModelAdminViewMixin

from clinic.core.console import days_asked, holds
from clinic.core.roles import Role

DAYS_SHOWN: Final = 14
COLOURS: Final = ("var(--color-primary-600)", "var(--color-base-400)", "#d97706")
Series = tuple[str, Sequence[float | None]]


class ReportPage(UnfoldModelAdminViewMixin, TemplateView):
    """Figures of some days for the roles of ``readers``; ``?since&until`` are days of the clinic.

    ``screen`` is the model in whose room of the console the page stands.
    """

    readers: ClassVar[frozenset[Role]]
    screen: ClassVar[type[Model]]

    @classmethod
    def show(cls, request: HttpRequest) -> HttpResponseBase:
        """Answer with the page, or with the file of ``?format``. Raises PermissionDenied."""
        if not holds(request, cls.readers):
            raise PermissionDenied
        wanted = request.GET.get("format", "")
        file = cls.file_of(request, wanted) if wanted else None
        if file is not None:
            return file
        screen = admin.site._registry[cls.screen]  # noqa: SLF001 no public way
        return cls.as_view(model_admin=screen)(request)

    @classmethod
    def file_of(cls, request: HttpRequest, wanted: str) -> HttpResponseBase | None:  # noqa: ARG003 for those with files
        """Return the file of that name, None when there is none."""
        return None

    @classmethod
    def days_of(cls, request: HttpRequest) -> tuple[date, date]:
        """Return the days that are asked for, the last one included."""
        return days_asked(request, shown=DAYS_SHOWN)

    def has_permission(self) -> bool:
        """Those who may read it."""
        return holds(self.request, self.readers)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Tell the template the days."""
        since, until = self.days_of(self.request)
        return super().get_context_data(**kwargs, since=since, until=until)


def chart_of(labels: list[str], series: Sequence[Series]) -> str:
    """Return lines or bars as the console's charts take them; up to three series."""
    datasets = [
        {
            "label": label,
            "data": list(values),
            "borderColor": colour,
            "backgroundColor": colour,
            "displayYAxis": True,
            "grouped": True,
            "maxBarThickness": 18,
        }
        for (label, values), colour in zip(series, COLOURS, strict=False)
    ]
    return json.dumps({"labels": labels, "datasets": datasets})
