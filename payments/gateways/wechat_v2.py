"""WeChat Pay's older interface (XML, MD5 or HMAC-SHA256) in the words of this room."""

from datetime import datetime

from clinic.adapters.wechatpay_v2 import facts
from clinic.adapters.wechatpay_v2.callbacks import NoticeRefused, RefundHint, parse_notification
from clinic.adapters.wechatpay_v2.client import WeChatPayV2Client
from payments.gateways.secrets import wechat_v2_merchant
from payments.gateways.types import (
    Acknowledgement,
    RefundSnapshot,
    RefundState,
    Refused,
    VerifiedEvent,
)
from payments.gateways.wechat_v3 import WeChatGateway, merchant_of, trade_seen
from payments.models import MerchantConfig, PaymentAttempt


class WeChatV2Gateway(WeChatGateway):
    """The same gateway, spoken to in XML. Its refund messages prove nothing: they are hints."""

    acknowledgement = Acknowledgement(200, facts.ACKNOWLEDGEMENT, facts.ACKNOWLEDGEMENT_TYPE)

    def client(self, attempt: PaymentAttempt) -> WeChatPayV2Client:
        """Return the client that speaks for the attempt's merchant."""
        return WeChatPayV2Client(wechat_v2_merchant(merchant_of(attempt)))

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
    return VerifiedEvent(event_id="", kind="refund", dedup_key="", refund=refund, is_hint=True)
