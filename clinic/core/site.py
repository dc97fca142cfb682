"""The site of the staff console."""

from typing import Any, cast

from django.contrib import admin
from django.contrib.admin import sites
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from unfold.apps import DefaultAppConfig
from unfold.sites import UnfoldAdminSite


class ConsoleSite(UnfoldAdminSite):
    """The site whose menu is ``console.navigation``."""

    def get_app_list(
        self, request: HttpRequest, app_label: str | None = None
    ) -> list[dict[str, Any]]:
        """List all models only where a page shows them: it takes a fifth of the time of a page."""
        found = SimpleLazyObject(lambda: UnfoldAdminSite.get_app_list(self, request, app_label))
        return cast("list[dict[str, Any]]", found)


class ConsoleConfig(DefaultAppConfig):
    """The theme, with the site of the console."""

    def ready(self) -> None:
        """Be the site that every screen registers with."""
        admin.site = sites.site = ConsoleSite()
