"""WeChat Pay's older interface (XML, MD5 or HMAC-SHA256) in the words of this room."""

from collections.abc import Iterator
from datetime import date, datetime

from clinic.adapters.wechatpay_v2 import bills, facts
from clinic.adapters.wechatpay_v2.callbacks import NoticeRefused, RefundHint, parse_notification
from clinic.adapters.wechatpay_v2.client import WeChatPayV2Client
from payments.gateways.bill_lines import account_movements, moved_money
from payments.gateways.secrets import wechat_v2_merchant
from payments.gateways.types import (
    Acknowledgement,
    BillLine,
    Movement,
    RefundSnapshot,
    RefundState,
    Refused,
    VerifiedEvent,
)
from payments.gateways.wechat_v3 import WeChatGateway, trade_seen
from payments.models import MerchantConfig


class WeChatV2Gateway(WeChatGateway):
    """The same gateway, spoken to in XML. Its refund messages prove nothing: they are hints."""

    acknowledgement = Acknowledgement(200, facts.ACKNOWLEDGEMENT, facts.ACKNOWLEDGEMENT_TYPE)

    def client(self, merchant: MerchantConfig) -> WeChatPayV2Client:
        """Return the client that speaks for a merchant."""
        return WeChatPayV2Client(wechat_v2_merchant(merchant))

    def bill(self, merchant: MerchantConfig, day: date) -> Iterator[BillLine]:
        """Fetch the bill of the merchant's number and read it from disk; it carries no hash."""
        with bills.trade_bill(self.client(merchant), day) as bill:
            yield from moved_money(bill)

    def movements(self, merchant: MerchantConfig, day: date) -> Iterator[Movement]:
        """Fetch the bill of the merchant's account; the gateway wants our certificate for it."""
        with bills.fund_flow_bill(self.client(merchant), day) as bill:
            yield from account_movements(bill)

    def parse_callback(
        self,
        merchant: MerchantConfig,
        headers: dict[str, str],
        body: bytes,
        now: datetime,  # noqa: ARG002 messages carry no time
    ) -> VerifiedEvent:
        """Return a signed payment message, or the hint in a refund message."""
        try:
            notice = parse_notification(wechat_v2_merchant(merchant), headers, body)
        except NoticeRefused as refused:
            raise Refused(str(refused)) from refused
        if isinstance(notice, RefundHint):
            return _hint(notice)
        trade = trade_seen(notice.transaction)
        key = f"payment:{trade.out_trade_no}:{trade.transaction_id}:{trade.state}"
        return VerifiedEvent(event_id="", kind="payment", dedup_key=key, trade=trade)


def _hint(notice: RefundHint) -> VerifiedEvent:
    refund = RefundSnapshot(
        state=RefundState.PROCESSING,
        out_refund_no=notice.out_refund_no,
        refund_id="",
        amount_fen=0,
        out_trade_no=notice.out_trade_no,
    )
    key = f"refund_hint:{refund.out_refund_no}"
    return VerifiedEvent(event_id="", kind="refund", dedup_key=key, refund=refund, is_hint=True)
