"""What PostgreSQL and Valkey have in common: a home, a user, a socket folder, a start."""

import os
import pwd
import shutil
import stat
import subprocess
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from signal import Signals
from typing import IO, Any, NamedTuple

from clinic.embedded.errors import EmbeddedError
from clinic.embedded.errors import gettext_noop as _
from clinic.embedded.paths import socket_dir

NOBODY = 65534
# Used by root only, when the data folder lies where the servers' user cannot go (a 0700 home).
SHARED_STATE = Path("/var/lib/xiangcao")
# Long enough for a recovery of the write-ahead log on a slow disk.
START_SECONDS = 60
MAX_LOG_BYTES = 10 * 1024 * 1024
MAX_TAIL_BYTES = 2000


class Owner(NamedTuple):
    """The user a server runs as."""

    uid: int
    gid: int


@dataclass(frozen=True, kw_only=True)
class Server:
    """One server process, ready to be spawned."""

    name: str
    argv: tuple[str, ...]
    directory: Path
    log_path: Path
    owner: Owner | None
    stop_signal: Signals
    is_ready: Callable[[], bool]

    def options(self) -> dict[str, Any]:
        """Return the keyword arguments of Popen; output goes to the log file."""
        return process_options(self.owner, self.directory)

    def spawn(self) -> subprocess.Popen[bytes]:
        """Start the server in a session of its own; it outlives this process."""
        with self.open_log() as log:
            return subprocess.Popen(self.argv, stdout=log, stderr=log, **self.options())

    def open_log(self) -> IO[bytes]:
        """Open the log for appending; a log that has grown large is set aside first."""
        self.log_path.parent.mkdir(exist_ok=True)
        if self.log_path.exists() and self.log_path.stat().st_size > MAX_LOG_BYTES:
            self.log_path.replace(self.log_path.with_suffix(".log.1"))
        return self.log_path.open("ab")

    def death(self, code: int) -> EmbeddedError:
        """Return the error for a server that ended by itself, with the end of its log."""
        return EmbeddedError(
            _("%(name)s ended with code %(code)s. The end of %(log)s: %(tail)s"),
            name=self.name,
            code=code,
            log=self.log_path,
            tail=tail(self.log_path),
        )

    def slowness(self) -> EmbeddedError:
        """Return the error for a server that lives but does not answer."""
        return EmbeddedError(
            _("%(name)s did not answer within %(seconds)s s: see %(log)s."),
            name=self.name,
            seconds=START_SECONDS,
            log=self.log_path,
        )


def start_detached(server: Server) -> None:
    """Start the server and return once it answers. Raises EmbeddedError when it does not."""
    process = server.spawn()
    deadline = time.monotonic() + START_SECONDS
    while not server.is_ready():
        if (code := process.poll()) is not None:
            raise server.death(code)
        if time.monotonic() > deadline:
            process.send_signal(server.stop_signal)
            raise server.slowness()
        time.sleep(0.03)


def process_options(owner: Owner | None, directory: Path) -> dict[str, Any]:
    """Return the Popen arguments for running something as the servers' user."""
    # Locale and TZ of the person who starts it must not reach the cluster.
    env = {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}
    who: dict[str, Any] = {}
    if owner:
        who = {"user": owner.uid, "group": owner.gid, "extra_groups": []}
    return {
        "cwd": directory,
        "env": env,
        "stdin": subprocess.DEVNULL,
        "start_new_session": True,
        **who,
    }


def server_owner(data_dir: Path) -> Owner | None:
    """Return the user that servers run as, or None for the present one.

    PostgreSQL refuses to run as root, so root hands over to nobody, or to whoever owns the
    cluster already.
    """
    if os.geteuid() != 0:
        return None
    for cluster in (data_dir / "servers").glob("postgres-*"):
        status = cluster.stat()
        if status.st_uid != 0:
            return Owner(status.st_uid, status.st_gid)
    try:
        entry = pwd.getpwuid(NOBODY)
    except KeyError:
        raise EmbeddedError(
            _("PostgreSQL cannot run as root and there is no user nobody: start as another user.")
        ) from None
    return Owner(entry.pw_uid, entry.pw_gid)


