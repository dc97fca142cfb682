"""Taking over a published table of diagnoses."""

import csv
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from clinic.core.clock import now
from clinic.records.errors import CodeFileError
from clinic.records.models import DiagnosisCode

BATCH: Final = 1000
CODE, NAME, CATEGORY = ("code", "代码", "编码"), ("name", "名称"), ("is_category", "类目词")
YES, NO = frozenset({"1", "true", "yes", "是", "y"}), frozenset({"", "0", "false", "no", "否", "n"})


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did: rows in the file, category words among them, and what changed."""

    rows: int
    categories: int
    added: int
    switched_off: int


def import_codes(
    lines: Iterable[str],
    *,
    system: str,
    edition: str,
    dry_run: bool = False,
    tell: Callable[[int], None] = lambda _done: None,
) -> Imported:
    """Make a CSV file the table in use; entries of other editions are switched off.

    The file has a header with code and name, and may have is_category. All or nothing: a bad line
    raises CodeFileError with its number. ``tell`` hears how many lines are done.
    """
    with transaction.atomic():
        result = _take_over(lines, system, edition, tell)
        transaction.set_rollback(dry_run)
    return result


def _take_over(
    lines: Iterable[str], system: str, edition: str, tell: Callable[[int], None]
) -> Imported:
    moment = now()
    table = DiagnosisCode.objects.filter(system=system)
    known = table.filter(edition=edition).count()
    rows = categories = 0
    entries = _entries(lines, system, edition)
    while batch := list(islice(entries, BATCH)):
        for entry in batch:
            entry.imported_at, entry.is_active = moment, False
            categories += entry.is_category
        DiagnosisCode.objects.bulk_create(
            batch,
            update_conflicts=True,
            unique_fields=["system", "edition", "code"],
            update_fields=["name", "is_category", "imported_at", "is_active"],
        )
        rows += len(batch)
        tell(rows)
    if not rows:
        raise CodeFileError(line=1, reason=_("there is no code in the file."))
    told = Q(edition=edition, imported_at=moment)
    switched_off = table.filter(~told, is_active=True).update(is_active=False)
    table.filter(told).update(is_active=True)
    added = table.filter(edition=edition).count() - known
    return Imported(rows, categories, added, switched_off)


def _entries(lines: Iterable[str], system: str, edition: str) -> Iterator[DiagnosisCode]:
    reader = csv.reader(lines)
    seen: set[str] = set()
    try:
        columns = _columns(next(reader, []))
        for row in reader:
            if not any(cell.strip() for cell in row):
                continue
            entry = _entry(row, columns, reader.line_num)
            if entry.code in seen:
                raise CodeFileError(line=reader.line_num, reason=_("this code stands there twice."))
            seen.add(entry.code)
            entry.system, entry.edition = system, edition
            yield entry
    except (csv.Error, UnicodeDecodeError):
        line = reader.line_num + 1
        raise CodeFileError(line=line, reason=_("this is no CSV text in UTF-8.")) from None


def _columns(header: list[str]) -> tuple[int, int, int | None]:
    names = [name.strip().lstrip("\ufeff").lower() for name in header]
    places = [
        next((names.index(name) for name in wanted if name in names), None)
        for wanted in (CODE, NAME, CATEGORY)
    ]
    if places[0] is None or places[1] is None:
        raise CodeFileError(line=1, reason=_("the header must name the columns code and name."))
    return places[0], places[1], places[2]


def _entry(row: list[str], columns: tuple[int, int, int | None], line: int) -> DiagnosisCode:
    cells = [
        row[place].strip() if place is not None and place < len(row) else "" for place in columns
    ]
    code, name, category = cells
    if not code or not name or len(code) > 40 or len(name) > 200:
        raise CodeFileError(
            line=line, reason=_("a code of up to 40 and a name of up to 200 characters are needed.")
        )
    if category.lower() not in YES | NO:
        raise CodeFileError(line=line, reason=_("is_category must be 1 or 0."))
    if any(not char.isprintable() for char in code + name):
        raise CodeFileError(line=line, reason=_("there are invisible characters."))
    return DiagnosisCode(code=code, name=name, is_category=category.lower() in YES)
