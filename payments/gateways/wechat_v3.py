"""WeChat Pay APIv3 in the words of this room: Native, JSAPI, H5, App."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from clinic.adapters.errors import DefiniteError, NotExistError
from clinic.adapters.wechatpay import bills
from clinic.adapters.wechatpay import types as wire
from clinic.adapters.wechatpay.callbacks import CallbackRefused, parse_callback
from clinic.adapters.wechatpay.client import WeChatPayClient
from clinic.adapters.wechatpay_v2.client import WeChatPayV2Client
from clinic.settings import rules
from payments.enums import AccountKind, Channel
from payments.gateways.addresses import notify_url
from payments.gateways.bill_lines import account_movements, moved_money
from payments.gateways.secrets import wechat_merchant
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


class WeChatGateway:
    """One of our merchants at WeChat Pay; the attempt names which."""

    capabilities = Capabilities(
        channels=frozenset({Channel.NATIVE, Channel.JSAPI, Channel.H5, Channel.APP}),
        max_refunds=rules.MAX_PARTIAL_REFUNDS,
        has_bills=True,
        prepay_valid=rules.PREPAY_VALID,
        prepay_valid_of={Channel.H5: rules.PREPAY_VALID_H5},
    )

    acknowledgement = Acknowledgement()

    def client(self, merchant: MerchantConfig) -> WeChatPayClient | WeChatPayV2Client:
        """Return the client that speaks for a merchant."""
        return WeChatPayClient(wechat_merchant(merchant))

    def funds(self, attempt: PaymentAttempt) -> tuple[AccountKind, object] | None:
        """The money lies with the merchant at the gateway."""
        return AccountKind.GATEWAY, merchant_of(attempt).public_id

    def create(self, payment: NewPayment) -> dict[str, Any]:
        """Make the order at the gateway; keep its address or prepay_id."""
        attempt = payment.attempt
        client = self.client(merchant_of(attempt))
        order = wire.NewOrder(
            out_trade_no=attempt.out_trade_no,
            description=payment.title[:100],
            amount_fen=attempt.amount_fen,
            expires_at=attempt.time_expire,
            notify_url=notify_url(merchant_of(attempt)),
        )
        if attempt.channel == Channel.JSAPI:
            return {"prepay_id": client.create_jsapi(order, payment.openid).prepay_id}
        if attempt.channel == Channel.H5:
            return {"h5_url": client.create_h5(order, payment.payer_ip).h5_url}
        if attempt.channel == Channel.APP:
            return {"prepay_id": client.create_app(order).prepay_id}
        return {"code_url": client.create_native(order).code_url}

    def client_params(self, attempt: PaymentAttempt) -> dict[str, Any]:
        """Return the kept address, or freshly signed parameters for the WeChat client."""
        kept = attempt.prepay
        if attempt.channel == Channel.JSAPI:
            jsapi = self.client(merchant_of(attempt)).jsapi_client_params(kept["prepay_id"])
            return {"jsapi": jsapi.as_client_dict()}
        if attempt.channel == Channel.APP:
            app = self.client(merchant_of(attempt)).app_client_params(kept["prepay_id"])
            return {"app": app.as_client_dict()}
        name = "h5_url" if attempt.channel == Channel.H5 else "code_url"
        return {name: kept[name]}

    def query(self, attempt: PaymentAttempt) -> TradeSnapshot:
        """Ask the gateway by our trade number."""
        try:
            return trade_seen(
                self.client(merchant_of(attempt)).query_by_out_trade_no(attempt.out_trade_no)
            )
        except NotExistError:
            return TradeSnapshot(state=TradeState.NOT_EXIST, out_trade_no=attempt.out_trade_no)

    def close(self, attempt: PaymentAttempt) -> CloseOutcome:
        """Close the order; within its first minutes the gateway may refuse: RETRY."""
        try:
            return _CLOSE_OUTCOMES[self.client(merchant_of(attempt)).close(attempt.out_trade_no)]
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
            notify_url=notify_url(merchant_of(attempt)),
        )
        return refund_seen(self.client(merchant_of(attempt)).refund(asked))

    def query_refund(self, refund: Refund) -> RefundSnapshot:
        """Ask the gateway by our refund number."""
        return self.find_refund(refund.attempt, refund.out_refund_no)

    def find_refund(self, attempt: PaymentAttempt, number: str) -> RefundSnapshot:
        """Ask the gateway by anybody's refund number."""
        return refund_seen(self.client(merchant_of(attempt)).query_refund(number))

    def refund_to_card(self, refund: Refund, card: wire.BankCard) -> RefundSnapshot:
        """Send the money of an abnormal refund to the payer's card; another state is returned."""
        client = WeChatPayClient(wechat_merchant(merchant_of(refund.attempt)))
        found = client.query_refund(refund.out_refund_no)
        if found.status != wire.RefundStatus.ABNORMAL:
            return refund_seen(found)
        return refund_seen(
            client.apply_abnormal_refund(found.refund_id, refund.out_refund_no, card)
        )

    def bill(self, merchant: MerchantConfig, day: date) -> Iterator[BillLine]:
        """Fetch the bill of the merchant's number and read it from disk."""
        with bills.trade_bill(WeChatPayClient(wechat_merchant(merchant)), day) as bill:
            yield from moved_money(bill)

    def movements(self, merchant: MerchantConfig, day: date) -> Iterator[Movement]:
        """Fetch the bill of the merchant's account and read it from disk."""
        with bills.fund_flow_bill(WeChatPayClient(wechat_merchant(merchant)), day) as bill:
            yield from account_movements(bill)

    def parse_callback(
        self, merchant: MerchantConfig, headers: dict[str, str], body: bytes, now: datetime
    ) -> VerifiedEvent:
        """Return the message that this merchant's gateway signed."""
        try:
            return _event(parse_callback(wechat_merchant(merchant), headers, body, now))
        except CallbackRefused as refused:
            stale = _event(refused.notice) if refused.notice else None
            raise Refused(refused.reason.value, is_probe=refused.is_probe, stale=stale) from refused


def merchant_of(attempt: PaymentAttempt) -> MerchantConfig:
    """Return whose attempt at a provider it is."""
    if attempt.merchant is None:
        raise ValueError("an outside attempt has a merchant")
    return attempt.merchant


def trade_seen(found: wire.Transaction) -> TradeSnapshot:
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


def refund_seen(found: wire.RefundResult) -> RefundSnapshot:
    return RefundSnapshot(
        state=_REFUND_STATES[found.status],
        out_refund_no=found.out_refund_no,
        refund_id=found.refund_id,
        amount_fen=found.refund_fen,
        out_trade_no=found.out_trade_no,
    )


def _event(notice: wire.Notice) -> VerifiedEvent:
    if isinstance(notice, wire.PaymentNotice):
        trade = trade_seen(notice.transaction)
        key = f"payment:{trade.out_trade_no}:{trade.transaction_id}:{trade.state}"
        return VerifiedEvent(event_id=notice.event_id, kind="payment", dedup_key=key, trade=trade)
    refund = refund_seen(notice.refund)
    key = f"refund:{refund.out_refund_no}:{refund.refund_id}:{refund.state}"
    return VerifiedEvent(event_id=notice.event_id, kind="refund", dedup_key=key, refund=refund)
