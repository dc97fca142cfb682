"""Console screens of money: everything is read-only, steps call the services."""

from payments.admin import (
    attempts,
    clearings,
    differences,
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
    "clearings",
    "differences",
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
