"""Alipay in the words of this room: QR code, desktop page, phone page, app."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from clinic.adapters.alipay import bills, facts
from clinic.adapters.alipay import types as wire
from clinic.adapters.alipay.client import AlipayClient
from clinic.adapters.alipay.notifications import NoticeRefused, parse_notification
from clinic.adapters.errors import DefiniteError, NotExistError
from clinic.settings import rules
from payments.enums import AccountKind, Channel
from payments.gateways.addresses import notify_url, return_url
from payments.gateways.bill_lines import account_movements, moved_money
from payments.gateways.secrets import alipay_merchant
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
from payments.gateways.wechat_v3 import merchant_of
from payments.models import MerchantConfig, PaymentAttempt, Refund

_CLOSE_OUTCOMES = {
    wire.CloseResult.CLOSED: CloseOutcome.CLOSED,
    wire.CloseResult.ALREADY_PAID: CloseOutcome.PAID,
    wire.CloseResult.NOT_EXIST: CloseOutcome.NOT_EXIST,
}
_SIGNED_HERE = {"made": "by signature"}  # the payer's device takes it there: nothing to keep


class AlipayGateway:
    """One of our applications at Alipay; the attempt names which."""

    capabilities = Capabilities(
        channels=frozenset({Channel.NATIVE, Channel.PAGE, Channel.WAP, Channel.APP}),
        max_refunds=rules.MAX_PARTIAL_REFUNDS,
        has_bills=True,
        prepay_valid=rules.PREPAY_VALID,
        is_unseen_payable=True,
    )
    acknowledgement = Acknowledgement(200, facts.ACKNOWLEDGEMENT, "text/plain")

    def funds(self, attempt: PaymentAttempt) -> tuple[AccountKind, object] | None:
        """The money lies with the seller at Alipay."""
        return AccountKind.GATEWAY, merchant_of(attempt).public_id

    def create(self, payment: NewPayment) -> dict[str, Any]:
        """Ask for a QR code; every other channel is only signed, the payer's device opens it."""
        if payment.attempt.channel != Channel.NATIVE:
            return dict(_SIGNED_HERE)
        trade = _new_trade(payment.attempt)
        return {"code_url": _client(payment.attempt).precreate(trade).qr_code}

    def client_params(self, attempt: PaymentAttempt) -> dict[str, Any]:
        """Return the QR code's address, or a freshly signed form or order text."""
        if attempt.channel == Channel.NATIVE:
            return {"code_url": attempt.prepay["code_url"]}
        client, trade = _client(attempt), _new_trade(attempt)
        if attempt.channel == Channel.APP:
            return {"app_order": client.app_order(trade).order_string}
        is_page = attempt.channel == Channel.PAGE
        form = client.page_form(trade) if is_page else client.wap_form(trade)
        return {"form": {"action": form.action, "values": dict(form.fields)}}

    def query(self, attempt: PaymentAttempt) -> TradeSnapshot:
        """Ask by our trade number; one that nobody opened does not exist."""
        try:
            return _trade(_client(attempt).query(attempt.out_trade_no))
        except NotExistError:
            return TradeSnapshot(state=TradeState.NOT_EXIST, out_trade_no=attempt.out_trade_no)

    def close(self, attempt: PaymentAttempt) -> CloseOutcome:
        """Close the trade; NOT_EXIST while nobody opened it."""
        try:
            return _CLOSE_OUTCOMES[_client(attempt).close(attempt.out_trade_no)]
        except DefiniteError:
            return CloseOutcome.RETRY

    def refund(self, refund: Refund) -> RefundSnapshot:
        """Ask for a refund under its fixed number and amount."""
        asked = wire.NewRefund(
            out_trade_no=refund.attempt.out_trade_no,
            out_request_no=refund.out_refund_no,
            refund_fen=refund.amount_fen,
        )
        found = _client(refund.attempt).refund(asked)
        return _refund(found)

    def query_refund(self, refund: Refund) -> RefundSnapshot:
        """Ask by our number; what is not confirmed is asked for again: Alipay may not know it."""
        found = _found(refund.attempt, refund.out_refund_no)
        return found if found.state == RefundState.SUCCEEDED else self.refund(refund)

    def find_refund(self, attempt: PaymentAttempt, number: str) -> RefundSnapshot:
        """Ask by anybody's number; a refund that was begun without one bears the trade's."""
        found = _found(attempt, number)
        if found.state == RefundState.SUCCEEDED:
            return found
        return _found(attempt, attempt.out_trade_no)

    def parse_callback(
        self, merchant: MerchantConfig, headers: dict[str, str], body: bytes, now: datetime
    ) -> VerifiedEvent:
        """Return the message that Alipay signed for this seller."""
        try:
            return _event(parse_notification(alipay_merchant(merchant), headers, body, now))
        except NoticeRefused as refused:
            stale = _event(refused.notice) if refused.notice else None
            raise Refused(refused.reason.value, stale=stale) from refused

    def bill(self, merchant: MerchantConfig, day: date) -> Iterator[BillLine]:
        """Fetch the bill of the seller and read it from disk."""
        with bills.trade_bill(AlipayClient(alipay_merchant(merchant)), day) as bill:
            yield from moved_money(bill)

    def movements(self, merchant: MerchantConfig, day: date) -> Iterator[Movement]:
        """Fetch the bill of the seller's account and read it from disk."""
        with bills.fund_flow_bill(AlipayClient(alipay_merchant(merchant)), day) as bill:
            yield from account_movements(bill)


