"""From bytes to a known content within the limits of its kind."""

from typing import Final

from clinic.files.contents.documents import OFFICE, read_document
from clinic.files.contents.images import FORMATS, is_image, read_image
from clinic.files.contents.parts import Content
from clinic.files.contents.voices import READERS, read_voice
from clinic.files.enums import FileKind
from clinic.files.errors import FileEmptyError, FileKindRefusedError, FileTooLargeError
from clinic.settings import rules

MEDIA_TYPES: Final = (
    *(mime for mime, _ending in FORMATS.values()),
    *(mime for mime, _ending, _measure in READERS),
    *("application/pdf", *(mime for mime, _ending in OFFICE.values())),
)


def read_content(data: bytes, kinds: frozenset[FileKind]) -> Content:
    """Return what the bytes are, if that is one of these kinds.

    Raises FileEmptyError, FileKindRefusedError, FileTooLargeError.
    """
    if not data:
        raise FileEmptyError
    if len(data) > rules.FILE_MAX_BYTES:
        raise FileTooLargeError
    found = read_image(data) if is_image(data) else read_voice(data) or read_document(data)
    if found is None or found.kind not in kinds:
        raise FileKindRefusedError
    if len(found.data) > rules.FILE_MAX_BYTES or (
        found.kind == FileKind.VOICE and _is_too_long(found)
    ):
        raise FileTooLargeError
    return found


def _is_too_long(voice: Content) -> bool:
    limit = rules.VOICE_MAX_TIME.total_seconds() * 1000
    return len(voice.data) > rules.VOICE_MAX_BYTES or (voice.duration_ms or 0) > limit
