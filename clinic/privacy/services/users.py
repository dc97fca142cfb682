"""What staff do with one account."""

from typing import Any, Final

from django.db import transaction

from clinic.accounts.models import User
from clinic.accounts.services.accounts import change_account
from clinic.core import audit
from clinic.core.actor import Actor
from clinic.core.errors import ConflictError

STAFF_MAY_CHANGE: Final = frozenset({"name", "language"})


def change_user(*, user: User, changes: dict[str, Any], by: Actor) -> User:
    """Store a display name or a language for somebody; who did it is noted, not the words.

    Raises ConflictError for an anonymised account.
    """
    with transaction.atomic():
        account = User.objects.select_for_update(of=("self",), no_key=True).get(pk=user.pk)
        if account.anonymised_at is not None:
            raise ConflictError
        changed = change_account(user_id=user.pk, changes=changes)
        audit.record(by, "change", "account", user.public_id, fields=sorted(changes))
    return changed


def note_file(*, by: Actor, kind: str, **filters: Any) -> None:
    """Note that somebody took a file of people's data: which kind, by which filters."""
    told = {name: str(value) for name, value in filters.items() if value not in {None, ""}}
    with transaction.atomic():
        audit.record(by, f"{kind}.export", kind, "file", **told)
