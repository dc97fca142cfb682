"""Console screens of money: everything is read-only, steps call the services."""

from payments.admin import (
    figures,
    gateways,
    ledger,
    offline,
    orders,
    pages,
    prices,
    reconciliation,
    refunds,
)

__all__ = [
    "figures",
    "gateways",
    "ledger",
    "offline",
    "orders",
    "pages",
    "prices",
    "reconciliation",
    "refunds",
]
