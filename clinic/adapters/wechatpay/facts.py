"""Protocol numbers and words of WeChat Pay APIv3, once.

Rows marked [known] come from general knowledge: check them against the live pages before a
production release.
"""

import re
from datetime import timedelta, timezone

SIGNATURE_TYPE = "WECHATPAY2-SHA256-RSA2048"
CIPHER = "AEAD_AES_256_GCM"
PROBE_PREFIX = "WECHATPAY/SIGNTEST/"  # deliberately wrong signatures: refuse without alarm
PRIMARY_URL = "https://api.mch.weixin.qq.com"
SPARE_URL = "https://api2.wechatpay.cn"  # for connections that do not come about, nothing else
CURRENCY = "CNY"
GATEWAY_ZONE = timezone(timedelta(hours=8))  # times on the wire are +08:00

SIGNATURE_WINDOW = timedelta(seconds=300)
CALLBACK_MAX_BYTES = 64 * 1024
GCM_NONCE_BYTES = 12

# Notification retries; each is the wait before the next try. 15 tries in 24 h 4 min.
RETRY_SECONDS = (
    15, 15, 30, 180, 600, 1200, 1800, 1800, 1800, 3600, 10800, 10800, 10800, 21600, 21600,
)  # fmt: skip
NOTIFY_BUDGET = timedelta(seconds=5)
ACKNOWLEDGED = frozenset({200, 204})

MIN_CLOSE_AGE = timedelta(minutes=5)
MAX_PARTIAL_REFUNDS = 50
REFUND_DAYS = 365
REFUND_SPACING = timedelta(minutes=1)

# [known] limits of fields
OUT_TRADE_NO = re.compile(r"[0-9A-Za-z_\-|*]{6,32}")
OUT_REFUND_NO = re.compile(r"[0-9A-Za-z_\-|*@]{1,64}")
OPENID = re.compile(r"[0-9A-Za-z_\-]{1,128}")
DESCRIPTION_MAX = 127
ATTACH_MAX = 128
NOTIFY_URL_MAX = 255
REASON_MAX = 80
MAX_TOTAL_FEN = 100_000_000

# [known] error words; both spellings were seen
ORDER_NOT_EXIST = frozenset({"ORDER_NOT_EXIST", "ORDERNOTEXIST", "RESOURCE_NOT_EXISTS"})
ORDER_PAID = frozenset({"ORDERPAID", "ORDER_PAID"})
ORDER_CLOSED = frozenset({"ORDER_CLOSED", "ORDERCLOSED"})
NO_BILL = frozenset({"NO_STATEMENT_EXIST"})
BILL_NOT_READY = frozenset({"STATEMENT_CREATING"})
TRY_LATER = BILL_NOT_READY | frozenset({"FREQUENCY_LIMITED", "RATELIMIT_EXCEEDED", "RULELIMIT"})
