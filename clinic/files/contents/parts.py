"""What reading a file finds out."""

from dataclasses import dataclass

from clinic.files.enums import FileKind


@dataclass(frozen=True, slots=True)
class Content:
    """Usable bytes (of images: freshly encoded) and what is known of them."""

    kind: FileKind
    mime: str
    ending: str
    data: bytes
    width: int | None = None
    height: int | None = None
    duration_ms: int | None = None
