"""Numbers of money: attempts, refunds, bills."""

from datetime import timedelta
from typing import Final

PREPAY_VALID: Final = timedelta(hours=2)
PREPAY_VALID_H5: Final = timedelta(minutes=5)
POLL_LADDER_SECONDS: Final = (5, 10, 20, 30, 60, 120, 300)
REFUND_MIN_SPACING: Final = timedelta(seconds=60)
MAX_PARTIAL_REFUNDS: Final = 50
LATE_MONEY_WATCH: Final = timedelta(hours=24)  # how long a closed attempt is still asked about
POLL_EVERY_WHEN_CLOSED: Final = timedelta(hours=1)
ATTEMPT_CALL_BUDGET: Final = timedelta(seconds=15)  # longer in "created" = the caller died: query
CLOSED_BY_EXPIRY_AFTER: Final = timedelta(seconds=60)  # gateway clocks differ a little
REFUND_WORDS_MAX_CHARS: Final = 300  # why a payer asks, in his own words
REFUND_ASK_WITHIN: Final = timedelta(days=30)  # after paying; then customer service alone helps
REFUND_HINT_WATCH: Final = timedelta(hours=24)  # then the bill of the day tells
REFUND_RETRY_SECONDS: Final = (5, 15, 60, 300, 900, 3600)
CALLBACK_REPLAY_SECONDS: Final = (60, 60, 60, 300, 900, 3600)  # unfinished messages; decided here
REFUND_POLL_SECONDS: Final = (5, 15, 60, 60, 60, 300)  # each minute, back off after five
STAFF_REFUND_LIMIT_FEN: Final = 50_000  # above CNY 500 a second person approves
TOP_UP_MIN_FEN: Final = 100
TOP_UP_MAX_FEN: Final = 2_000_000
TOP_UP_EXPIRES: Final = timedelta(minutes=30)
BILL_READY_HOUR: Final = 10  # of the next day, as WeChat Pay and Alipay promise
RECONCILE_DAYS_BACK: Final = 3  # a bill that was late or a machine that slept is caught up
RECONCILE_RUN_BUDGET: Final = timedelta(minutes=30)  # longer = the process died: take over
RECONCILE_CUTOVER: Final = timedelta(minutes=5)  # clocks at midnight: look at the next day too
CALLBACK_REFUSALS: Final = "60/m"  # per address; genuine messages are never counted
