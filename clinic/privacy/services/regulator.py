"""Writing the regulator's export to a folder: row by row, the same bytes for the same data."""

import csv
import fcntl
import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.db import transaction

from clinic.core import audit
from clinic.core.actor import Actor
from clinic.core.sheets import BOM, safe_cell
from clinic.privacy.errors import FolderBusyError, PeriodError
from clinic.privacy.selectors.regulator import CHAPTERS, NONE_YET, Chapter, Days, days_of
from clinic.privacy.selectors.tables import dumps, rows_of, schema_of
from clinic.settings import rules

FORMAT: Final = 1  # of the files; grows when a column changes
STEP: Final = 1000  # rows between two words of progress
Progress = Callable[[str, int], object]


def write_export(
    since: date,
    until: date,
    folder: Path,
    *,
    by: Actor,
    progress: Progress = lambda _name, _rows: None,
) -> dict[str, Any]:
    """Write CSV, schema and manifest of the clinic days into a folder; return the manifest.

    Files of a former run are replaced, each at once; the manifest comes last, so a folder with one
    is whole. Raises PeriodError, FolderBusyError, OSError.
    """
    if not 0 <= (until - since).days < rules.REGULATOR_MAX_DAYS:
        raise PeriodError
    folder.mkdir(parents=True, exist_ok=True)
    with _alone_in(folder):
        return _fill(since, until, folder, by=by, progress=progress)


def _fill(
    since: date, until: date, folder: Path, *, by: Actor, progress: Progress
) -> dict[str, Any]:
    days = days_of(since, until)
    told = [_write(chapter, days, folder, progress) for chapter in CHAPTERS]
    manifest = {
        "format": FORMAT,
        "clinic": {"name": settings.CLINIC_NAME, "licence": settings.CLINIC_LICENCE},
        "from": since.isoformat(),
        "to": until.isoformat(),
        "pseudonyms": "keyed hashes, the same in every export of this clinic",
        "tables": told,
        "none_yet": dict(NONE_YET),
    }
    _replace(folder / "manifest.json", lambda path: path.write_text(dumps(manifest) + "\n"))
    with transaction.atomic():
        rows = sum(one["rows"] for one in told)
        audit.record(by, "regulator.export", "regulator", f"{since}..{until}", rows=rows)
    return manifest


def _write(chapter: Chapter, days: Days, folder: Path, progress: Progress) -> dict[str, Any]:
    name = chapter.table.name
    count = 0

    def fill(path: Path) -> None:
        nonlocal count
        with path.open("w", encoding="utf-8", newline="") as target:
            target.write(BOM)
            writer = csv.writer(target)
            writer.writerow([column.name for column in chapter.table.columns])
            for row in rows_of(chapter.table, chapter.rows(days)):
                writer.writerow([_cell(value) for value in row.values()])
                count += 1
                if count % STEP == 0:
                    progress(name, count)

    data, schema = folder / f"{name}.csv", folder / f"{name}.schema.json"
    _replace(data, fill)
    _replace(schema, lambda path: path.write_text(dumps(schema_of(chapter.table)) + "\n"))
    progress(name, count)
    return {
        "table": name,
        "file": data.name,
        "schema": schema.name,
        "rows": count,
        "bytes": data.stat().st_size,
        "sha256": _digest(data),
        "schema_sha256": _digest(schema),
        "left_out": chapter.why,
    }


def _cell(value: Any) -> Any:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return safe_cell(value)


def _replace(path: Path, fill: Callable[[Path], object]) -> None:
    """Fill a new file and put it in the place of the old one."""
    part = path.with_name(f"{path.name}.part")
    try:
        fill(part)
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


@contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """Hold a folder; the lock goes with the process, so a killed run leaves none behind."""
    held = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError:
        raise FolderBusyError from None
    finally:
        os.close(held)


def _digest(path: Path) -> str:
    with path.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()
