"""What can go wrong with money, and which database promise says so."""

from django.utils.translation import gettext_lazy as _

from clinic.core.constraints import explain
from clinic.core.errors import ClinicError, ConflictError


class PriceNotSetError(ConflictError):
    """No rule gives this service a price."""

    code = "price_not_set"
    message = _("This service has no price yet. Choose another doctor or ask the clinic.")


class PriceOverlapsError(ConflictError):
    """Another active price for the same target holds in a part of this time."""

    code = "price_overlaps"
    message = _("Another price holds in this time. End it first, or choose another time.")


class OrderAlreadyPaidError(ConflictError):
    """Nothing is left to pay."""

    code = "order_already_paid"
    message = _("This order is paid already.")


class OrderNotPayableError(ConflictError):
    """The order ended or is ending."""

    code = "order_not_payable"
    message = _("This order can no longer be paid. Start a new one.")


class OrderNotCancellableError(ConflictError):
    """Money was taken: only a refund helps."""

    code = "order_not_cancellable"
    message = _("This order is paid and cannot be cancelled. Ask for a refund.")


class InsufficientBalanceError(ConflictError):
    """The balance is smaller than the amount."""

    code = "insufficient_balance"
    message = _("Your balance is too small. Top it up or pay another way.")


class PaymentInProgressError(ConflictError):
    """Another try to pay this order is still open at the provider."""

    code = "payment_in_progress"
    message = _("A payment of this order is still open. Try again in a moment.")

    def __init__(self) -> None:
        """Suggest two seconds."""
        super().__init__(extra={"retry_after": 2})


class MethodNotPossibleError(ConflictError):
    """This order cannot be paid this way."""

    code = "payment_method_not_possible"
    message = _("This order cannot be paid this way. Choose another way.")


class ProviderUnavailableError(ClinicError):
    """The provider could not be reached, or its answer is not known yet; asking again is safe."""

    code = "payment_provider_unavailable"
    status = 503
    message = _("The payment service does not answer. Nothing was lost; try again.")

    def __init__(self, *, retry_after: int = 5) -> None:
        """Say when to try again, in seconds."""
        super().__init__(extra={"retry_after": retry_after})


class ProviderRefusedError(ConflictError):
    """The provider said no."""

    code = "payment_provider_refused"
    message = _("The payment service refused this payment. Choose another way to pay.")


class NothingToRefundError(ConflictError):
    """The order has no money left that could go back."""

    code = "nothing_to_refund"
    message = _("Nothing of this order is left to refund.")


class RefundTooLargeError(ConflictError):
    """More than what is left of the order."""

    code = "refund_too_large"
    message = _("The refund is larger than what is left of the payment.")


class TooManyRefundsError(ConflictError):
    """The provider takes no more partial refunds of this payment."""

    code = "too_many_refunds"
    message = _("This payment has been refunded in too many parts.")


class DifferenceNotBookableError(ConflictError):
    """A difference is no movement past our books, or is not at that step."""

    code = "difference_not_bookable"
    message = _("This difference cannot be booked now.")


class NothingToClearError(ConflictError):
    """A movement is not in suspense, was explained already, or waits for a second person."""

    code = "nothing_to_clear"
    message = _("This movement does not wait for an explanation.")


class SecondPersonRequiredError(ConflictError):
    """Who asked for a refund or a booking cannot approve it."""

    code = "second_person_required"
    message = _("Another member of staff must approve this.")


class PaymentNeedsSecondPersonError(ConflictError):
    """A large payment outside is not confirmed by who reported it."""

    code = "payment_needs_second_person"
    message = _("Another member of staff must confirm this payment.")


class ClaimDecidedError(ConflictError):
    """The reported payment does not wait any more."""

    code = "claim_decided"
    message = _("This payment does not wait for a decision.")


class RefundNotToCardError(ConflictError):
    """The provider does not send this refund to a card."""

    code = "refund_not_to_card"
    message = _("The payment service does not send this refund to a card.")


