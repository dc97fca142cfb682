"""The sentences of notices, by kind."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from django.utils.dateformat import format as date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from clinic.core.money import display_fen
from clinic.notifications.words import accounts, complaints, consultations, money, visits
from clinic.notifications.words.template import Template

TEMPLATES: Final[dict[str, Template]] = {
    **consultations.TEMPLATES,
    **visits.TEMPLATES,
    **money.TEMPLATES,
    **complaints.TEMPLATES,
    **accounts.TEMPLATES,
}
MONEY_BACK: Final = _("Your payment goes back to you.")
# Times in parameters carry the offset of the place they belong to, and are shown on its clock.
TIMES: Final = {"starts_at": "when", "until_at": "until"}
FIELDS: Final = (
    *("doctor", "count", "amount", "stars", "code", "place", "nearest"),
    *TIMES.values(),
)


def title(kind: str) -> str:
    """Return the title of a notice in the active language."""
    return str(TEMPLATES[kind].title)


def body(kind: str, params: Mapping[str, Any]) -> str:
    """Return the sentence of a notice in the active language.

    ``amount_fen`` is shown as ``amount``, ``starts_at`` as ``when``, ``until_at`` as ``until``,
    the list ``nearest_at`` as ``nearest``; a missing parameter shows as a dash.
    ``was_paid`` adds that the money goes back to those that speak of ``money``.
    """
    values = dict.fromkeys(FIELDS, "-") | dict(params)
    if "amount_fen" in params:
        values["amount"] = display_fen(params["amount_fen"])
    for name, shown in TIMES.items():
        if params.get(name):
            values[shown] = _moment(params[name])
    if params.get("nearest_at"):
        values["nearest"] = " / ".join(_moment(text) for text in params["nearest_at"])
    values["money"] = MONEY_BACK if params.get("was_paid") else ""
    return (str(TEMPLATES[kind].body) % values).strip()


def _moment(text: str) -> str:
    """Return an RFC 3339 moment on the clock of its own offset, in the active language."""
    return date_format(datetime.fromisoformat(text), gettext("D j M, H:i"))
