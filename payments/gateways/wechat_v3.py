"""WeChat Pay APIv3, Native and JSAPI, in the words of this room."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.urls import reverse

from clinic.adapters.errors import DefiniteError, NotExistError
from clinic.adapters.wechatpay import types as wire
from clinic.adapters.wechatpay.callbacks import CallbackRefused, parse_callback
from clinic.adapters.wechatpay.client import WeChatPayClient
from clinic.settings import rules
from payments.enums import AccountKind, Channel
from payments.gateways.secrets import wechat_merchant
from payments.gateways.types import (
    BillLine,
    Capabilities,
    CloseOutcome,
    NewPayment,
    RefundSnapshot,
    RefundState,
    Refused,
    TradeSnapshot,
    TradeState,
    VerifiedEvent,
)
from payments.models import MerchantConfig, PaymentAttempt, Refund

_TRADE_STATES = {
    wire.TradeState.SUCCESS: TradeState.PAID,
    wire.TradeState.REFUND: TradeState.PAID,  # shown after any refund: it was paid
    wire.TradeState.NOTPAY: TradeState.UNPAID,
    wire.TradeState.USERPAYING: TradeState.UNPAID,
    wire.TradeState.ACCEPT: TradeState.UNPAID,
    wire.TradeState.PAYERROR: TradeState.UNPAID,  # the payer may try again
    wire.TradeState.CLOSED: TradeState.CLOSED,
    wire.TradeState.REVOKED: TradeState.CLOSED,
}
_REFUND_STATES = {
    wire.RefundStatus.SUCCESS: RefundState.SUCCEEDED,
    wire.RefundStatus.PROCESSING: RefundState.PROCESSING,
    wire.RefundStatus.CLOSED: RefundState.CLOSED,
    wire.RefundStatus.ABNORMAL: RefundState.ABNORMAL,
}
_CLOSE_OUTCOMES = {
    wire.CloseResult.CLOSED: CloseOutcome.CLOSED,
    wire.CloseResult.ALREADY_PAID: CloseOutcome.PAID,
    wire.CloseResult.NOT_EXIST: CloseOutcome.NOT_EXIST,
}
CALLBACK_ROUTE = "payments-callback-wechat-v3"


class WeChatGateway:
    """One of our merchants at WeChat Pay; the attempt names which."""

    capabilities = Capabilities(
        channels=frozenset({Channel.NATIVE, Channel.JSAPI}),
        max_refunds=rules.MAX_PARTIAL_REFUNDS,
        prepay_valid=rules.PREPAY_VALID,
    )

    def funds(self, attempt: PaymentAttempt) -> tuple[AccountKind, object] | None:
        """The money lies with the merchant at the gateway."""
        return AccountKind.GATEWAY, _merchant(attempt).public_id

    def create(self, payment: NewPayment) -> dict[str, Any]:
        """Make the order at the gateway; keep its code_url or prepay_id."""
        attempt = payment.attempt
        order = wire.NewOrder(
            out_trade_no=attempt.out_trade_no,
            description=payment.title[:100],
            amount_fen=attempt.amount_fen,
            expires_at=attempt.time_expire,
            notify_url=_notify_url(_merchant(attempt)),
        )
        if attempt.channel == Channel.JSAPI:
            prepay = _client(attempt).create_jsapi(order, payment.openid)
            return {"prepay_id": prepay.prepay_id}
        return {"code_url": _client(attempt).create_native(order).code_url}

    def client_params(self, attempt: PaymentAttempt) -> dict[str, Any]:
        """Return the QR code's address, or freshly signed parameters for the WeChat client."""
        if attempt.channel == Channel.JSAPI:
            params = _client(attempt).jsapi_client_params(attempt.prepay["prepay_id"])
            return {"jsapi": params.as_client_dict()}
        return {"code_url": attempt.prepay["code_url"]}

    def query(self, attempt: PaymentAttempt) -> TradeSnapshot:
        """Ask the gateway by our trade number."""
        try:
            return _trade(_client(attempt).query_by_out_trade_no(attempt.out_trade_no))
        except NotExistError:
            return TradeSnapshot(state=TradeState.NOT_EXIST, out_trade_no=attempt.out_trade_no)

    def close(self, attempt: PaymentAttempt) -> CloseOutcome:
        """Close the order; within its first minutes the gateway may refuse: RETRY."""
        try:
            return _CLOSE_OUTCOMES[_client(attempt).close(attempt.out_trade_no)]
        except DefiniteError:
            return CloseOutcome.RETRY

    def refund(self, refund: Refund) -> RefundSnapshot:
        """Ask for a refund under its fixed number, always with the same body."""
        attempt = refund.attempt
        asked = wire.NewRefund(
            out_trade_no=attempt.out_trade_no,
            out_refund_no=refund.out_refund_no,
            refund_fen=refund.amount_fen,
            total_fen=attempt.amount_fen,
            notify_url=_notify_url(_merchant(attempt)),
        )
        return _refund(_client(attempt).refund(asked))

    def query_refund(self, refund: Refund) -> RefundSnapshot:
        """Ask the gateway by our refund number."""
        return _refund(_client(refund.attempt).query_refund(refund.out_refund_no))

    def bill(self, merchant: MerchantConfig, day: date) -> Iterator[BillLine]:  # noqa: ARG002
        """Say that there is none."""
        raise NotExistError("no bills yet")

    def parse_callback(
        self, merchant: MerchantConfig, headers: dict[str, str], body: bytes, now: datetime
    ) -> VerifiedEvent:
        """Return the message that this merchant's gateway signed."""
        try:
            return _event(parse_callback(wechat_merchant(merchant), headers, body, now))
        except CallbackRefused as refused:
            stale = _event(refused.notice) if refused.notice else None
            raise Refused(refused.reason.value, is_probe=refused.is_probe, stale=stale) from refused


