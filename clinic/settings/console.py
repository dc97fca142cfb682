"""The staff console's face: title, colours, languages, where its menus come from."""

from typing import Any

from django.templatetags.static import static
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

# Who acts when a member of staff presses a button; the ground does not know accounts by import.
CONSOLE_ACTOR = "clinic.accounts.selectors.actor_of_user"
CONSOLE_RIGHTS = "clinic.accounts.rules.console_verbs"

_LEAF = {
    "50": "oklch(97.4% .018 160)",
    "100": "oklch(94% .042 160)",
    "200": "oklch(89% .08 160)",
    "300": "oklch(82% .12 159)",
    "400": "oklch(72% .14 158)",
    "500": "oklch(62% .135 158)",
    "600": "oklch(51% .115 158)",
    "700": "oklch(44% .098 158)",
    "800": "oklch(38% .08 159)",
    "900": "oklch(33% .066 160)",
    "950": "oklch(22% .045 161)",
}
UNFOLD: dict[str, Any] = {
    "SITE_TITLE": _("Xiangcao console"),
    "SITE_HEADER": _("Xiangcao console"),
    "SITE_SUBHEADER": _("Online clinic"),
    "SITE_URL": "/",
    "SITE_SYMBOL": "spa",
    "SITE_FAVICONS": [
        {"rel": "icon", "type": "image/svg+xml", "href": lambda _request: static("front/leaf.svg")},
    ],
    "SHOW_HISTORY": True,
    "SHOW_VIEW_ON_SITE": False,
    "SHOW_LANGUAGES": True,
    "SHOW_BACK_BUTTON": True,
    "ENVIRONMENT": "clinic.core.console.environment",
    "DASHBOARD_CALLBACK": "clinic.core.console.dashboard",
    "STYLES": [lambda _request: static("console/console.css")],
    "SCRIPTS": [lambda _request: static("console/access.js")],
    "LOGIN": {"form": "clinic.accounts.console.LoginForm"},
    "COLORS": {"primary": _LEAF},
    "BORDER_RADIUS": "8px",
    "ACCOUNT": {
        "navigation": [
            {"title": _("Second factor"), "link": reverse_lazy("second-factor-own")},
            {"title": _("Front page"), "link": reverse_lazy("front")},
            {"title": _("API documents"), "link": reverse_lazy("api-docs")},
        ]
    },
    "SIDEBAR": {
        "show_search": True,
        "show_all_applications": False,
        "navigation": "clinic.core.console.navigation",
    },
}
