"""Endpoints of money."""

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from clinic.core import idempotency
from clinic.core.api.query import PageQuery
from clinic.core.api.views import ApiView, client_address, get_or_404
from clinic.core.errors import NotAuthenticatedError
from payments import errors
from payments.api import permissions  # noqa: F401 declares the rights
from payments.api.serializers import (
    BalanceOut,
    OrderOut,
    OrderQuery,
    PayableOut,
    PayIn,
    RefundIn,
    RefundOut,
    RefundRequestIn,
    RefundRequestOut,
    StatementOut,
    TopUpIn,
)
from payments.enums import PayMethod
from payments.selectors.ledger import balance_of, statement
from payments.selectors.orders import (
    offered_refund,
    orders_of,
    refunds_of,
    requests_of,
    visible_to,
)
from payments.services.balance_offers import accept_balance
from payments.services.orders import cancel_order
from payments.services.pay import pay
from payments.services.refund_requests import ask_for_refund
from payments.services.refunds import refund_by_staff
from payments.services.top_ups import create_top_up


class OrdersView(ApiView):
    """Orders of the logged-in account, newest first."""

    resource = "order"
    verbs = {"GET": "list"}
    query_serializer_class = OrderQuery

    @extend_schema(responses=OrderOut(many=True))
    def get(self, request: Request) -> Response:  # noqa: ARG002 given by DRF
        """Orders of the logged-in account, newest first."""
        rows = orders_of(self.actor)
        wanted = self.query().get("status")
        return self.page(rows.filter(status=wanted) if wanted else rows, OrderOut)


class OrderView(ApiView):
    """One order."""

    resource = "order"
    verbs = {"GET": "read"}

    @extend_schema(responses=OrderOut)
    def get(self, request: Request, public_id: UUID) -> Response:  # noqa: ARG002 given by DRF
        """One order."""
        return Response(OrderOut(get_or_404(visible_to(self.actor), public_id=public_id)).data)


class PayView(ApiView):
    """Prepare the payment of an order, or pay it from the balance."""

    resource = "order"
    verbs = {"POST": "pay"}
    refuses_unknown_fields = True
    rate = "30/m"
    idempotent = True
    # The provider is asked in the middle: no transaction may be open.
    run_once = staticmethod(idempotency.once_across_calls)
    errors = (
        errors.OrderAlreadyPaidError,
        errors.OrderNotPayableError,
        errors.MethodNotPossibleError,
        errors.PaymentInProgressError,
        errors.InsufficientBalanceError,
        errors.ProviderUnavailableError,
        errors.ProviderRefusedError,
    )

    @extend_schema(request=PayIn, responses=PayableOut)
    def post(self, request: Request, public_id: UUID) -> Response:
        """Prepare the payment of an order, or pay it from the balance."""
        asked = self.input(PayIn)
        order = get_or_404(orders_of(self.actor), public_id=public_id)
        found = pay(
            order.pk,
            method=PayMethod(asked["method"]),
            openid=asked["openid"],
            payer_ip=client_address(request),
            actor=self.actor,
        )
        return Response(PayableOut(found).data)


class CancelView(ApiView):
    """Cancel an unpaid order."""

    resource = "order"
    verbs = {"POST": "cancel"}
    errors = (errors.OrderNotCancellableError,)

    @extend_schema(request=None, responses=OrderOut)
    def post(self, request: Request, public_id: UUID) -> Response:  # noqa: ARG002 given by DRF
        """Cancel an unpaid order.

        It is closed at once, or "closing" while the provider may still take money: what arrives
        then pays the order (closing → paid, with the usual notice) and can be asked back. Money
        that arrives after it is closed goes back by itself.
        """
        order = get_or_404(orders_of(self.actor), public_id=public_id)
        return Response(
            OrderOut(cancel_order(order.pk, actor=self.actor, reason="cancelled by payer")).data
        )


