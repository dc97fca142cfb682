"""Providers that settle in our own database: nothing to pay, and the payer's balance."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from clinic.adapters.errors import NotExistError
from payments.enums import AccountKind, Channel
from payments.gateways.types import (
    Acknowledgement,
    BillLine,
    Capabilities,
    CloseOutcome,
    Movement,
    NewPayment,
    RefundSnapshot,
    RefundState,
    Refused,
    TradeSnapshot,
    TradeState,
    VerifiedEvent,
)
from payments.models import MerchantConfig, PaymentAttempt, Refund


class FreeGateway:
    """For orders that cost nothing: paid as soon as they are made."""

    capabilities = Capabilities(channels=frozenset({Channel.INTERNAL}), is_internal=True)
    acknowledgement = Acknowledgement()

    def funds(self, attempt: PaymentAttempt) -> tuple[AccountKind, object] | None:  # noqa: ARG002
        """No money moves."""
        return None

    def create(self, payment: NewPayment) -> dict[str, Any]:  # noqa: ARG002
        """Keep nothing."""
        return {}

    def client_params(self, attempt: PaymentAttempt) -> dict[str, Any]:  # noqa: ARG002
        """The payer's device has nothing to do."""
        return {}

    def query(self, attempt: PaymentAttempt) -> TradeSnapshot:
        """Say that it is paid, under its own number."""
        return TradeSnapshot(
            state=TradeState.PAID,
            out_trade_no=attempt.out_trade_no,
            amount_fen=attempt.amount_fen,
            currency="CNY",
            transaction_id=attempt.out_trade_no,
        )

    def close(self, attempt: PaymentAttempt) -> CloseOutcome:  # noqa: ARG002
        """An internal attempt is paid or was rolled back."""
        return CloseOutcome.NOT_EXIST

    def refund(self, refund: Refund) -> RefundSnapshot:
        """Say that it is done: the booking is the refund."""
        return RefundSnapshot(
            state=RefundState.SUCCEEDED,
            out_refund_no=refund.out_refund_no,
            refund_id=refund.out_refund_no,
            amount_fen=refund.amount_fen,
        )

    def query_refund(self, refund: Refund) -> RefundSnapshot:
        """Same as asking for it."""
        return self.refund(refund)

    def find_refund(self, attempt: PaymentAttempt, number: str) -> RefundSnapshot:  # noqa: ARG002
        """Nobody but us refunds here."""
        raise NotExistError("internal")

    def parse_callback(
        self,
        merchant: MerchantConfig,  # noqa: ARG002
        headers: dict[str, str],  # noqa: ARG002
        body: bytes,  # noqa: ARG002
        now: datetime,  # noqa: ARG002
    ) -> VerifiedEvent:
        """Nobody calls back."""
        raise Refused("internal")

    def bill(self, merchant: MerchantConfig, day: date) -> Iterator[BillLine]:  # noqa: ARG002
        """Nobody sends bills."""
        return iter(())

    def movements(self, merchant: MerchantConfig, day: date) -> Iterator[Movement]:  # noqa: ARG002
        """Nobody keeps an account for us."""
        return iter(())


class BalanceGateway(FreeGateway):
    """Takes the money from the payer's balance."""

    def funds(self, attempt: PaymentAttempt) -> tuple[AccountKind, object] | None:
        """The wallet of the payer."""
        return AccountKind.WALLET, attempt.order.payer.public_id
