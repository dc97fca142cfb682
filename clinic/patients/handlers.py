"""What visit persons do when something happens below."""

from clinic.accounts.events import AccountAnonymised
from clinic.core.clock import now
from clinic.core.events import handles
from clinic.files.services.forgetting import forget_contents
from clinic.patients.selectors.documents import pictures_of_account
from clinic.patients.services.persons import forget_persons


@handles(AccountAnonymised)
def forget_persons_of_account(fact: AccountAnonymised) -> None:
    """Erase how to reach and identify the persons of a deleted account."""
    forget_persons(fact.user_id, now())
    forget_contents(pictures_of_account(fact.user_id))
