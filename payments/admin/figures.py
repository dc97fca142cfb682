"""Figures of money on the first page."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from clinic.core.clock import clinic_time, now
from clinic.core.console import Figure, list_link, shows_figures
from clinic.core.money import display_fen
from payments.admin.roles import MONEY
from payments.enums import RefundStatus, RequestState
from payments.models import (
    PaymentAttempt,
    PaymentOrder,
    Refund,
    RefundRequest,
)
from payments.selectors.orders import odd_payments


@shows_figures(order=20, roles=MONEY)
def money_figures() -> list[Figure]:
    """Money of the clinic's day and what waits for staff."""
    midnight = clinic_time(now()).replace(hour=0, minute=0, second=0, microsecond=0)
    paid = PaymentOrder.objects.filter(paid_at__gte=midnight).values_list("paid_fen", flat=True)
    returned = Refund.objects.filter(
        status=RefundStatus.SUCCEEDED, completed_at__gte=midnight
    ).values_list("amount_fen", flat=True)
    waiting = Refund.objects.filter(
        Q(status=RefundStatus.REQUESTED) | Q(status=RefundStatus.NEEDS_STAFF)
    ).count()
    asked = RefundRequest.objects.filter(state=RequestState.WAITING).count()
    odd = PaymentAttempt.objects.filter(odd_payments()).count()
    return [
        Figure(
            _("Paid today"),
            display_fen(sum(paid)),
            _n(len(paid)),
            icon="payments",
            link=list_link("payments.PaymentOrder", "status__exact=paid"),
        ),
        Figure(
            _("Refunded today"),
            display_fen(sum(returned)),
            _n(len(returned)),
            icon="undo",
            link=list_link("payments.Refund"),
        ),
        Figure(
            _("Refunds for staff"),
            str(waiting),
            _("approve or decide"),
            icon="gavel",
            tone="warning" if waiting else "",
            link=list_link("payments.Refund", "waits=staff"),
        ),
        Figure(
            _("Refund requests"),
            str(asked),
            _("approve or decide"),
            icon="contact_support",
            tone="warning" if asked else "",
            link=list_link("payments.RefundRequest", "state__exact=waiting"),
        ),
        Figure(
            _("Odd payments"),
            str(odd),
            _("do not match or stay open"),
            icon="report",
            tone="danger" if odd else "",
            link=list_link("payments.PaymentAttempt", "odd=yes"),
        ),
    ]


def _n(count: int) -> str:
    return ngettext("%(count)s payment", "%(count)s payments", count) % {"count": count}
