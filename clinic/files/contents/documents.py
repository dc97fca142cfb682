"""Documents: PDF, and Word and Excel files without macros."""

import re
import struct
import zlib
from io import BytesIO
from typing import Final
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from clinic.files.contents.parts import Content
from clinic.files.enums import FileKind

OFFICE: Final = {
    "word/document.xml": (
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "docx",
    ),
    "xl/workbook.xml": (
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "xlsx",
    ),
}
MAX_ENTRIES: Final = 2000
MAX_UNPACKED_BYTES: Final = 200 * 1024 * 1024
MAX_RATIO: Final = 200  # XML packs to a hundredth; a bomb to a thousandth
# Programs of any kind inside an office file.
PROGRAMS: Final = re.compile(
    r"vba|macro|activex|embeddings/|\.(bin|exe|dll|js|vbs|ps1|bat)$", re.IGNORECASE
)
PRINTER: Final = re.compile(r"printerSettings/printerSettings\d*\.bin$", re.IGNORECASE)

# What the package reader raises on broken bytes, its decompressor's own error among them.
DAMAGE: Final = (
    *(BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError, EOFError),
    *(zlib.error, struct.error),
)


def read_document(data: bytes) -> Content | None:
    """Return the document; None when it is none that is taken."""
    if re.match(rb"%PDF-[12]\.\d", data) and b"%%EOF" in data[-2048:]:
        return Content(FileKind.FILE, "application/pdf", "pdf", data)
    if data.startswith(b"PK\x03\x04"):
        return _office(data)
    return None


def _office(data: bytes) -> Content | None:
    try:
        with ZipFile(BytesIO(data)) as package:
            entries = package.infolist()
            names = {entry.filename for entry in entries}
            is_whole = _is_harmless(entries) and package.testzip() is None
    except DAMAGE:
        return None
    found = [OFFICE[name] for name in OFFICE if name in names]
    if not is_whole or len(found) != 1 or "[Content_Types].xml" not in names:
        return None
    return Content(FileKind.FILE, *found[0], data)


def _is_harmless(entries: list[ZipInfo]) -> bool:
    if len(entries) > MAX_ENTRIES or len({entry.filename for entry in entries}) != len(entries):
        return False
    if sum(entry.file_size for entry in entries) > MAX_UNPACKED_BYTES:
        return False
    return all(_is_harmless_entry(entry) for entry in entries)


def _is_harmless_entry(entry: ZipInfo) -> bool:
    name = entry.filename
    if entry.compress_type not in {ZIP_STORED, ZIP_DEFLATED}:
        return False  # Office writes no other, and other decompressors fail in other ways
    if entry.flag_bits & 1 or name.startswith("/") or "\\" in name or ".." in name.split("/"):
        return False
    if entry.file_size > MAX_RATIO * max(entry.compress_size, 1000):
        return False
    return PRINTER.search(name) is not None or PROGRAMS.search(name) is None
