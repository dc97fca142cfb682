"""What files are for: rooms above declare their purposes and who may read."""

from collections.abc import Callable
from dataclasses import dataclass

from django.core.exceptions import ImproperlyConfigured

from clinic.files.enums import FileKind


@dataclass(frozen=True, slots=True)
class Purpose:
    """A use of files: the kinds it takes and who may read beside the owner.

    ``may_read(file_id, user_id)`` is asked for bound files only.
    """

    name: str
    kinds: frozenset[FileKind]
    may_read: Callable[[int, int], bool]


PURPOSES: dict[str, Purpose] = {}


def declare_purpose(purpose: Purpose) -> None:
    """Let files be uploaded for this purpose."""
    if purpose.name in PURPOSES:
        raise ImproperlyConfigured(f"purpose {purpose.name} is declared twice")
    PURPOSES[purpose.name] = purpose
