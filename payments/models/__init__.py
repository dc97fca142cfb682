"""Tables of money: prices, merchants, orders, attempts, refunds, messages, ledger."""

from payments.models.gateway import GatewayEvent, MerchantConfig
from payments.models.history import PaymentHistory
from payments.models.ledger import LedgerAccount, LedgerPosting, LedgerTransaction
from payments.models.order import PaymentAttempt, PaymentOrder
from payments.models.price import PriceRule
from payments.models.refund import RecognisedIncome, Refund

__all__ = [
    "GatewayEvent",
    "LedgerAccount",
    "LedgerPosting",
    "LedgerTransaction",
    "MerchantConfig",
    "PaymentAttempt",
    "PaymentHistory",
    "PaymentOrder",
    "PriceRule",
    "RecognisedIncome",
    "Refund",
]
