"""One running `up` per data folder, and what it wrote down about itself."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from clinic.embedded.errors import EmbeddedError
from clinic.embedded.errors import gettext_noop as _
from clinic.embedded.files import lock_at_once, read_json, write_private_json
from clinic.embedded.processes import ProcessRecord

LOCK_NAME = "up.lock"
STATE_NAME = "up.json"


@dataclass(frozen=True, kw_only=True)
class UpState:
    """Who runs the clinic on this data folder, or ran it last."""

    pid: int
    url: str
    children: tuple[ProcessRecord, ...]


@contextmanager
def up_lock(data_dir: Path) -> Iterator[None]:
    """Hold the data folder for one `up`; the system lets go even after kill -9.

    Raises EmbeddedError with pid and address of the holder when there is one.
    """
    with (data_dir / LOCK_NAME).open("a") as handle:
        if not lock_at_once(handle):
            state = read_state(data_dir)
            raise EmbeddedError(
                _(
                    "The clinic already runs on this data folder (pid %(pid)s, %(url)s): open that "
                    "address, stop it with Ctrl-C, or choose another --data-dir and --port."
                ),
                pid=state.pid if state else "?",
                url=state.url if state else "?",
            )
        yield


def running_up(data_dir: Path) -> UpState | None:
    """Return the running `up` of the data folder, or None."""
    with (data_dir / LOCK_NAME).open("a") as handle:
        return None if lock_at_once(handle) else read_state(data_dir)


def last_port(data_dir: Path) -> int | None:
    """Return the port of the running `up` of the data folder; None when none runs."""
    if not (data_dir / LOCK_NAME).exists():
        return None
    state = running_up(data_dir)
    return urlsplit(state.url).port if state else None


def read_state(data_dir: Path) -> UpState | None:
    """Return what the last `up` wrote down, or None. It may have ended since."""
    try:
        content = read_json(data_dir / STATE_NAME)
        children = tuple(ProcessRecord(**entry) for entry in content["children"])
        return UpState(pid=content["pid"], url=content["url"], children=children)
    except (TypeError, KeyError):
        return None


def write_state(data_dir: Path, *, url: str, children: list[ProcessRecord]) -> None:
    """Write down this process and its children, for a later start after kill -9."""
    content = {"pid": os.getpid(), "url": url, "children": [c.as_dict() for c in children]}
    write_private_json(data_dir / STATE_NAME, content)