def _client(attempt: PaymentAttempt) -> AlipayClient:
    return AlipayClient(alipay_merchant(merchant_of(attempt)))


def _new_trade(attempt: PaymentAttempt) -> wire.NewTrade:
    return wire.NewTrade(
        out_trade_no=attempt.out_trade_no,
        subject=attempt.order.title,
        amount_fen=attempt.amount_fen,
        expires_at=attempt.time_expire,
        notify_url=notify_url(merchant_of(attempt)),
        return_url=return_url(),
    )


def _trade(found: wire.Trade) -> TradeSnapshot:
    state = TradeState.PAID if found.was_paid else TradeState.UNPAID
    if not found.was_paid and found.status is wire.TradeStatus.CLOSED:
        state = TradeState.CLOSED
    return TradeSnapshot(
        state=state,
        out_trade_no=found.out_trade_no,
        merchant_number=found.seller_id,
        app_id=found.app_id,
        amount_fen=found.amount_fen,
        currency="CNY",
        transaction_id=found.trade_no,
        paid_at=found.paid_at,
    )


def _found(attempt: PaymentAttempt, number: str) -> RefundSnapshot:
    return _refund(_client(attempt).query_refund(attempt.out_trade_no, number))


def _refund(found: wire.RefundResult) -> RefundSnapshot:
    is_done = found.status is wire.RefundStatus.SUCCESS
    return RefundSnapshot(
        state=RefundState.SUCCEEDED if is_done else RefundState.PROCESSING,
        out_refund_no=found.out_request_no,
        refund_id=found.out_request_no,
        amount_fen=found.refund_fen,
        out_trade_no=found.out_trade_no,
    )


def _event(notice: wire.Notice) -> VerifiedEvent:
    trade = _trade(notice.trade)
    if isinstance(notice, wire.PaymentNotice):
        key = f"payment:{trade.out_trade_no}:{trade.transaction_id}:{trade.state}"
        return VerifiedEvent(event_id=notice.notify_id, kind="payment", dedup_key=key, trade=trade)
    # The message tells the sum of all refunds, not this one: it only makes us ask.
    hint = RefundSnapshot(
        state=RefundState.PROCESSING,
        out_refund_no=notice.out_request_no or trade.out_trade_no,
        refund_id="",
        amount_fen=0,
        out_trade_no=trade.out_trade_no,
    )
    return VerifiedEvent(
        event_id=notice.notify_id,
        kind="refund",
        dedup_key=f"refund_hint:{hint.out_refund_no}",
        refund=hint,
        is_hint=True,
    )
