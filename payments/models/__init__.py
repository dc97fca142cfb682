"""Tables of money: prices, merchants, orders, attempts, refunds, messages, ledger."""

from payments.models.clearing import SuspenseClearing
from payments.models.gateway import GatewayEvent, MerchantConfig, PlatformCertificate
from payments.models.history import PaymentHistory
from payments.models.ledger import LedgerAccount, LedgerPosting, LedgerTransaction
from payments.models.offline import OfflineClaim, OfflineProof
from payments.models.order import PaymentAttempt, PaymentOrder
from payments.models.price import PriceRule
from payments.models.reconciliation import BillRow, ReconciliationItem, ReconciliationRun
from payments.models.refund import BalanceOffer, RecognisedIncome, Refund, RefundRequest

__all__ = [
    "BalanceOffer",
    "BillRow",
    "GatewayEvent",
    "LedgerAccount",
    "LedgerPosting",
    "LedgerTransaction",
    "MerchantConfig",
    "OfflineClaim",
    "OfflineProof",
    "PaymentAttempt",
    "PaymentHistory",
    "PaymentOrder",
    "PlatformCertificate",
    "PriceRule",
    "RecognisedIncome",
    "ReconciliationItem",
    "ReconciliationRun",
    "Refund",
    "RefundRequest",
    "SuspenseClearing",
]