class LedgerRefusedError(ConflictError):
    """A booking breaks a rule of the ledger; a fault of ours, nothing was booked."""

    code = "ledger_refused"
    message = _("This booking is not allowed. Nothing was changed.")


class MerchantExistsError(ConflictError):
    """This merchant account is set up already."""

    code = "merchant_exists"
    message = _("This merchant account exists already.")


class RefundAskedError(ConflictError):
    """Staff have not decided about the last request yet."""

    code = "refund_already_requested"
    message = _("You asked for this refund already. The clinic will decide about it.")


class RefundTooLateError(ConflictError):
    """The time to ask for a refund is over."""

    code = "refund_too_late"
    message = _("The time to ask for a refund of this order is over.")


class RequestDecidedError(ConflictError):
    """Somebody decided about the request meanwhile."""

    code = "refund_request_decided"
    message = _("Somebody decided about this request already.")


class RefundExistsError(ConflictError):
    """This refund was asked for before."""

    code = "refund_exists"
    message = _("This refund exists already.")


class PaymentKnownError(ConflictError):
    """The provider's number or message belongs to a payment that is known."""

    code = "payment_known"
    message = _("This payment is known already.")


class ProofUsedError(ConflictError):
    """This receipt has paid something already."""

    code = "proof_used"
    message = _("This receipt number has been used for another payment.")


class RefundNotStuckError(ConflictError):
    """Only a refund that the provider could not carry out is decided by people."""

    code = "refund_not_stuck"
    message = _("This refund does not wait for a decision.")


class ConsentMissingError(ConflictError):
    """The payer has not agreed to take the money on the balance."""

    code = "consent_missing"
    message = _("The payer has not agreed to this yet.")


class DayHasDifferencesError(ConflictError):
    """A day with open differences cannot be signed off."""

    code = "day_has_differences"
    message = _("This day still has open differences. Resolve them first.")


class PayerGoneError(ConflictError):
    """The account lost its person while the order was being made."""

    code = "payer_gone"
    message = _("This account was deleted. Nothing can be ordered for it any more.")


explain("platform_certificate_once", PaymentKnownError)
explain("offline_proof_once", ProofUsedError)
explain("offline_proof_two_people", PaymentNeedsSecondPersonError)
explain("offline_claim_two_people", PaymentNeedsSecondPersonError)
explain("offline_claim_receipt_once", ProofUsedError)
explain("offline_claim_one_waiting", PaymentInProgressError)
explain("balance_offer_two_people", SecondPersonRequiredError)
explain("balance_offer_needs_consent", ConsentMissingError)
explain("reconciliation_once_a_day", PaymentKnownError)
explain("reconciliation_item_once", PaymentKnownError)
explain("bill_row_once", PaymentKnownError)
explain("price_rules_do_not_overlap", PriceOverlapsError)
explain("merchant_once", MerchantExistsError)
explain("gateway_event_once", PaymentKnownError)
explain("attempt_gateway_number_once", PaymentKnownError)
explain("refund_request_one_waiting", RefundAskedError)
explain("refund_by_rule_once", RefundExistsError)
explain("refund_of_stray_money_once", RefundExistsError)
explain("posting_sequence_once", LedgerRefusedError)
explain("wallet_not_overdrawn", InsufficientBalanceError)
explain("order_one_live_per_subject", PaymentInProgressError)
explain("attempt_one_open_per_order", PaymentInProgressError)
explain("attempt_one_applied_per_order", OrderAlreadyPaidError)
explain("order_refunds_within_paid", RefundTooLargeError)
explain("refund_two_people", SecondPersonRequiredError)
explain("reconciliation_item_two_people", SecondPersonRequiredError)
explain("suspense_clearing_once", NothingToClearError)
explain("suspense_clearing_two_people", SecondPersonRequiredError)
explain("payments_ledgertransaction_key_key", LedgerRefusedError)
explain("ledger_balanced", LedgerRefusedError)
explain("ledger_append_only", LedgerRefusedError)
explain("ledger_balance_by_posting", LedgerRefusedError)
explain("order_has_a_person", PayerGoneError)
