"""Protocol numbers and words of the Alipay gateway, once.

Rows marked [known] come from general knowledge: check them against the live pages before a
production release.
"""

import re
from datetime import timedelta, timezone

GATEWAY_ZONE = timezone(timedelta(hours=8))  # every time on the wire
TIME_FORMAT = "%Y-%m-%d %H:%M:%S"
SIGN_TYPE = "RSA2"
CHARSET = "utf-8"
VERSION = "1.0"
ACKNOWLEDGEMENT = b"success"  # exactly these seven bytes
NOTIFY_TYPE = "trade_status_sync"

# Notification retries; each is the wait before the next try. 8 sends in about 25 h.
RETRY_SECONDS = (240, 600, 600, 3600, 7200, 21600, 54000)
NOTICE_WINDOW = timedelta(seconds=300)
NOTICE_MAX_BYTES = 64 * 1024
REFUND_DAYS = 365
MIN_REFUND_QUERY_AGE = timedelta(seconds=10)
# An order that nobody scanned does not exist; this long after its end it counts as closed.
NOT_EXIST_IS_CLOSED_AFTER = timedelta(seconds=60)

# [known] limits of fields
OUT_TRADE_NO = re.compile(r"[0-9A-Za-z_]{1,64}")
OUT_REQUEST_NO = re.compile(r"[0-9A-Za-z_\-|*@]{1,64}")
SUBJECT_MAX = 256
SUBJECT_FORBIDDEN = frozenset("/=&")
REASON_MAX = 256
MAX_TOTAL_FEN = 10_000_000_000

PAGE_PRODUCT = "FAST_INSTANT_TRADE_PAY"
WAP_PRODUCT = "QUICK_WAP_WAY"
APP_PRODUCT = "QUICK_MSECURITY_PAY"
QR_PRODUCT = "FACE_TO_FACE_PAYMENT"

DONE = "10000"
REFUSED = "40004"
UNAVAILABLE = "20000"

# [known] error words of answers
NOT_EXIST = frozenset({"ACQ.TRADE_NOT_EXIST"})
WRONG_STATE = frozenset({"ACQ.TRADE_STATUS_ERROR", "ACQ.REASON_TRADE_STATUS_INVALID"})
OUTCOME_UNKNOWN = frozenset({"ACQ.SYSTEM_ERROR", "aop.ACQ.SYSTEM_ERROR", "isp.unknow-error"})
TRY_LATER = frozenset({"isv.app-call-limited", "isp.unreachable", "aop.service-limit"})
NO_BILL = frozenset({"isp.bill_not_exist", "isv.bill-not-exist"})
"""There was nothing on that day, or the bill is not made yet."""

BILL_HOSTS = frozenset({"dwbillcenter.alipay.com"})
