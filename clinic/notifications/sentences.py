"""The sentences of notices, by kind."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from clinic.core.money import display_fen
from clinic.notifications.enums import NoticeKind


@dataclass(frozen=True, slots=True)
class Template:
    """Title and body of a notice; named fields are filled from its parameters."""

    title: str | Promise
    body: str | Promise


TEMPLATES: dict[str, Template] = {
    NoticeKind.ORDER_PAID: Template(
        _("Payment received"), _("We have received your payment. A doctor is being found for you.")
    ),
    NoticeKind.DOCTOR_ASSIGNED: Template(
        _("A doctor is here for you"), _("Doctor %(doctor)s will take care of you.")
    ),
    NoticeKind.CONSULTATION_OFFERED: Template(
        _("New consultation"), _("A patient is waiting for you. Please accept in time.")
    ),
    NoticeKind.CONSULTATION_ACCEPTED: Template(
        _("Consultation accepted"), _("Doctor %(doctor)s has accepted. You can talk now.")
    ),
    NoticeKind.CONSULTATION_RETURNED: Template(
        _("Another doctor is being found"),
        _("The doctor cannot take your consultation. We are finding another one."),
    ),
    NoticeKind.MESSAGE_WAITING: Template(
        _("A message is waiting"), _("You have %(count)s unread messages.")
    ),
    NoticeKind.CONSULTATION_COMPLETED: Template(
        _("Consultation completed"), _("Your consultation is completed. Tell us how it was.")
    ),
    NoticeKind.CONSULTATION_CANCELLED: Template(
        _("Consultation cancelled"), _("The consultation was cancelled.")
    ),
    NoticeKind.REFUND_STARTED: Template(
        _("Refund started"), _("Your refund of %(amount)s is on its way.")
    ),
    NoticeKind.REFUND_SUCCEEDED: Template(
        _("Refund arrived"), _("%(amount)s went back the way you paid.")
    ),
    NoticeKind.REFUND_REFUSED: Template(
        _("About your refund"),
        _("%(amount)s will not be returned. Customer service can tell you why."),
    ),
    NoticeKind.REFUND_TO_BALANCE: Template(
        _("Refund arrived"), _("%(amount)s of your refund is on your balance.")
    ),
    NoticeKind.TOP_UP_PAID: Template(
        _("Top-up received"), _("We have received your top-up: %(amount)s is on your balance.")
    ),
    NoticeKind.CONSENT_WANTED: Template(
        _("Please decide about your refund"),
        _("%(amount)s cannot go back the way you paid. Do you agree to have it on your balance?"),
    ),
    NoticeKind.REVIEW_RECEIVED: Template(
        _("New review"), _("A patient rated you with %(stars)s of 5 stars.")
    ),
    NoticeKind.NOBODY_FOUND: Template(
        _("No doctor was found"),
        _("We are sorry: no suitable doctor is free. Your payment goes back to you."),
    ),
    NoticeKind.REFERRED_OFFLINE: Template(
        _("Please visit in person"), _("The doctor recommends that you come for a visit.")
    ),
    NoticeKind.STAFF_ATTENTION: Template(
        _("A consultation needs you"), _("A patient has been waiting too long. Please look at it.")
    ),
    NoticeKind.SERVICE_ASSIGNED: Template(
        _("It is your turn"), _("Customer service is there for you now. Open your chat.")
    ),
    NoticeKind.LEFT_MESSAGE_ANSWERED: Template(
        _("Your message was answered"), _("Customer service has answered the message you left.")
    ),
    NoticeKind.DESK_MENTIONED: Template(
        _("A colleague mentioned you"), _("You are mentioned in a note at the desk.")
    ),
}


def title(kind: str) -> str:
    """Return the title of a notice in the active language."""
    return str(TEMPLATES[kind].title)


def body(kind: str, params: Mapping[str, Any]) -> str:
    """Return the sentence of a notice in the active language.

    ``amount_fen`` is shown as ``amount``; a missing parameter shows as a dash.
    """
    values = dict.fromkeys(("doctor", "count", "amount", "stars"), "-") | dict(params)
    if "amount_fen" in params:
        values["amount"] = display_fen(params["amount_fen"])
    return str(TEMPLATES[kind].body) % values
