"""The end of an account: the one way by which staff and sweeps anonymise."""

from datetime import datetime

from django.db import transaction

from clinic.accounts.models import User
from clinic.accounts.services.accounts import anonymise_account
from clinic.core.actor import Actor
from clinic.privacy.errors import OpenMattersError
from clinic.privacy.selectors.obstacles import in_words, kept_of, obstacles_of
from clinic.privacy.services.exports import drop_exports_of


def let_go(user_id: int, *, by: Actor, now: datetime) -> dict[str, int]:
    """Remove the person from an account unless something is open; return what the law keeps.

    Locks the account so that nothing can be added to it: a new order waits for this to end, and is
    then refused by the trigger ``order_has_a_person``. Raises OpenMattersError with the reasons.
    """
    with transaction.atomic():
        account = User.objects.select_for_update(of=("self",)).get(pk=user_id)
        reasons = obstacles_of(account)
        if reasons:
            raise OpenMattersError(in_words(reasons))
        kept = kept_of(account)
        anonymise_account(user_id=user_id, by=by, now=now)
        drop_exports_of(user_id)
    return kept
