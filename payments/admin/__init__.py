"""Console screens of money: everything is read-only, steps call the services."""

from payments.admin import (
    figures,
    gateways,
    ledger,
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
    "orders",
    "pages",
    "prices",
    "reconciliation",
    "refunds",
]