def can_traverse(path: Path, owner: Owner) -> bool:
    """Tell whether that user may walk down to the folder, by the mode bits on the way."""
    return all(_can_enter(folder.stat(), owner) for folder in (path, *path.parents))


def _can_enter(status: os.stat_result, owner: Owner) -> bool:
    if status.st_uid == owner.uid:
        return bool(status.st_mode & stat.S_IXUSR)
    if status.st_gid == owner.gid:
        return bool(status.st_mode & stat.S_IXGRP)
    return bool(status.st_mode & stat.S_IXOTH)


def servers_home(data_dir: Path, owner: Owner | None) -> Path:
    """Return the folder of the servers' files, created when missing; `servers` may be a link."""
    home = data_dir / "servers"
    if home.exists():
        return home.resolve()
    home.unlink(missing_ok=True)  # a link whose target was removed
    if owner is None or can_traverse(data_dir, owner):
        home.mkdir(mode=0o711)
        return home
    SHARED_STATE.mkdir(mode=0o711, parents=True, exist_ok=True)
    # A new name each time: a data folder made anew has new keys and must not find old rows.
    target = Path(tempfile.mkdtemp(dir=SHARED_STATE))
    target.chmod(0o711)
    home.symlink_to(target)
    return target


def make_owned(path: Path, owner: Owner | None) -> Path:
    """Create a folder that only the servers' user can enter."""
    path.mkdir(mode=0o700, exist_ok=True)
    if owner:
        os.chown(path, *owner)
    return path


def make_socket_dir(data_dir: Path, owner: Owner | None) -> Path:
    """Create the socket folder, private to the servers' user.

    Raises EmbeddedError when somebody else made it first.
    """
    folder = socket_dir(data_dir)
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.mkdir(mode=0o700, exist_ok=True)
    status = folder.lstat()
    ours = {os.geteuid()} | ({owner.uid} if owner else set())
    if not stat.S_ISDIR(status.st_mode) or status.st_uid not in ours:
        raise EmbeddedError(
            _("The socket folder %(path)s is another user's: have it removed, or set TMPDIR."),
            path=folder,
        )
    folder.chmod(0o700)
    return make_owned(folder, owner)


def reachable(root: Path, parts: tuple[str, ...], home: Path, owner: Owner | None) -> Path:
    """Return a folder that holds these parts of `root` and is open to the servers' user.

    That is `root` itself, or a copy in the servers' home when root's virtual environment is
    closed to others. The parts keep their places, for programs find libraries by relative paths.
    """
    sources = [root / part for part in parts]
    if owner is None or all(can_traverse(_folder(source), owner) for source in sources):
        return root
    # A newly installed package gets a new copy.
    target = home / f"programs-{max(source.stat().st_mtime_ns for source in sources):x}"
    if not target.exists():
        draft = home / f".programs-{os.getpid()}"
        for part in parts:
            _copy_open_to_all(root / part, draft / part)
        draft.rename(target)
    return target


def _folder(path: Path) -> Path:
    return path if path.is_dir() else path.parent


def _copy_open_to_all(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir():
        shutil.copytree(source, target, symlinks=True)
    else:
        shutil.copy2(source, target)
    for path in (target.parent, target, *target.rglob("*")):
        if not path.is_symlink():
            mode = path.stat().st_mode
            path.chmod(mode | (mode & 0o500) >> 3 | (mode & 0o500) >> 6)


def tail(path: Path) -> str:
    """Return the last few lines of a log on one line."""
    try:
        text = path.read_bytes()[-MAX_TAIL_BYTES:].decode(errors="replace")
    except OSError:
        return ""
    return " / ".join(line.strip() for line in text.strip().splitlines()[-3:])
