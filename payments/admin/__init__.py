"""Console screens of money: everything is read-only, steps call the services."""

from payments.admin import (
    attempts,
    figures,
    gateways,
    ledger,
    offline,
    orders,
    pages,
    prices,
    reconciliation,
    refund_requests,
    refunds,
)

__all__ = [
    "attempts",
    "figures",
    "gateways",
    "ledger",
    "offline",
    "orders",
    "pages",
    "prices",
    "reconciliation",
    "refund_requests",
    "refunds",
]
