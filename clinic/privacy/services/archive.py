"""Writing a patient's archive: a zip on disk, one row at a time."""

import html
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import IO, Any, Final
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from django.core.files.storage import storages
from django.db.models import Model
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from clinic.accounts.models import User
from clinic.core.clock import clinic_time, moment_text
from clinic.files.models import StoredFile
from clinic.files.selectors import STORAGE as FILES
from clinic.privacy.selectors.columns import field_of, title_of
from clinic.privacy.selectors.own_data import LEFT_OUT, PARTS, Part, files_of, papers_of
from clinic.privacy.selectors.tables import dumps, rows_of, schema_of
from clinic.records.errors import NoFontError
from clinic.records.services.printing import print_record

LANGUAGES: Final = ("zh-hans", "en")
PIECE: Final = 256 * 1024  # bytes
TOTAL: Final = len(PARTS) + 3  # and the papers, the files, the index
Progress = Callable[[int], object]
ARCHIVE_TITLE: Final = _("Your data at the clinic")
LEFT_OUT_TITLE: Final = _("What is not in here, and why")


class Archive:
    """An open zip of one account. ``missing`` collects what could not be put in, and why."""

    def __init__(self, target: IO[bytes], account: User, moment: datetime) -> None:
        """Begin the zip."""
        self.account = account
        self.moment = moment
        self.zip = ZipFile(target, "w", ZIP_DEFLATED, allowZip64=True)
        self.counts: dict[str, int] = {}
        self.missing: list[dict[str, str]] = []

    def write(self, progress: Progress) -> None:
        """Write everything; ``progress`` hears the number of finished parts.

        The zip is closed even when this fails: left open it would write to its target later. What
        closing says then is not heard: it would hide why this failed.
        """
        try:
            self._write_all(progress)
        except BaseException:
            with suppress(Exception):
                self.zip.close()
            raise
        self.zip.close()
        progress(TOTAL)

    def _write_all(self, progress: Progress) -> None:
        for number, part in enumerate(PARTS, start=1):
            self._write_part(part)
            progress(number)
        self._write_papers()
        progress(len(PARTS) + 1)
        self._write_files()
        progress(len(PARTS) + 2)
        self._write_manifest()

    def _write_part(self, part: Part) -> None:
        """Write the rows as JSON, their schema, and a page that people can read."""
        name, count = part.table.name, 0
        with self._entry(f"data/{name}.json") as entry:
            entry.write(b"[")
            for row in rows_of(part.table, part.rows(self.account)):
                entry.write(b",\n" if count else b"\n")
                entry.write(dumps(row).encode())
                count += 1
            entry.write(b"\n]\n")
        self.counts[name] = count
        self._text(f"schemas/{name}.schema.json", dumps(schema_of(part.table)))
        with self._entry(f"pages/{name}.html") as entry:
            rows = part.rows(self.account)
            for piece in _page(part, rows.model, rows_of(part.table, rows)):
                entry.write(piece.encode())

    def _write_papers(self) -> None:
        count = 0
        for record in papers_of(self.account).iterator(chunk_size=20):
            try:
                paper = print_record(record)
            except NoFontError as error:
                self.missing.append({"what": f"records/{record.number}.pdf", "why": error.code})
                continue
            with self._entry(f"records/{record.number}.pdf") as entry:
                entry.write(paper)
            count += 1
        self.counts["record_papers"] = count

    def _write_files(self) -> None:
        count = 0
        for file in files_of(self.account).iterator(chunk_size=100):
            count += self._copy(file)
        self.counts["file_bytes"] = count

    def _copy(self, file: StoredFile) -> int:
        """Copy one file in pieces; its media is compressed already."""
        ending = Path(file.name).suffix[:10]
        name = f"files/{file.public_id}{ending}"
        try:
            source = storages[FILES].open(file.stored_as)
        except FileNotFoundError:
            self.missing.append({"what": name, "why": "bytes_gone"})
            return 0
        with source, self._entry(name, ZIP_STORED) as entry:
            while piece := source.read(PIECE):
                entry.write(piece)
        return 1

    def _write_manifest(self) -> None:
        left_out: list[Mapping[str, str]] = [
            {"what": code, **_in_both(text)} for code, text in LEFT_OUT.items()
        ]
        told = {
            "account": str(self.account.public_id),
            "written_at": moment_text(self.moment),
            "counts": self.counts,
            "left_out": left_out,
            "not_found": self.missing,
        }
        self._text("manifest.json", dumps(told))
        self._text("index.html", "".join(_index(self)))

    def _entry(self, name: str, method: int = ZIP_DEFLATED) -> IO[bytes]:
        """Open an entry whose date is that of the archive, on the clinic's clock."""
        info = ZipInfo(name, clinic_time(self.moment).timetuple()[:6])
        info.compress_type = method
        info.external_attr = 0o600 << 16
        return self.zip.open(info, "w", force_zip64=True)

    def _text(self, name: str, text: str) -> None:
        with self._entry(name) as entry:
            entry.write(text.encode())


