"""Words and allowed moves of orders, attempts and refunds."""

from collections.abc import Mapping
from enum import StrEnum

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

DRUG_SUBJECTS = frozenset({"prescription"})  # their orders never pay a doctor
TOP_UP = "top_up"  # subject of an order that fills the payer's own balance


class Provider(TextChoices):
    """Who takes the money."""

    FREE = "free", _("Free of charge")
    BALANCE = "balance", _("Balance")
    WECHAT_V3 = "wechat_v3", _("WeChat Pay")
    WECHAT_V2 = "wechat_v2", _("WeChat Pay (older interface)")
    ALIPAY = "alipay", _("Alipay")
    OFFLINE = "offline", _("Outside, confirmed by staff")


# Providers without a merchant account.
OWN_PROVIDERS = frozenset({Provider.FREE, Provider.BALANCE, Provider.OFFLINE})


class Channel(TextChoices):
    """How the payer reaches the provider."""

    INTERNAL = "internal", _("Inside the clinic")
    NATIVE = "native", _("QR code")
    JSAPI = "jsapi", _("Inside WeChat")
    H5 = "h5", _("Phone browser, WeChat")
    APP = "app", _("App")
    PAGE = "page", _("Desktop browser")
    WAP = "wap", _("Phone browser")
    COUNTER = "counter", _("Desk or bank")


class PayMethod(TextChoices):
    """What a client may ask for: a provider with a channel."""

    BALANCE = "balance", _("Balance")
    WECHAT_NATIVE = "wechat_native", _("WeChat Pay QR code")
    WECHAT_JSAPI = "wechat_jsapi", _("WeChat Pay inside WeChat")
    WECHAT_H5 = "wechat_h5", _("WeChat Pay in a phone's browser")
    WECHAT_APP = "wechat_app", _("WeChat Pay in an app")
    ALIPAY_QR = "alipay_qr", _("Alipay QR code")
    ALIPAY_PAGE = "alipay_page", _("Alipay in a desktop browser")
    ALIPAY_WAP = "alipay_wap", _("Alipay in a phone's browser")
    ALIPAY_APP = "alipay_app", _("Alipay in an app")


WECHAT = (Provider.WECHAT_V3, Provider.WECHAT_V2)  # the newer interface first
METHODS: Mapping[str, tuple[tuple[Provider, ...], Channel]] = {
    PayMethod.BALANCE: ((Provider.BALANCE,), Channel.INTERNAL),
    PayMethod.WECHAT_NATIVE: (WECHAT, Channel.NATIVE),
    PayMethod.WECHAT_JSAPI: (WECHAT, Channel.JSAPI),
    PayMethod.WECHAT_H5: (WECHAT, Channel.H5),
    PayMethod.WECHAT_APP: (WECHAT, Channel.APP),
    PayMethod.ALIPAY_QR: ((Provider.ALIPAY,), Channel.NATIVE),
    PayMethod.ALIPAY_PAGE: ((Provider.ALIPAY,), Channel.PAGE),
    PayMethod.ALIPAY_WAP: ((Provider.ALIPAY,), Channel.WAP),
    PayMethod.ALIPAY_APP: ((Provider.ALIPAY,), Channel.APP),
}


class OrderStatus(TextChoices):
    """Life of an order. A closed one never reopens."""

    PENDING = "pending", _("Waiting for payment")
    CLOSING = "closing", _("Being closed")
    CLOSED = "closed", _("Closed")
    PAID = "paid", _("Paid")
    PARTIALLY_REFUNDED = "partially_refunded", _("Partially refunded")
    REFUNDED = "refunded", _("Refunded")


ORDER_MOVES: Mapping[str, frozenset[str]] = {
    OrderStatus.PENDING: frozenset({OrderStatus.PAID, OrderStatus.CLOSING}),
    OrderStatus.CLOSING: frozenset({OrderStatus.PAID, OrderStatus.CLOSED}),
    OrderStatus.CLOSED: frozenset(),
    OrderStatus.PAID: frozenset({OrderStatus.PARTIALLY_REFUNDED, OrderStatus.REFUNDED}),
    OrderStatus.PARTIALLY_REFUNDED: frozenset(
        {OrderStatus.PARTIALLY_REFUNDED, OrderStatus.REFUNDED}
    ),
    OrderStatus.REFUNDED: frozenset(),
}
UNPAID = frozenset({OrderStatus.PENDING, OrderStatus.CLOSING})
REFUNDABLE = frozenset({OrderStatus.PAID, OrderStatus.PARTIALLY_REFUNDED})


