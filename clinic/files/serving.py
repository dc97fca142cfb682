"""The answer that carries a file: never a page, never run, never kept by others."""

from collections.abc import Mapping
from typing import Final
from urllib.parse import quote

from django.conf import settings
from django.http import HttpResponse
from django.utils.http import parse_etags

from clinic.files.enums import FileKind
from clinic.files.models import StoredFile
from clinic.files.rules import wanted_range
from clinic.files.selectors import bytes_of

HEADERS: Final = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "Cross-Origin-Resource-Policy": "same-site",
    "Cache-Control": "private, no-cache",  # who may read can change: ask again, by the etag
    "Accept-Ranges": "bytes",
}


def answer_with(file: StoredFile, headers: Mapping[str, str]) -> HttpResponse:
    """Return the file, the range of it that the headers ask for, or "not modified".

    The caller has judged that it may be read. With FILES_ACCEL_PREFIX the proxy in front sends the
    bytes itself.
    """
    etag = f'"{file.sha256}"'
    if etag in parse_etags(headers.get("If-None-Match", "")):
        return _dressed(HttpResponse(status=304), file, etag)
    if settings.FILES_ACCEL_PREFIX:
        answer = HttpResponse()
        answer["X-Accel-Redirect"] = f"{settings.FILES_ACCEL_PREFIX}{file.stored_as}"
        return _dressed(answer, file, etag)
    return _dressed(_with_bytes(file, headers, etag), file, etag)


def _with_bytes(file: StoredFile, headers: Mapping[str, str], etag: str) -> HttpResponse:
    asked = headers.get("Range", "")
    if headers.get("If-Range", etag) != etag:
        asked = ""
    try:
        part = wanted_range(asked, file.size)
    except ValueError:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{file.size}"})
    data = bytes_of(file)
    if part is None:
        return HttpResponse(data)
    start, end = part
    told = f"bytes {start}-{end - 1}/{file.size}"
    return HttpResponse(data[start:end], status=206, headers={"Content-Range": told})


def _dressed(answer: HttpResponse, file: StoredFile, etag: str) -> HttpResponse:
    place = "attachment" if file.kind == FileKind.FILE else "inline"
    answer["Content-Type"] = file.mime
    answer["Content-Disposition"] = f"{place}; filename*=UTF-8''{quote(file.name, safe='')}"
    answer["ETag"] = etag
    for name, value in HEADERS.items():
        answer[name] = value
    return answer