def _in_both(text: object) -> dict[str, str]:
    """Return a lazy text in every language of the archive."""
    told = {}
    for language in LANGUAGES:
        with translation.override(language):
            told[language] = str(text)
    return told


def _head(title: Mapping[str, str]) -> str:
    shown = html.escape(" · ".join(title.values()))
    return (
        f'<!doctype html><html lang="zh-Hans"><head><meta charset="utf-8"><title>{shown}</title>'
        "<style>body{font:16px/1.6 sans-serif;margin:2rem;max-width:80rem}"
        "table{border-collapse:collapse}td,th{border:1px solid #767676;padding:.3rem .6rem;"
        "text-align:left;vertical-align:top;white-space:pre-wrap}</style></head>"
        f"<body><main><h1>{shown}</h1>\n"
    )


def _page(part: Part, model: type[Model], rows: Iterator[dict[str, Any]]) -> Iterator[str]:
    fields = [field_of(model, column.path) for column in part.table.columns]
    names = zip(fields, part.table.columns, strict=True)
    titles = (_in_both(title_of(field, column.name)).values() for field, column in names)
    words = [_words(field) for field in fields]
    yield _head(_in_both(part.table.title))
    yield "<table><thead><tr>"
    yield "".join(f'<th scope="col">{html.escape(" · ".join(title))}</th>' for title in titles)
    yield "</tr></thead><tbody>\n"
    for row in rows:
        told = zip(row.values(), words, strict=True)
        cells = (html.escape(_cell(value, known)) for value, known in told)
        yield f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>\n"
    yield '</tbody></table><p><a href="../index.html">index</a></p></main></body></html>\n'


def _words(field: Any) -> dict[str, str]:
    """Return what the codes of a field mean, in every language of the archive."""
    choices = getattr(field, "flatchoices", None) or ()
    return {str(code): " · ".join(_in_both(text).values()) for code, text in choices}


def _cell(value: object, known: Mapping[str, str]) -> str:
    return "" if value is None else known.get(str(value), str(value))


def _index(archive: Archive) -> Iterator[str]:
    yield _head(_in_both(ARCHIVE_TITLE))
    yield f"<p>{moment_text(archive.moment)}</p>\n<ul>\n"
    for part in PARTS:
        name = part.table.name
        title = html.escape(" · ".join(_in_both(part.table.title).values()))
        yield (
            f'<li><a href="pages/{name}.html">{title}</a>: {archive.counts[name]} '
            f'(<a href="data/{name}.json">JSON</a>)</li>\n'
        )
    yield "</ul>\n"
    yield f"<h2>{html.escape(' · '.join(_in_both(LEFT_OUT_TITLE).values()))}</h2>\n<ul>\n"
    for text in LEFT_OUT.values():
        yield f"<li>{html.escape(' / '.join(_in_both(text).values()))}</li>\n"
    yield "</ul></main></body></html>\n"
