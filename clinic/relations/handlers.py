"""What the room does when something happens below."""

from clinic.accounts.events import AccountAnonymised
from clinic.core.events import handles
from clinic.relations.events import BroadcastGoesOn
from clinic.relations.services.broadcasts import send_batch
from clinic.relations.services.relations import forget_account


@handles(AccountAnonymised)
def forget_patient(fact: AccountAnonymised) -> None:
    """Erase what doctors noted about a deleted account."""
    forget_account(fact.user_id)


@handles(BroadcastGoesOn)
def tell_next_patients(fact: BroadcastGoesOn) -> None:
    """Send the next batch of a broadcast."""
    send_batch(fact.broadcast_id)
