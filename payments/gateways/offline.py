"""Money at the desk or the bank: staff confirm what came in and pay out by hand what goes back."""

from clinic.adapters.errors import DefiniteError
from payments.enums import AccountKind, Channel
from payments.gateways.internal import FreeGateway
from payments.gateways.types import Capabilities, RefundSnapshot
from payments.models import PaymentAttempt, Refund


class OfflineGateway(FreeGateway):
    """An attempt is stored only with its proof, so that it is paid from the start."""

    capabilities = Capabilities(channels=frozenset({Channel.COUNTER}))

    def funds(self, attempt: PaymentAttempt) -> tuple[AccountKind, object] | None:  # noqa: ARG002
        """The clinic's own account."""
        return AccountKind.BANK, "clinic"

    def refund(self, refund: Refund) -> RefundSnapshot:  # noqa: ARG002
        """Nobody can be asked: a person pays it back and says so."""
        raise DefiniteError("paid back by hand", code="by_hand")
