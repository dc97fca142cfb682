"""Commands and frames that every socket has, whatever the rooms add."""

from typing import Any
from uuid import UUID

from django.conf import settings

from clinic.core.clock import now
from clinic.core.errors import NotAuthenticatedError
from clinic.realtime.fields import MOMENT, Anything, Choice, Flag, Id, Number, NumbersById, Text
from clinic.realtime.registry import declare_frame, socket_command
from clinic.realtime.services import admit_by_token
from clinic.realtime.socket import Socket
from clinic.realtime.threads import in_thread

LANGUAGES = tuple(code for code, _name in settings.LANGUAGES)
FRAME_ID = Anything(
    like={"type": ["string", "integer", "null"]}, about="The id of the frame it answers."
)


@socket_command(
    "hello",
    schema={
        "device": Text(max_chars=120, is_optional=True, about="For your own logs."),
        "language": Choice(words=LANGUAGES, is_optional=True, about="Language of texts."),
        "resume": NumbersById(
            is_optional=True,
            about="The last revision you have of each conversation; what is missing follows in "
            "`sync` frames. Greet again for those that one frame does not hold.",
        ),
    },
)
async def hello(socket: Socket, values: dict[str, Any]) -> None:
    """Say who you are after connecting and get what you missed."""
    if values["language"]:
        socket.language = values["language"]
    resume: dict[UUID, int] = values["resume"] or {}
    for conversation, number in resume.items():
        key = conversation.hex
        known = socket.positions.get(key)
        if known is None or number < known:
            socket.positions[key] = number
            socket.need(key, known or number + 1)


@socket_command("ping", schema={}, answer="pong")
async def ping(_socket: Socket, _values: dict[str, Any]) -> dict[str, Any]:
    """Show that you live and get the server's time."""
    return {"t": "pong", "now": now()}


@socket_command("pong", schema={})
async def pong(_socket: Socket, _values: dict[str, Any]) -> None:
    """Answer the server's `ping`; any other frame does as well."""


@socket_command(
    "auth",
    schema={"token": Text(max_chars=4096, about="A fresh access token of the same account.")},
    errors=(NotAuthenticatedError,),
)
async def auth(socket: Socket, values: dict[str, Any]) -> dict[str, Any]:
    """Hand in a fresh access token before the old one expires; the socket stays open."""
    admission = await in_thread(admit_by_token, values["token"])
    if admission.actor.user_id != socket.user_id:
        raise NotAuthenticatedError
    socket.actor, socket.expires_at = admission.actor, admission.expires_at
    socket.login = admission.login
    return {"expires_at": int(admission.expires_at)}


declare_frame(
    "welcome",
    "The socket is open: first frame of every socket.",
    {
        "user": Id(about="Your account."),
        "now": MOMENT,
        "expires_at": Number(
            about="When your token ends, in Unix seconds; send `auth` before.", maximum=2**53
        ),
        "ping_after": Number(about="Seconds of silence after which the server pings."),
        "language": Choice(words=LANGUAGES),
    },
)
declare_frame("ping", "The server has not heard you for a while: send any frame.", {})
declare_frame("pong", "The answer to `ping`.", {"id": FRAME_ID, "now": MOMENT})
declare_frame("bye", "The socket closes soon.", {"retry_in": Number(about="Seconds.")})
declare_frame(
    "ok",
    "A command was done. Commands add their own fields.",
    {"id": FRAME_ID},
)
declare_frame(
    "err",
    "A frame was refused; the socket stays open.",
    {
        "id": FRAME_ID,
        "code": Text(max_chars=60, about="Stable; branch on it."),
        "msg": Text(max_chars=500, about="For people, in the socket's language."),
        "fatal": Flag(),
        "attr": Text(max_chars=60, is_optional=True, about="The field at fault."),
        "errors": Anything(like={"type": "array"}, is_optional=True, about="Field errors."),
        "retry_after": Number(is_optional=True, about="Seconds."),
    },
)
