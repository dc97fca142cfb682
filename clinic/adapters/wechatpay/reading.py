"""From checked JSON to typed values; raises StrictJsonError when a field is not as promised."""

from clinic.adapters.wechatpay import facts
from clinic.adapters.wechatpay.strict_json import (
    Document,
    StrictJsonError,
    child,
    integer,
    optional_moment,
    optional_text,
    text,
)
from clinic.adapters.wechatpay.types import RefundResult, RefundStatus, TradeState, Transaction


def read_transaction(document: Document) -> Transaction:
    """Return the payment; a successful one always has id, amount and time."""
    state = _trade_state(document)
    amount = child(document, "amount") if document.get("amount") is not None else {}
    payer = child(document, "payer") if document.get("payer") is not None else {}
    found = Transaction(
        mchid=text(document, "mchid", limit=32),
        appid=text(document, "appid", limit=32),
        out_trade_no=_number(document),
        state=state,
        transaction_id=optional_text(document, "transaction_id", limit=32),
        amount_fen=integer(amount, "total") if "total" in amount else None,
        payer_fen=integer(amount, "payer_total") if "payer_total" in amount else None,
        currency=optional_text(amount, "currency", limit=16),
        trade_type=optional_text(document, "trade_type", limit=16),
        success_at=optional_moment(document, "success_time"),
        openid=optional_text(payer, "openid", limit=128),
    )
    if state in {TradeState.SUCCESS, TradeState.REFUND}:
        _check_complete(found)
    return found


def read_refund(document: Document, *, status_field: str = "status") -> RefundResult:
    """Return the refund; callbacks name the status field differently from answers."""
    amount = child(document, "amount")
    number = text(document, "out_refund_no", limit=64)
    if not facts.OUT_REFUND_NO.fullmatch(number):
        raise StrictJsonError("out_refund_no")
    return RefundResult(
        out_trade_no=_number(document),
        transaction_id=text(document, "transaction_id", limit=32),
        out_refund_no=number,
        refund_id=text(document, "refund_id", limit=32),
        status=_refund_status(document, status_field),
        refund_fen=integer(amount, "refund"),
        total_fen=integer(amount, "total"),
        success_at=optional_moment(document, "success_time"),
    )


def _check_complete(found: Transaction) -> None:
    if not found.transaction_id or found.success_at is None:
        raise StrictJsonError("transaction_id")
    if not found.amount_fen or found.currency != facts.CURRENCY:
        raise StrictJsonError("amount")


def _number(document: Document) -> str:
    number = text(document, "out_trade_no", limit=32)
    if not facts.OUT_TRADE_NO.fullmatch(number):
        raise StrictJsonError("out_trade_no")
    return number


def _trade_state(document: Document) -> TradeState:
    try:
        return TradeState(text(document, "trade_state", limit=32))
    except ValueError as error:
        raise StrictJsonError("trade_state") from error


def _refund_status(document: Document, name: str) -> RefundStatus:
    try:
        return RefundStatus(text(document, name, limit=16))
    except ValueError as error:
        raise StrictJsonError(name) from error
