"""Locks and atomic private files. Standard library only: settings import this."""

import fcntl
import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from clinic.embedded.errors import EmbeddedError
from clinic.embedded.errors import gettext_noop as _


def make_data_dir(data_dir: Path) -> Path:
    """Create the data folder when missing and return it resolved.

    Raises EmbeddedError when it cannot be made or written.
    """
    data_dir = data_dir.expanduser().resolve()
    try:
        # Root's servers run as another user, who must be able to walk through but not list.
        data_dir.mkdir(mode=0o711 if os.geteuid() == 0 else 0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=data_dir):
            return data_dir
    except OSError as error:
        raise EmbeddedError(
            _(
                "The data folder %(path)s cannot be used (%(reason)s): "
                "set DATA_DIR or --data-dir to a folder you can write to."
            ),
            path=data_dir,
            reason=error.strerror,
        ) from error


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold an exclusive lock on the file; waits for another holder."""
    with path.open("a") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def lock_at_once(handle: IO[str]) -> bool:
    """Take an exclusive lock on the open file; False when somebody holds it."""
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def write_private_json(path: Path, content: Any) -> None:
    """Replace the file in one step; it is readable by its owner only."""
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    try:
        with os.fdopen(descriptor, "w") as handle:
            json.dump(content, handle, indent=2)
            handle.flush()
            os.fsync(handle.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink()
        raise


def read_json(path: Path) -> Any:
    """Return the content of the file, or None when it is missing or not JSON."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return None
