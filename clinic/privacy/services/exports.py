"""A patient's archive: asked for, written by a worker, fetched once, removed.

No row is locked while the zip is written: a builder claims the wish by a guarded update and only
its own claim (``begun_at``) can finish it.
"""

import hashlib
import logging
import secrets
import tempfile
from datetime import datetime
from typing import IO, Final

from django.core.files import File
from django.core.files.storage import storages
from django.db import IntegrityError, transaction
from django.db.models import F

from clinic.accounts.models import User
from clinic.core import audit
from clinic.core.actor import Actor, system_actor
from clinic.core.clock import clinic_day, moment_text
from clinic.core.clock import now as current_moment
from clinic.core.constraints import translate
from clinic.core.errors import ConflictError
from clinic.core.transitions import check_move
from clinic.notifications.enums import NoticeKind
from clinic.notifications.services import notify
from clinic.privacy.enums import EXPORT_MOVES, OPEN_EXPORTS, ExportState
from clinic.privacy.errors import (
    DownloadRefusedError,
    ExportBeingWrittenError,
    ExportLimitError,
    ExportNotReadyError,
    ExportOpenError,
)
from clinic.privacy.models import DataExport
from clinic.privacy.services.archive import TOTAL, Archive
from clinic.settings import rules

log = logging.getLogger(__name__)
STORAGE: Final = "exports"
SUBJECT: Final = "data_export"
BUILDER: Final = system_actor("export builder")


def ask_for_export(*, actor: Actor, now: datetime) -> DataExport:
    """Want an archive. Locks the account. Raises ExportOpenError, ExportLimitError."""
    try:
        with transaction.atomic():
            User.objects.select_for_update(of=("self",), no_key=True).get(pk=actor.account_id)
            own = DataExport.objects.filter(account_id=actor.account_id)
            if own.filter(state__in=OPEN_EXPORTS).exists():
                raise ExportOpenError
            today = own.filter(day=clinic_day(now)).count()
            if today >= rules.EXPORTS_A_DAY:
                raise ExportLimitError
            export = DataExport.objects.create(
                account_id=actor.account_id,
                day=clinic_day(now),
                place=today + 1,
                total=TOTAL,
                created_at=now,
            )
            audit.record(actor, "export.ask", SUBJECT, export.public_id)
    except IntegrityError as error:
        raise translate(error) from error
    return export


def build_exports() -> int:
    """Write every archive that waits, also those whose builder died; return how many are ready."""
    now = current_moment()
    _free_dead(now)
    waiting = DataExport.objects.filter(
        state=ExportState.WAITING, account__anonymised_at=None
    ).order_by("id")
    return sum(build_export(key) for key in list(waiting.values_list("pk", flat=True)[:20]))


def build_export(export_id: int) -> bool:
    """Write one archive to disk; False when somebody else does, or when it failed.

    Not in a transaction. Whatever goes wrong is tried EXPORT_TRIES times.
    """
    begun = current_moment()
    waiting = DataExport.objects.filter(
        pk=export_id, state=ExportState.WAITING, account__anonymised_at=None
    )
    claim = {"state": ExportState.BUILDING, "begun_at": begun, "done": 0}
    if not waiting.update(**claim, tries=F("tries") + 1):
        return False
    export = DataExport.objects.select_related("account").get(pk=export_id)
    try:
        with tempfile.TemporaryFile() as target:
            _write(export, target, begun)
            return _finish(export, target, begun)
    except Exception as error:
        log.error("export failed", exc_info=error, extra={"export_id": export_id})
        _give_back(export, begun)
        return False


def renew_token(*, export: DataExport, actor: Actor, now: datetime) -> str:
    """Return a new download code of the actor's archive; the former one opens nothing more.

    It is shown this once. Raises ExportBeingWrittenError, ExportNotReadyError.
    """
    token = secrets.token_urlsafe(32)
    ready = DataExport.objects.filter(
        pk=export.pk, account_id=actor.account_id, state=ExportState.READY, expires_at__gt=now
    )
    with transaction.atomic():
        if not ready.update(token_hash=_hash(token)):
            raise _why_not(DataExport.objects.get(pk=export.pk))
        audit.record(actor, "export.token", SUBJECT, export.public_id)
    return token


