"""Words and limits the gateway answers with; the wire facts shared with the client live there."""

from datetime import timedelta

# A claimed delivery that never reports back (a crash) is tried again after this.
DELIVERY_LEASE = timedelta(seconds=30)
# A held notification goes out at the latest after this many seconds (before the time factor).
HOLD_SECONDS = 60
PAY_AFTER_CLOSE_SECONDS = 3

SIMULATED_BUYER = "2088000000009999"
SIMULATED_OPENID = "oSimulatedUser0000000000001"

STATE_WORDS = {
    "NOTPAY": "订单未支付",
    "PAYERROR": "支付失败",
    "SUCCESS": "支付成功",
    "REFUND": "转入退款",
    "CLOSED": "订单已关闭",
    "FINISHED": "交易完结",
}
