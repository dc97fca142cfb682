"""From the members of a believed document to the values shared with APIv3."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime

from clinic.adapters.wechatpay.facts import CURRENCY, GATEWAY_ZONE, OUT_REFUND_NO, OUT_TRADE_NO
from clinic.adapters.wechatpay.strict_json import StrictJsonError, optional_text, text
from clinic.adapters.wechatpay.types import RefundResult, RefundStatus, TradeState, Transaction
from clinic.adapters.wechatpay_v2 import facts

Members = Mapping[str, str]
_FEN = re.compile(r"[0-9]{1,12}")
_PAID = frozenset({TradeState.SUCCESS, TradeState.REFUND})


def read_transaction(members: Members, *, state: TradeState | None = None) -> Transaction:
    """Return the payment; notifications carry no state of their own: they say it is paid."""
    found_state = state or _trade_state(members)
    number = text(members, "out_trade_no", limit=32)
    if not OUT_TRADE_NO.fullmatch(number):
        raise StrictJsonError("out_trade_no")
    is_paid = found_state in _PAID
    return Transaction(
        mchid=text(members, "mch_id", limit=32),
        appid=text(members, "appid", limit=32),
        out_trade_no=number,
        state=found_state,
        transaction_id=(text if is_paid else optional_text)(members, "transaction_id", limit=32),
        amount_fen=fen(members, "total_fee") if is_paid or "total_fee" in members else None,
        payer_fen=fen(members, "cash_fee") if "cash_fee" in members else None,
        currency=optional_text(members, "fee_type", limit=8) or CURRENCY,
        trade_type=optional_text(members, "trade_type", limit=16),
        success_at=moment(members, "time_end", "%Y%m%d%H%M%S") if is_paid else None,
        openid=optional_text(members, "openid", limit=128),
    )


def read_accepted_refund(members: Members) -> RefundResult:
    """Return a refund the gateway took on: accepted, not done."""
    return _refund(members, "", RefundStatus.PROCESSING)


def read_refund(members: Members, out_refund_no: str) -> RefundResult:
    """Return the one refund of this number in the answer to its query."""
    for number in range(50):
        if members.get(f"out_refund_no_{number}") == out_refund_no:
            word = text(members, f"refund_status_{number}", limit=16)
            if word not in facts.REFUND_STATES:
                raise StrictJsonError("refund_status")
            return _refund(members, f"_{number}", RefundStatus(facts.REFUND_STATES[word]))
    raise StrictJsonError("out_refund_no")


def _refund(members: Members, suffix: str, status: RefundStatus) -> RefundResult:
    number = text(members, f"out_refund_no{suffix}", limit=64)
    if not OUT_REFUND_NO.fullmatch(number):
        raise StrictJsonError("out_refund_no")
    done = f"refund_success_time{suffix}"
    return RefundResult(
        out_trade_no=text(members, "out_trade_no", limit=32),
        transaction_id=text(members, "transaction_id", limit=32),
        out_refund_no=number,
        refund_id=text(members, f"refund_id{suffix}", limit=32),
        status=status,
        refund_fen=fen(members, f"refund_fee{suffix}"),
        total_fen=fen(members, "total_fee"),
        success_at=moment(members, done, "%Y-%m-%d %H:%M:%S") if members.get(done) else None,
    )


def fen(members: Members, name: str) -> int:
    """Return an amount in fen."""
    value = members.get(name, "")
    if not _FEN.fullmatch(value):
        raise StrictJsonError(name)
    return int(value)


def moment(members: Members, name: str, pattern: str) -> datetime:
    """Return a time of the gateway's zone in UTC."""
    try:
        naive = datetime.strptime(text(members, name, limit=32), pattern)  # noqa: DTZ007
        return naive.replace(tzinfo=GATEWAY_ZONE).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise StrictJsonError(name) from error


def _trade_state(members: Members) -> TradeState:
    try:
        return TradeState(text(members, "trade_state", limit=32))
    except ValueError as error:
        raise StrictJsonError("trade_state") from error