class AttemptStatus(TextChoices):
    """Life of one try to pay. Unknown = asked the gateway, no believed answer: query it."""

    CREATED = "created", _("Created")
    SUBMITTED = "submitted", _("At the provider")
    UNKNOWN = "unknown", _("Outcome unknown")
    SUCCEEDED = "succeeded", _("Succeeded")
    CLOSED = "closed", _("Closed")
    FAILED = "failed", _("Failed")


# Money that arrived is a fact: also a closed or failed attempt can turn out to have succeeded.
ATTEMPT_MOVES: Mapping[str, frozenset[str]] = {
    AttemptStatus.CREATED: frozenset(
        {
            AttemptStatus.SUBMITTED,
            AttemptStatus.UNKNOWN,
            AttemptStatus.FAILED,
            AttemptStatus.SUCCEEDED,
            AttemptStatus.CLOSED,
        }
    ),
    AttemptStatus.UNKNOWN: frozenset(
        {
            AttemptStatus.SUBMITTED,
            AttemptStatus.FAILED,
            AttemptStatus.SUCCEEDED,
            AttemptStatus.CLOSED,
        }
    ),
    AttemptStatus.SUBMITTED: frozenset({AttemptStatus.SUCCEEDED, AttemptStatus.CLOSED}),
    AttemptStatus.CLOSED: frozenset({AttemptStatus.SUCCEEDED}),
    AttemptStatus.FAILED: frozenset({AttemptStatus.SUCCEEDED}),
    AttemptStatus.SUCCEEDED: frozenset(),
}
OPEN_ATTEMPT = frozenset({AttemptStatus.CREATED, AttemptStatus.SUBMITTED, AttemptStatus.UNKNOWN})


class Disposition(TextChoices):
    """What the arrived money of an attempt meant for its order."""

    NONE = "none", _("No money")
    APPLIED = "applied", _("Paid the order")
    DUPLICATE = "duplicate", _("Order was paid already")
    LATE = "late", _("Order was closed")
    MISMATCH = "mismatch", _("Does not match the order")


class RefundStatus(TextChoices):
    """Life of a refund. Its number never changes: a new number could pay twice."""

    REQUESTED = "requested", _("Waiting for approval")
    APPROVED = "approved", _("Approved")
    SUBMITTED = "submitted", _("Sent to the provider")
    PROCESSING = "processing", _("Accepted by the provider")
    SUCCEEDED = "succeeded", _("Refunded")
    FAILED = "failed", _("Failed")
    NEEDS_STAFF = "needs_staff", _("Needs staff")


REFUND_MOVES: Mapping[str, frozenset[str]] = {
    RefundStatus.REQUESTED: frozenset({RefundStatus.APPROVED, RefundStatus.FAILED}),
    RefundStatus.APPROVED: frozenset({RefundStatus.SUBMITTED, RefundStatus.SUCCEEDED}),
    RefundStatus.SUBMITTED: frozenset(
        {RefundStatus.PROCESSING, RefundStatus.SUCCEEDED, RefundStatus.NEEDS_STAFF}
    ),
    RefundStatus.PROCESSING: frozenset({RefundStatus.SUCCEEDED, RefundStatus.NEEDS_STAFF}),
    RefundStatus.NEEDS_STAFF: frozenset(
        {
            RefundStatus.APPROVED,
            RefundStatus.PROCESSING,
            RefundStatus.SUCCEEDED,
            RefundStatus.FAILED,
        }
    ),
    RefundStatus.SUCCEEDED: frozenset(),
    RefundStatus.FAILED: frozenset(),
}


