"""Payments and refunds."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from clinic.notifications.enums import NoticeKind
from clinic.notifications.words.template import Template

TEMPLATES: Final[dict[str, Template]] = {
    NoticeKind.ORDER_PAID: Template(
        _("Payment received"), _("We have received your payment. A doctor is being found for you.")
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
}
