"""The wish to be forgotten: asked, taken back within its time, done by the sweep."""

import contextlib
import logging
from datetime import datetime

from django.db import DatabaseError, IntegrityError, transaction

from clinic.accounts.models import User
from clinic.core import audit
from clinic.core.actor import Actor, system_actor
from clinic.core.clock import moment_text
from clinic.core.constraints import translate
from clinic.core.transitions import check_move
from clinic.notifications.enums import NoticeKind
from clinic.notifications.services import notify
from clinic.privacy.enums import DELETION_MOVES, DeletionState, Obstacle
from clinic.privacy.errors import DeletionAskedError, DeletionNotAskedError, OpenMattersError
from clinic.privacy.models import DeletionRequest
from clinic.privacy.selectors.obstacles import in_words, obstacles_of
from clinic.privacy.services.leaving import let_go
from clinic.settings import rules

log = logging.getLogger(__name__)
SWEEP = system_actor("deletion sweep")
SUBJECT = "deletion"


def ask_for_deletion(*, actor: Actor, now: datetime) -> DeletionRequest:
    """Begin the time in which the wish can be taken back. Raises DeletionAskedError.

    Raises OpenMattersError for who has duties: these do not end by waiting.
    """
    account = User.objects.get(pk=actor.account_id)
    blocked = obstacles_of(account)
    if Obstacle.DUTIES in blocked:
        raise OpenMattersError(in_words([Obstacle.DUTIES]))
    try:
        with transaction.atomic():
            wish = DeletionRequest.objects.create(
                account=account,
                due_at=now + rules.DELETION_COOLING,
                blocked_by=blocked,
                looked_at=now,
                created_at=now,
            )
            audit.record(actor, "deletion.ask", SUBJECT, wish.public_id)
            notify(
                user_id=account.pk,
                kind=NoticeKind.DELETION_ASKED,
                params={"until_at": moment_text(wish.due_at)},
            )
    except IntegrityError as error:
        raise translate(error) from error
    return wish


def ask_or_keep(*, actor: Actor, now: datetime) -> None:
    """Ask for deletion unless that is asked already; the day of the first wish stays.

    Raises OpenMattersError for who has duties.
    """
    with contextlib.suppress(DeletionAskedError):
        ask_for_deletion(actor=actor, now=now)


def revoke_deletion(*, actor: Actor, now: datetime) -> None:
    """Take the open wish back. Raises DeletionNotAskedError when there is none (any more)."""
    with transaction.atomic():
        wish = _locked(account_id=actor.account_id, state=DeletionState.COOLING)
        if wish is None:
            raise DeletionNotAskedError
        _end(wish, DeletionState.REVOKED, actor=actor, now=now)


def work_due_deletions(now: datetime) -> int:
    """Do what is due, one account a transaction; return how many accounts lost their person.

    Repeatable: what is still open is noted on the wish and looked at again by the next sweep.
    """
    due = DeletionRequest.objects.filter(state=DeletionState.COOLING, due_at__lte=now)
    # Who waits for the first look comes first; blocked wishes take turns.
    keys = due.order_by("looked_at").values_list("pk", flat=True)[: rules.DELETION_BATCH]
    done = 0
    for key in list(keys):
        try:
            done += _do(key, now)
        except DatabaseError:
            log.exception("deletion failed", extra={"deletion_id": key})
    return done


def _do(key: int, now: datetime) -> bool:
    with transaction.atomic():
        wish = _locked(pk=key, state=DeletionState.COOLING)
        if wish is None or wish.due_at > now:
            return False
        is_first = wish.looked_at is None or wish.looked_at < wish.due_at
        wish.looked_at = now
        try:
            with transaction.atomic():
                let_go(wish.account_id, by=SWEEP, now=now)
        except OpenMattersError as error:
            is_news = is_first or error.codes != wish.blocked_by
            _note_block(wish, error.codes, is_news=is_news)
            return False
        wish.blocked_by = []
        _end(wish, DeletionState.DONE, actor=SWEEP, now=now)
    return True


def _note_block(wish: DeletionRequest, codes: list[str], *, is_news: bool) -> None:
    """Keep the reasons; the person hears of each new set of them once."""
    if is_news:
        notify(user_id=wish.account_id, kind=NoticeKind.DELETION_BLOCKED, params={})
    wish.blocked_by = codes
    wish.save(update_fields=["blocked_by", "looked_at"])


def _end(wish: DeletionRequest, to: DeletionState, *, actor: Actor, now: datetime) -> None:
    check_move(DELETION_MOVES, wish.state, to)
    wish.state, wish.ended_at = to, now
    wish.save(update_fields=["state", "ended_at", "blocked_by", "looked_at"])
    audit.record(actor, f"deletion.{to}", SUBJECT, wish.public_id)


def _locked(**lookup: object) -> DeletionRequest | None:
    rows = DeletionRequest.objects.select_for_update(of=("self",), no_key=True)
    return rows.filter(**lookup).first()
