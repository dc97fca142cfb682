"""Typed access to the text fields of Alipay; raises StrictJsonError on a broken promise."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from clinic.adapters.alipay import facts
from clinic.adapters.alipay.types import TradeStatus
from clinic.adapters.money import fen_of_yuan
from clinic.adapters.wechatpay.strict_json import StrictJsonError, optional_text, text

Fields = Mapping[str, Any]


def number(fields: Fields) -> str:
    """Return our trade number."""
    value = text(fields, "out_trade_no", limit=64)
    if not facts.OUT_TRADE_NO.fullmatch(value):
        raise StrictJsonError("out_trade_no")
    return value


def status(fields: Fields) -> TradeStatus:
    """Return the trade's state."""
    try:
        return TradeStatus(text(fields, "trade_status", limit=32))
    except ValueError as error:
        raise StrictJsonError("trade_status") from error


def fen(fields: Fields, name: str) -> int:
    """Return an amount that is not negative, in fen."""
    try:
        amount = fen_of_yuan(text(fields, name, limit=16))
    except ValueError as error:
        raise StrictJsonError(name) from error
    if amount < 0:
        raise StrictJsonError(name)
    return amount


def moment(fields: Fields, name: str) -> datetime:
    """Return a time of the wire in UTC; fractions of a second are dropped."""
    value = text(fields, name, limit=32).partition(".")[0]
    try:
        naive = datetime.strptime(value, facts.TIME_FORMAT)  # noqa: DTZ007 - zone follows
        return naive.replace(tzinfo=facts.GATEWAY_ZONE).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise StrictJsonError(name) from error


def optional_moment(fields: Fields, name: str) -> datetime | None:
    """Return a time of the wire, None when absent or empty."""
    return moment(fields, name) if optional_text(fields, name, limit=32) else None


def wire_time(value: datetime) -> str:
    """Return a moment as the gateway writes it: seconds, +08:00, no zone shown."""
    return value.astimezone(facts.GATEWAY_ZONE).strftime(facts.TIME_FORMAT)
