"""What can be said over the socket: commands of clients, frames of the server, and heartbeats.

Dispatch, validation and docs/asyncapi.yaml all come from here. Rooms register in their
``consumers.py``, which their AppConfig imports.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ImproperlyConfigured

from clinic.core import policy
from clinic.core.errors import ClinicError
from clinic.core.roles import Role
from clinic.realtime.fields import Schema, read_fields

if TYPE_CHECKING:
    from clinic.realtime.socket import Socket

Answer = dict[str, Any] | None
Run = Callable[["Socket", dict[str, Any]], Awaitable[Answer]]
Beat = Callable[[int], Any]


@dataclass(frozen=True, slots=True)
class SocketCommand:
    """A frame that clients send, the code that does it, and the type of its answer."""

    name: str
    about: str
    schema: Schema
    run: Run
    resource: str
    verb: str
    answer: str
    errors: tuple[type[ClinicError], ...]

    def read(self, frame: dict[str, Any]) -> dict[str, Any]:
        """Return the validated fields. Raises ValueError with the name of the wrong one."""
        return read_fields(self.schema, frame)

    def check(self, socket: "Socket") -> None:
        """Apply the policy table."""
        if self.resource:
            policy.check(socket.actor, self.resource, self.verb)


@dataclass(frozen=True, slots=True)
class ServerFrame:
    """A frame that the server sends."""

    name: str
    about: str
    schema: Schema


COMMANDS: dict[str, SocketCommand] = {}
SERVER_FRAMES: dict[str, ServerFrame] = {}
BEATS: list[tuple[Role, Beat]] = []


def socket_command(
    name: str,
    *,
    schema: Schema,
    resource: str = "",
    verb: str = "",
    answer: str = "ok",
    errors: tuple[type[ClinicError], ...] = (),
) -> Callable[[Run], Run]:
    """Register a coroutine ``run(socket, values)`` for a frame type.

    Its docstring's first line is the summary. What it returns is sent as the answer; None is
    answered by a bare ``ok`` when the frame has an id. Errors of the tree become ``err`` frames.
    """

    def register(run: Run) -> Run:
        if name in COMMANDS:
            raise ImproperlyConfigured(f"socket command {name} is registered twice")
        about = (run.__doc__ or "").strip().split("\n", 1)[0]
        COMMANDS[name] = SocketCommand(name, about, schema, run, resource, verb, answer, errors)
        return run

    return register


def declare_frame(name: str, about: str, schema: Schema) -> None:
    """Describe a frame that this room pushes."""
    SERVER_FRAMES[name] = ServerFrame(name, about, schema)


def on_heartbeat(role: Role) -> Callable[[Beat], Beat]:
    """Register ``callback(user_id)``: called in a worker thread while a person's socket lives.

    At connect and every 20 seconds, for accounts with the role; cheap and safe to repeat.
    """

    def register(callback: Beat) -> Beat:
        BEATS.append((role, callback))
        return callback

    return register
