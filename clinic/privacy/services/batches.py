"""One act on many accounts: fixed when it is ordered, done step by step, resumed after a crash.

Each account is a transaction of its own: the item's row first, then the account's.
"""

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import DatabaseError, transaction
from django.utils.translation import gettext as _

from clinic.accounts.models import User
from clinic.accounts.services.accounts import suspend_account
from clinic.core import audit
from clinic.core.actor import Actor
from clinic.core.clock import now as current_moment
from clinic.core.errors import ClinicError, InvalidInputError
from clinic.core.transitions import check_move
from clinic.privacy.enums import (
    BATCH_MOVES,
    BatchAct,
    BatchState,
    ItemState,
    SkipReason,
    SuspendReason,
)
from clinic.privacy.errors import OpenMattersError, TooManyAccountsError
from clinic.privacy.models import AccountBatch, BatchItem
from clinic.privacy.services.leaving import let_go
from clinic.settings import rules

log = logging.getLogger(__name__)
SUBJECT: Final = "account_batch"


def order_batch(
    *, act: BatchAct, accounts: Sequence[UUID], by: Actor, reason: SuspendReason | str = ""
) -> AccountBatch:
    """Fix what is done to whom; workers begin within seconds. Ids are public ids of accounts.

    Raises TooManyAccountsError, InvalidInputError for an unknown or missing id or reason.
    """
    wanted = set(accounts)
    if len(wanted) > rules.ACCOUNT_BATCH_MAX:
        raise TooManyAccountsError
    if act == BatchAct.DEACTIVATE and reason not in SuspendReason.values:
        raise InvalidInputError(
            "reason", _("Say why the accounts are switched off."), code="required"
        )
    found = dict(User.objects.filter(public_id__in=wanted).values_list("public_id", "pk"))
    _check_known(accounts, found)
    keys = list(found.values())
    with transaction.atomic():
        batch = AccountBatch.objects.create(
            act=act,
            ordered_by_id=by.account_id,
            reason=reason if act == BatchAct.DEACTIVATE else "",
        )
        BatchItem.objects.bulk_create(
            [BatchItem(batch=batch, account_id=key) for key in sorted(keys)], batch_size=500
        )
        audit.record(by, f"batch.{act}", SUBJECT, batch.public_id, accounts=len(keys))
    return batch


def _check_known(accounts: Sequence[UUID], found: Mapping[UUID, int]) -> None:
    """Name each id that is nobody's by its place in the list."""
    if not accounts:
        raise InvalidInputError("users", _("Choose at least one account."), code="required")
    faults = [
        {"attr": f"users.{place}", "code": "not_known", "detail": _no_account(wanted)}
        for place, wanted in enumerate(accounts)
        if wanted not in found
    ]
    if faults:
        error = InvalidInputError()
        error.list_faults(faults)
        raise error


def _no_account(public_id: UUID) -> str:
    return _("No account has the id %(id)s.") % {"id": public_id}


def work_batches() -> int:
    """Go on with every running batch, ACCOUNT_BATCH_STEP accounts each; return how many were done.

    Any number of workers may do this at once: an item that somebody works on is passed over.
    """
    done = 0
    for batch in AccountBatch.objects.filter(state=BatchState.RUNNING).order_by("id"):
        for _turn in range(rules.ACCOUNT_BATCH_STEP):
            if not _work_one(batch):
                break
            done += 1
        _end_if_done(batch)
    return done


def _work_one(batch: AccountBatch) -> bool:
    """Handle the next account; False when nobody is left for this worker."""
    now = current_moment()
    item = None
    try:
        with transaction.atomic():
            item = _next_item(batch)
            if item is None:
                return False
            _handle(batch, item, now)
    except DatabaseError:
        log.exception("account of a batch failed", extra={"batch_id": batch.pk})
        return item is not None and _give_up(item.pk, now)
    return True


def _next_item(batch: AccountBatch) -> BatchItem | None:
    rows = BatchItem.objects.select_for_update(of=("self",), skip_locked=True)
    pending = rows.filter(batch=batch, state=ItemState.PENDING).order_by("id")
    return pending.select_related("account").first()


def _handle(batch: AccountBatch, item: BatchItem, now: datetime) -> None:
    item.at, item.state = now, ItemState.DONE
    actor = _actor(batch)
    reason = _skip_reason(batch, item.account)
    if reason:
        item.state, item.reasons = ItemState.SKIPPED, [str(reason)]
    else:
        try:
            with transaction.atomic():
                item.kept = _act(batch, item.account, actor, now)
        except OpenMattersError as error:
            item.state, item.reasons = ItemState.SKIPPED, error.codes
        except ClinicError as error:
            item.state, item.reasons = ItemState.SKIPPED, [error.code[:20]]
    item.save(update_fields=["state", "reasons", "kept", "at"])


def _act(batch: AccountBatch, account: User, actor: Actor, now: datetime) -> dict[str, int]:
    if batch.act == BatchAct.ANONYMISE:
        return let_go(account.pk, by=actor, now=now)
    suspend_account(user_id=account.pk, by=actor, now=now, reason=batch.reason)
    return {}


def _skip_reason(batch: AccountBatch, account: User) -> SkipReason | None:
    if account.pk == batch.ordered_by_id:
        return SkipReason.OWN
    if account.anonymised_at is not None:
        return SkipReason.ALREADY
    if batch.act == BatchAct.DEACTIVATE and not account.is_active:
        return SkipReason.ALREADY
    return None


def _actor(batch: AccountBatch) -> Actor:
    """Who ordered it acts; his roles were asked when he ordered."""
    by = batch.ordered_by
    return Actor(kind="user", user_id=by.pk, public_id=by.public_id)


def _give_up(item_id: int, now: datetime) -> bool:
    """Mark the account that cannot be handled, so that the others are not held up.

    By condition: a colleague who took it up meanwhile may have done it.
    """
    rows = BatchItem.objects.filter(pk=item_id, state=ItemState.PENDING)
    return bool(rows.update(state=ItemState.FAILED, at=now))


def _end_if_done(batch: AccountBatch) -> None:
    with transaction.atomic():
        locked = AccountBatch.objects.select_for_update(of=("self",)).get(pk=batch.pk)
        is_open = locked.items.filter(state=ItemState.PENDING).exists()
        if is_open or locked.state != BatchState.RUNNING:
            return
        check_move(BATCH_MOVES, locked.state, BatchState.DONE)
        locked.state, locked.ended_at = BatchState.DONE, current_moment()
        locked.save(update_fields=["state", "ended_at"])
        audit.record(_actor(locked), "batch.done", SUBJECT, locked.public_id)