def _merchant(attempt: PaymentAttempt) -> MerchantConfig:
    if attempt.merchant is None:
        raise ValueError("an outside attempt has a merchant")
    return attempt.merchant


def _client(attempt: PaymentAttempt) -> WeChatPayClient:
    return WeChatPayClient(wechat_merchant(_merchant(attempt)))


def _notify_url(merchant: MerchantConfig) -> str:
    path = reverse(CALLBACK_ROUTE, args=[merchant.public_id])
    return f"{settings.PUBLIC_BASE_URL}{path}"


def _trade(found: wire.Transaction) -> TradeSnapshot:
    return TradeSnapshot(
        state=_TRADE_STATES[found.state],
        out_trade_no=found.out_trade_no,
        merchant_number=found.mchid,
        app_id=found.appid,
        amount_fen=found.amount_fen,
        currency=found.currency,
        transaction_id=found.transaction_id,
        paid_at=found.success_at,
    )


def _refund(found: wire.RefundResult) -> RefundSnapshot:
    return RefundSnapshot(
        state=_REFUND_STATES[found.status],
        out_refund_no=found.out_refund_no,
        refund_id=found.refund_id,
        amount_fen=found.refund_fen,
        out_trade_no=found.out_trade_no,
    )


def _event(notice: wire.Notice) -> VerifiedEvent:
    if isinstance(notice, wire.PaymentNotice):
        trade = _trade(notice.transaction)
        key = f"payment:{trade.out_trade_no}:{trade.transaction_id}:{trade.state}"
        return VerifiedEvent(event_id=notice.event_id, kind="payment", dedup_key=key, trade=trade)
    refund = _refund(notice.refund)
    key = f"refund:{refund.out_refund_no}:{refund.refund_id}:{refund.state}"
    return VerifiedEvent(event_id=notice.event_id, kind="refund", dedup_key=key, refund=refund)
