"""The frame of the staff console: who acts, the menu, the figures on its first page."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from operator import attrgetter
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.contrib.admin import ModelAdmin
from django.http import HttpRequest
from django.urls import NoReverseMatch, get_script_prefix, reverse
from django.utils.functional import Promise
from django.utils.module_loading import import_string
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from clinic.core.actor import ANONYMOUS, Actor
from clinic.core.clock import clinic_day, now
from clinic.core.roles import STAFF_ROLES, Role

Text = str | Promise
# The main job first, the machinery last.
ROOMS = (
    "consultations",
    "complaints",
    "appointments",
    "records",
    "doctors",
    "relations",
    "phrases",
    "payments",
    "customer_service",
    "chat",
    "patients",
    "reviews",
    "notifications",
    "privacy",
    "accounts",
    "core",
    "django_celery_beat",
)
# Days beyond can be asked for, but a time zone or a step over them leaves the calendar.
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2199, 12, 31)


@dataclass(frozen=True, kw_only=True, slots=True)
class Page:
    """A console page that is no model: its room, title, URL name and who may open it.

    ``opens_for`` says more of who may than roles can.
    """

    room: str
    title: Text
    url_name: str
    icon: str
    roles: frozenset[Role]
    opens_for: Callable[[HttpRequest], bool] | None = None

    def is_for(self, request: HttpRequest) -> bool:
        """Say whether this person may open the page, so that menus show only what works."""
        return holds(request, self.roles) and (self.opens_for is None or self.opens_for(request))


@dataclass(frozen=True, slots=True)
class Figure:
    """One number of the first page; ``tone`` is "", "success", "warning" or "danger"."""

    title: Text
    value: str
    note: Text = ""
    link: str = ""
    tone: str = ""
    icon: str = ""


@dataclass(frozen=True, slots=True)
class FigureReader:
    """A function that reads figures for those who hold one of the roles."""

    order: int
    roles: frozenset[Role]
    read: Callable[[], list[Figure]]


_PAGES: list[Page] = []
_FIGURES: list[FigureReader] = []


def add_page(page: Page) -> None:
    """Put a page into the menu, above the models of its room."""
    _PAGES.append(page)


def shows_figures(
    *, order: int, roles: frozenset[Role] = STAFF_ROLES
) -> Callable[[Callable[[], list[Figure]]], Callable[[], list[Figure]]]:
    """Register a function whose figures stand on the first page; lower orders come first."""

    def register(function: Callable[[], list[Figure]]) -> Callable[[], list[Figure]]:
        _FIGURES.append(FigureReader(order, roles, function))
        return function

    return register


def actor_of(request: HttpRequest) -> Actor:
    """Return who presses the buttons of this request; read once per request."""
    known = getattr(request, "console_actor", None)
    if known is None:
        user = request.user
        if user.is_authenticated and user.is_active and user.is_staff:
            known = import_string(settings.CONSOLE_ACTOR)(user)
        else:
            known = ANONYMOUS
        request.console_actor = known  # type: ignore[attr-defined]
    return known if isinstance(known, Actor) else ANONYMOUS


def holds(request: HttpRequest, roles: frozenset[Role]) -> bool:
    """Say whether the member of staff has one of the roles."""
    return bool(actor_of(request).roles & roles)


def may(request: HttpRequest, verb: str, model: Any) -> bool:
    """Say whether one of the person's roles has the verb for a model (its ``_meta``)."""
    verbs_of = import_string(settings.CONSOLE_RIGHTS)
    return any(
        verb in verbs_of(role, model.app_label, model.model_name)
        for role in actor_of(request).roles
    )


def is_sandbox() -> bool:
    """Say whether payments go to a simulator on this machine."""
    return "//127.0.0.1" in settings.WECHATPAY_BASE_URL


def environment(_request: HttpRequest) -> list[str]:
    """Return the badge beside the title and its colour."""
    return [_("Local sandbox"), "warning"] if is_sandbox() else [_("Production"), "danger"]


def navigation(request: HttpRequest) -> list[dict[str, Any]]:
    """Return the menu: one group per room with what this person may open.

    Titles are plain texts in the language of the request: the theme copies the menu for each page.
    """
    groups: list[dict[str, Any]] = [{"items": [_dashboard_item()]}]
    screens = _screens_by_room()
    for room in ROOMS:
        items = _pages_of(room, request) + _models_of(screens.get(room, ()), request)
        if items:
            title = str(apps.get_app_config(room).verbose_name)
            collapsible = room in {"core", "django_celery_beat"}
            groups.append({"title": title, "items": items, "collapsible": collapsible})
    return groups


def dashboard(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """Add the figures of today to the first page."""
    readers = sorted(_FIGURES, key=attrgetter("order"))
    figures = [
        figure for reader in readers if holds(request, reader.roles) for figure in reader.read()
    ]
    pages = [
        {"title": page.title, "link": reverse(page.url_name), "icon": page.icon}
        for page in _PAGES
        if page.is_for(request)
    ]
    return {**context, "figures": figures, "pages": pages}


def list_link(model_label: str, query: str = "") -> str:
    """Return the address of a model's list, for figures; empty when it has none."""
    try:
        address = reverse(f"admin:{model_label.lower().replace('.', '_')}_changelist")
    except NoReverseMatch:
        return ""
    return f"{address}?{query}" if query else address


def days_asked(request: HttpRequest, *, shown: int, most: int = 366) -> tuple[date, date]:
    """Return the clinic days of ``?since&until``, the last one included.

    Odd ones, turned ones and spans of more than ``most`` days mean the last ``shown`` days.
    """
    until = _day(request.GET.get("until"), clinic_day(now()))
    since = _day(request.GET.get("since"), until - timedelta(days=shown - 1))
    if not timedelta(0) <= until - since < timedelta(days=most):
        since = until - timedelta(days=shown - 1)
    return since, until


def _dashboard_item() -> dict[str, Any]:
    return {"title": _("Today"), "icon": "dashboard", "link": _address("admin:index")}


def _pages_of(room: str, request: HttpRequest) -> list[dict[str, Any]]:
    return [
        {"title": str(page.title), "icon": page.icon, "link": _address(page.url_name)}
        for page in _PAGES
        if page.room == room and page.is_for(request)
    ]


def _screens_by_room() -> "dict[str, list[ModelAdmin[Any]]]":
    """Return the screens of models by room, in the order of their places."""
    found: dict[str, list[ModelAdmin[Any]]] = {}
    for screen in admin.site._registry.values():  # noqa: SLF001 no public way
        found.setdefault(screen.opts.app_label, []).append(screen)
    for screens in found.values():
        screens.sort(key=lambda screen: getattr(screen, "place", 50))
    return found


def _models_of(screens: "Iterable[ModelAdmin[Any]]", request: HttpRequest) -> list[dict[str, Any]]:
    return [
        {
            "title": str(capfirst(screen.opts.verbose_name_plural)),
            "icon": getattr(screen, "icon", "database"),
            "link": _address(f"admin:{screen.opts.app_label}_{screen.opts.model_name}_changelist"),
        }
        for screen in screens
        if screen.has_view_permission(request)
    ]


def _address(url_name: str) -> str:
    """Return where a page is; a menu asks for a hundred, so each is looked up once."""
    return _known_address(url_name, get_script_prefix())


@cache
def _known_address(url_name: str, _prefix: str) -> str:
    return reverse(url_name)


def _day(text: str | None, other: date) -> date:
    try:
        day = date.fromisoformat(text or "")
    except ValueError:
        return other
    return day if FIRST_DAY <= day <= LAST_DAY else other