def fetch_export(*, export: DataExport, token: str, actor: Actor, now: datetime) -> File:
    """Return the open archive and close the door behind: of two who come with the code one gets it.

    An archive whose bytes are lost is over, so that a new one can be asked for. Raises
    ExportBeingWrittenError, ExportNotReadyError, DownloadRefusedError.
    """
    with transaction.atomic():
        locked = _locked(export.pk, actor.account_id)
        if locked.state != ExportState.READY or (locked.expires_at or now) <= now:
            raise _why_not(locked)
        if not locked.token_hash or not secrets.compare_digest(locked.token_hash, _hash(token)):
            raise DownloadRefusedError
        archive = _bytes_of(locked)
        to = ExportState.EXPIRED if archive is None else ExportState.FETCHED
        check_move(EXPORT_MOVES, locked.state, to)
        locked.state, locked.token_hash = to, ""
        locked.fetched_at = None if archive is None else now
        locked.save(update_fields=["state", "fetched_at", "token_hash"])
        verb = "export.lost" if archive is None else "export.fetch"
        audit.record(actor, verb, SUBJECT, export.public_id)
    if archive is None:
        raise ExportNotReadyError
    return archive


def _why_not(export: DataExport) -> ConflictError:
    is_coming = export.state in {ExportState.WAITING, ExportState.BUILDING}
    return ExportBeingWrittenError() if is_coming else ExportNotReadyError()


def _locked(export_id: int, account_id: int) -> DataExport:
    rows = DataExport.objects.select_for_update(of=("self",), no_key=True)
    return rows.get(pk=export_id, account_id=account_id)


def _bytes_of(export: DataExport) -> File | None:
    try:
        return storages[STORAGE].open(export.stored_as)
    except FileNotFoundError:
        return None


def drop_exports_of(account_id: int) -> None:
    """Let nobody fetch or finish an archive of an account that loses its person; repeatable."""
    rows = DataExport.objects.filter(account_id=account_id)
    rows.filter(state=ExportState.READY).update(state=ExportState.EXPIRED, token_hash="")
    rows.filter(state=ExportState.BUILDING).update(state=ExportState.FAILED)


def remove_old_exports(now: datetime) -> int:
    """Remove the bytes of archives that were fetched or not fetched in time; return how many."""
    late = DataExport.objects.filter(state=ExportState.READY, expires_at__lte=now)
    late.update(state=ExportState.EXPIRED, token_hash="")
    over = DataExport.objects.filter(state=ExportState.EXPIRED) | DataExport.objects.filter(
        state=ExportState.FETCHED, fetched_at__lte=now - rules.EXPORT_KEPT_AFTER_FETCH
    )
    removed = 0
    for export in over.exclude(stored_as="").order_by("id")[:200]:
        storages[STORAGE].delete(export.stored_as)
        removed += DataExport.objects.filter(pk=export.pk).update(stored_as="")
    return removed


def _write(export: DataExport, target: IO[bytes], begun: datetime) -> None:
    mine = DataExport.objects.filter(pk=export.pk, begun_at=begun)
    Archive(target, export.account, begun).write(lambda number: mine.update(done=number))


def _finish(export: DataExport, target: IO[bytes], begun: datetime) -> bool:
    """Keep the bytes and say so, unless the claim went to another builder."""
    target.seek(0)
    digest = hashlib.file_digest(target, "sha256").hexdigest()  # type: ignore[arg-type]
    target.seek(0)
    name = storages[STORAGE].save(f"{secrets.token_hex(16)}.zip", File(target))
    now = current_moment()
    mine = DataExport.objects.filter(pk=export.pk, state=ExportState.BUILDING, begun_at=begun)
    with transaction.atomic():
        is_mine = mine.update(
            state=ExportState.READY,
            stored_as=name,
            size=storages[STORAGE].size(name),
            sha256=digest,
            ready_at=now,
            expires_at=now + rules.EXPORT_FETCH_WITHIN,
        )
        if is_mine:
            audit.record(BUILDER, "export.ready", SUBJECT, export.public_id)
            notify(
                user_id=export.account_id,
                kind=NoticeKind.EXPORT_READY,
                params={"until_at": moment_text(now + rules.EXPORT_FETCH_WITHIN)},
                subject_kind=SUBJECT,
                subject_public_id=export.public_id,
            )
    if not is_mine:
        storages[STORAGE].delete(name)
    return bool(is_mine)


def _give_back(export: DataExport, begun: datetime) -> None:
    mine = DataExport.objects.filter(pk=export.pk, state=ExportState.BUILDING, begun_at=begun)
    mine.filter(tries__gte=rules.EXPORT_TRIES).update(state=ExportState.FAILED)
    mine.update(state=ExportState.WAITING)


def _free_dead(now: datetime) -> None:
    dead = DataExport.objects.filter(
        state=ExportState.BUILDING, begun_at__lte=now - rules.EXPORT_BUILD_BUDGET
    )
    dead.filter(tries__gte=rules.EXPORT_TRIES).update(state=ExportState.FAILED)
    dead.update(state=ExportState.WAITING)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
