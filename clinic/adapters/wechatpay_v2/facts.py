"""Words of WeChat Pay v2. Rows marked [known] need a check against the live pages."""

# [known] error words; some pages spell them differently
ORDER_NOT_EXIST = frozenset({"ORDERNOTEXIST", "REFUNDNOTEXIST"})
ORDER_PAID = frozenset({"ORDERPAID"})
ORDER_CLOSED = frozenset({"ORDERCLOSED"})
OUTCOME_UNKNOWN = frozenset({"SYSTEMERROR", "SYSTEM_ERROR", "BIZERR_NEED_RETRY"})
TRY_LATER = frozenset({"FREQUENCY_LIMITED", "RATELIMIT_EXCEEDED"})

ACKNOWLEDGEMENT = (
    b"<xml><return_code><![CDATA[SUCCESS]]></return_code>"
    b"<return_msg><![CDATA[OK]]></return_msg></xml>"
)
ACKNOWLEDGEMENT_TYPE = "text/xml"
# [known] states of a refund
REFUND_STATES = {
    "SUCCESS": "SUCCESS",
    "PROCESSING": "PROCESSING",
    "CHANGE": "ABNORMAL",
    "REFUNDCLOSE": "CLOSED",
}