class RefundsView(ApiView):
    """Refunds of an order."""

    resource = "refund"
    verbs = {"GET": "list", "POST": "request"}
    refuses_unknown_fields = True
    query_serializer_class = PageQuery
    idempotent = True
    errors = (
        errors.NothingToRefundError,
        errors.RefundTooLargeError,
        errors.TooManyRefundsError,
    )

    @extend_schema(responses=RefundOut(many=True))
    def get(self, request: Request, public_id: UUID) -> Response:  # noqa: ARG002 given by DRF
        """Refunds of an order, oldest first."""
        order = get_or_404(visible_to(self.actor), public_id=public_id)
        return self.page(refunds_of(order), RefundOut)

    @extend_schema(request=RefundIn, responses={201: RefundOut})
    def post(self, request: Request, public_id: UUID) -> Response:  # noqa: ARG002 given by DRF
        """Refund an order in full or in part; above the limit a second person approves.

        Say which: ``amount_fen``, or ``all``; and why.
        """
        asked = self.input(RefundIn)
        order = get_or_404(visible_to(self.actor), public_id=public_id)
        refund = refund_by_staff(
            order.pk,
            amount_fen=asked.get("amount_fen"),
            is_all=asked["all"],
            why=asked["reason"],
            actor=self.actor,
        )
        return Response(RefundOut(refund).data, status=status.HTTP_201_CREATED)


class RefundRequestsView(ApiView):
    """What the payer of an order asks to get back."""

    resource = "refund_request"
    verbs = {"GET": "list", "POST": "ask"}
    refuses_unknown_fields = True
    query_serializer_class = PageQuery
    rate = "10/m"
    idempotent = True
    errors = (
        errors.NothingToRefundError,
        errors.RefundTooLargeError,
        errors.RefundTooLateError,
        errors.RefundAskedError,
    )

    @extend_schema(responses=RefundRequestOut(many=True))
    def get(self, request: Request, public_id: UUID) -> Response:  # noqa: ARG002 given by DRF
        """Requests of an order and what became of them, oldest first."""
        order = get_or_404(visible_to(self.actor), public_id=public_id)
        return self.page(requests_of(order), RefundRequestOut)

    @extend_schema(request=RefundRequestIn, responses={201: RefundRequestOut})
    def post(self, request: Request, public_id: UUID) -> Response:  # noqa: ARG002 given by DRF
        """Ask for money of a paid order; staff decide, nothing moves before."""
        asked = self.input(RefundRequestIn)
        order = get_or_404(orders_of(self.actor), public_id=public_id)
        made = ask_for_refund(
            order.pk,
            amount_fen=asked.get("amount_fen"),
            reason=asked["reason"],
            actor=self.actor,
        )
        return Response(RefundRequestOut(made).data, status=status.HTTP_201_CREATED)


class AcceptBalanceView(ApiView):
    """Agree to take the stuck refund of an order on one's balance."""

    resource = "refund"
    verbs = {"POST": "accept"}
    errors = (errors.RefundNotStuckError,)

    @extend_schema(request=None, responses=RefundOut)
    def post(self, request: Request, public_id: UUID) -> Response:  # noqa: ARG002 given by DRF
        """Agree; the money is there once a second member of staff approves."""
        order = get_or_404(orders_of(self.actor), public_id=public_id)
        refund = offered_refund(order)
        if refund is None:
            raise errors.RefundNotStuckError
        return Response(RefundOut(accept_balance(refund.pk, actor=self.actor)).data)


class BalanceView(ApiView):
    """Balance of the logged-in account."""

    resource = "balance"
    verbs = {"GET": "read"}

    @extend_schema(responses=BalanceOut)
    def get(self, request: Request) -> Response:  # noqa: ARG002 given by DRF
        """Balance of the logged-in account."""
        return Response({"balance_fen": balance_of(_own_id(self.actor.public_id))})


class StatementView(ApiView):
    """Movements of one's balance, newest first."""

    resource = "balance"
    verbs = {"GET": "read"}
    query_serializer_class = PageQuery

    @extend_schema(responses=StatementOut(many=True))
    def get(self, request: Request) -> Response:  # noqa: ARG002 given by DRF
        """Movements of one's balance, newest first."""
        return self.page(statement(_own_id(self.actor.public_id)), StatementOut)


class TopUpView(ApiView):
    """Order an amount for one's balance."""

    resource = "balance"
    verbs = {"POST": "top_up"}
    refuses_unknown_fields = True
    rate = "20/m"
    idempotent = True

    @extend_schema(request=TopUpIn, responses={201: OrderOut})
    def post(self, request: Request) -> Response:  # noqa: ARG002 given by DRF
        """Order an amount for one's balance; it is added once the order is paid."""
        asked = self.input(TopUpIn)
        order = create_top_up(actor=self.actor, amount_fen=asked["amount_fen"])
        return Response(OrderOut(order).data, status=status.HTTP_201_CREATED)


def _own_id(public_id: UUID | None) -> UUID:
    if public_id is None:
        raise NotAuthenticatedError
    return public_id
