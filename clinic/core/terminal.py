"""What commands of all rooms take from the terminal, and how they write files."""

import os
from argparse import ArgumentTypeError
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TextIO

from django.core.management.base import CommandError
from django.utils.translation import gettext as _


def day(text: str) -> date:
    """Return a day written like 2026-11-25. For ``type`` of an argument."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(
            _("%(text)s is not a day: write it like 2026-11-25.") % {"text": text}
        ) from None


def refused(error: OSError, path: Path) -> CommandError:
    """Return what the system refuses as a sentence that says where to look."""
    if isinstance(error, FileNotFoundError):
        return CommandError(_("There is no %(path)s: check the name.") % {"path": path})
    reason = {"reason": error.strerror or type(error).__name__, "path": path}
    return CommandError(
        _("The system refused (%(reason)s) at %(path)s: check space and rights there.") % reason
    )


@contextmanager
def replaced(path: Path) -> Iterator[TextIO]:
    """Yield a new text file that takes the place of the old one when all is written.

    Nothing of it stays after a failure. Two writers never mix; the last one stays. What is no
    plain file, such as a pipe, is written to as it is.
    """
    if path.exists() and not path.is_file():
        with path.open("w", encoding="utf-8", newline="") as target:
            yield target
        return
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with part.open("w", encoding="utf-8", newline="") as target:
            yield target
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