class RefundReason(TextChoices):
    """Why money goes back."""

    NOBODY_FOUND = "nobody_found", _("No doctor was found")
    NO_REPLY = "no_reply", _("The doctor did not answer")
    PATIENT_CANCELLED = "patient_cancelled", _("Cancelled by the patient")
    DOCTOR_DECLINED = "doctor_declined", _("Declined by the doctor")
    LATE_PAYMENT = "late_payment", _("Paid after the order was closed")
    DUPLICATE_PAYMENT = "duplicate_payment", _("Paid twice")
    STAFF = "staff", _("Decision of the clinic")
    ASKED_FOR = "asked_for", _("Asked for by the payer")


class RefundSource(TextChoices):
    """Who started a refund. Late and duplicate money never belonged to the order."""

    PATIENT = "patient", _("Patient")
    STAFF = "staff", _("Staff")
    SYSTEM = "system", _("By rule")
    AUTO_LATE = "auto_late", _("Late payment")
    AUTO_DUPLICATE = "auto_duplicate", _("Duplicate payment")
    GATEWAY = "gateway", _("Begun at the provider")


class RequestState(TextChoices):
    """What became of a payer's request to get money back."""

    WAITING = "waiting", _("Waits for staff")
    GRANTED = "granted", _("Granted")
    REFUSED = "refused", _("Refused")


class RefundDestination(TextChoices):
    """Where the money of a refund goes."""

    ORIGIN = "origin", _("The way it came")
    BALANCE = "balance", _("Balance of the payer")


class ProofKind(TextChoices):
    """How money came that no provider reports."""

    CASH = "cash", _("Cash")
    TRANSFER = "transfer", _("Bank transfer")
    TERMINAL = "terminal", _("Card terminal")


class ClaimState(TextChoices):
    """What became of a large offline payment that one person reported."""

    WAITING = "waiting", _("Waits for a second person")
    CONFIRMED = "confirmed", _("Confirmed")
    REJECTED = "rejected", _("Not accepted")


class MerchantMode(TextChoices):
    """How a merchant's messages are signed; key ids and secrets stand in his secrets."""

    DEFAULT = "", _("Usual for the provider")
    PUBLIC_KEY = "public_key", _("Public key")
    CERTIFICATE = "certificate", _("Certificate")
    MD5 = "md5", _("MD5")
    HMAC_SHA256 = "hmac_sha256", _("HMAC-SHA256")


class RunStatus(TextChoices):
    """Where the comparison of one merchant's day stands."""

    RUNNING = "running", _("Being compared")
    FAILED = "failed", _("No bill yet")
    DIFFERENT = "different", _("Has differences")
    CLEAN = "clean", _("Agrees")
    SIGNED_OFF = "signed_off", _("Signed off")


class RunFailure(TextChoices):
    """Why a merchant's day could not be compared."""

    NO_BILL_YET = (
        "no bill yet",
        _(
            "There is no bill for this day yet (bills are ready after 10:00 of the next day; in "
            "the simulator switch on bills_of_today)"
        ),
    )
    NOT_FETCHED = "not fetched", _("The bill could not be fetched")
    MOVEMENTS = "movements not fetched", _("The bill of movements could not be fetched")


RUN_MOVES: Mapping[str, frozenset[str]] = {
    RunStatus.RUNNING: frozenset({RunStatus.FAILED, RunStatus.DIFFERENT, RunStatus.CLEAN}),
    RunStatus.FAILED: frozenset({RunStatus.RUNNING}),
    RunStatus.DIFFERENT: frozenset({RunStatus.RUNNING, RunStatus.SIGNED_OFF}),
    RunStatus.CLEAN: frozenset({RunStatus.RUNNING, RunStatus.SIGNED_OFF}),
    RunStatus.SIGNED_OFF: frozenset(),
}


class BillKind(TextChoices):
    """What a line of a bill is about."""

    PAYMENT = "payment", _("Payment")
    REFUND = "refund", _("Refund")
    MOVEMENT = "movement", _("Movement of the account")


class MovementKind(StrEnum):
    """Why money moved in a merchant's account, as far as the ledger cares."""

    TRADE = "trade"  # payments and refunds: the trade bill and the callbacks book them
    FEE = "fee"
    BANK = "bank"
    OTHER = "other"


class Verdict(TextChoices):
    """How a bill and our books differ."""

    AMOUNT = "amount", _("Other amount")
    STATUS = "status", _("Other state or number")
    ONLY_GATEWAY = "only_gateway", _("Only at the provider")
    ONLY_LOCAL = "only_local", _("Only in our books")
    CUTOVER = "cutover", _("Near midnight: see the next day")
    TOTALS = "totals", _("Totals differ")
    UNEXPLAINED = "unexplained", _("Neither trade, fee nor payout")


class ItemState(TextChoices):
    """What became of a difference."""

    OPEN = "open", _("Open")
    PROPOSED = "proposed", _("To be booked, waits for a second person")
    HEALED = "healed", _("Healed by itself")
    RESOLVED = "resolved", _("Resolved by staff")


UNSETTLED_ITEM = frozenset({ItemState.OPEN, ItemState.PROPOSED})


class RefundMode(TextChoices):
    """How money goes back. ``none``: nothing was paid, or all of it is back already."""

    AUTOMATIC = "automatic", _("Automatically")
    REVIEW = "review", _("After review by staff")
    REFUSED = "refused", _("Not at all")
    NONE = "none", _("There is nothing to give back")


class EndedBy(TextChoices):
    """Who brings a paid service to its end."""

    PATIENT = "patient", _("Patient")
    DOCTOR = "doctor", _("Doctor")
    SYSTEM = "system", _("System")


class ServicePhase(TextChoices):
    """How far a paid service has come, in the words that every kind of service shares."""

    UNPAID = "unpaid", _("Not paid")
    WAITING = "waiting", _("Paid, not begun")
    UNDER_WAY = "under_way", _("Under way")
    DONE = "done", _("Done")
    NOT_GIVEN = "not_given", _("Ended without service")


class PriceScope(TextChoices):
    """How narrow a price rule is; the narrowest that fits wins."""

    DOCTOR = "doctor", _("Doctor")
    LEVEL = "level", _("Level")
    DEPARTMENT = "department", _("Department")
    GLOBAL = "global", _("Everybody")


class AccountKind(TextChoices):
    """Accounts of the ledger. Positive = owed or earned; negative = held for us."""

    GATEWAY = "gateway", _("Money at the provider")
    WALLET = "wallet", _("Balance of a person")
    HELD = "held", _("Paid, service not done yet")
    REFUND_PENDING = "refund_pending", _("Reserved for refunds")
    DOCTOR = "doctor", _("Owed to a doctor")
    INCOME = "income", _("Income of the clinic")
    SUSPENSE = "suspense", _("Money without an order")
    BANK = "bank", _("Money at the bank and the desk")
    FEE = "fee", _("Fees of providers")


class ClearingTarget(TextChoices):
    """What money without an order turned out to be: the account that it belongs to."""

    BANK = AccountKind.BANK.value, _("Moved to or from the bank or the desk")
    FEE = AccountKind.FEE.value, _("Fee of the provider, or one given back")
    INCOME = AccountKind.INCOME.value, _("Income or loss of the clinic")


class TransactionKind(TextChoices):
    """What a ledger transaction stands for."""

    PAYMENT = "payment", _("Payment")
    TOP_UP = "top_up", _("Top-up")
    STRAY_MONEY = "stray_money", _("Late or duplicate payment")
    REFUND_RESERVED = "refund_reserved", _("Refund reserved")
    REFUND_DONE = "refund_done", _("Refund")
    REFUND_RELEASED = "refund_released", _("Refund given up")
    INCOME = "income", _("Service completed")
    SETTLEMENT = "settlement", _("Settled to the bank")
    MOVEMENT = "movement", _("Unexplained movement at the provider")
    SUSPENSE_CLEARED = "suspense_cleared", _("Movement explained")


class EventOutcome(TextChoices):
    """What a message of a provider led to."""

    RECEIVED = "received", _("Received")
    APPLIED = "applied", _("Applied")
    REPEATED = "repeated", _("Known already")
    LATE = "late", _("Late money")
    DUPLICATE = "duplicate", _("Duplicate money")
    MISMATCH = "mismatch", _("Does not match")
    UNCHANGED = "unchanged", _("No change")
    UNKNOWN_NUMBER = "unknown_number", _("Unknown number")
    ADOPTED = "adopted", _("Refund begun at the provider")
    ASKED = "asked", _("Provider is asked")
