"""The desk over the socket: what agents do there, and the frames that show them what changed."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from clinic.core.errors import ClinicError, InvalidInputError, NotFoundError
from clinic.customer_service.enums import AgentStatus
from clinic.customer_service.errors import (
    AgentFullError,
    AgentNotOnlineError,
    ChatEndedError,
    ChatTakenError,
    NotAnAgentError,
    NotYourChatError,
    TeamClosedError,
)
from clinic.customer_service.models import ServiceChat
from clinic.customer_service.selectors.seats import Seat, seat_of, visible_to
from clinic.customer_service.services import handing
from clinic.customer_service.services.agents import set_status
from clinic.customer_service.services.ending import end_by_agent
from clinic.customer_service.services.notes import add_note
from clinic.customer_service.services.steering import Destination, transfer
from clinic.customer_service.services.viewing import STATES, note_viewing
from clinic.realtime.fields import MOMENT, Anything, Choice, Flag, Id, Number, Text
from clinic.realtime.registry import declare_frame, socket_command
from clinic.realtime.socket import Socket
from clinic.realtime.threads import in_thread
from clinic.settings import rules

Values = dict[str, Any]
CHAT = Id(about="The service chat.")
REASON = Text(max_chars=200, min_chars=0, is_optional=True, default="", about="For the history.")
AGENT = Anything(like={"type": "object"}, about="id and name of the agent.")
STATUS = Choice(words=tuple(AgentStatus.values))
ANYBODY: tuple[type[ClinicError], ...] = (NotAnAgentError, NotFoundError)
TAKING = (*ANYBODY, ChatEndedError, ChatTakenError, AgentFullError, AgentNotOnlineError)
SERVING = (*ANYBODY, NotYourChatError, ChatEndedError)


@socket_command(
    "desk_status",
    schema={"status": STATUS},
    resource="desk",
    verb="work",
    errors=(NotAnAgentError,),
)
async def desk_status(socket: Socket, values: Values) -> Values:
    """Say whether you take chats."""
    return await in_thread(_status, socket, AgentStatus(values["status"]))


def _status(socket: Socket, status: AgentStatus) -> Values:
    set_status(seat_of(socket.actor).agent.pk, status, by=socket.actor)
    seat = seat_of(socket.actor)
    return {"status": seat.agent.status, "load": seat.load, "max": seat.agent.max_chats}


@socket_command("desk_take", schema={"chat": CHAT}, resource="desk", verb="work", errors=TAKING)
async def desk_take(socket: Socket, values: Values) -> Values:
    """Take a waiting chat."""
    return await in_thread(_take, socket, values["chat"])


def _take(socket: Socket, public_id: UUID) -> Values:
    seat, chat = _at(socket, public_id)
    return _standing(handing.take(chat.pk, agent=seat.agent, actor=socket.actor))


@socket_command(
    "desk_transfer",
    schema={
        "chat": CHAT,
        "to": Choice(words=("agent", "team", "queue")),
        "target": Id(is_optional=True, about="The agent or the team."),
        "reason": REASON,
        "note": Text(
            max_chars=rules.MESSAGE_MAX_CHARS,
            min_chars=0,
            is_optional=True,
            default="",
            about="For who gets the chat.",
        ),
    },
    resource="desk",
    verb="work",
    errors=(
        *SERVING,
        InvalidInputError,
        AgentFullError,
        AgentNotOnlineError,
        TeamClosedError,
    ),
)
async def desk_transfer(socket: Socket, values: Values) -> Values:
    """Hand a chat to an agent, a team, or back to its queue."""
    return await in_thread(_transfer, socket, values)


def _transfer(socket: Socket, values: Values) -> Values:
    seat, chat = _at(socket, values["chat"])
    moved = transfer(
        chat.pk,
        Destination(values["to"], values["target"]),
        seat=seat,
        actor=socket.actor,
        remark=values["reason"],
        note=values["note"],
    )
    return _standing(moved)


@socket_command(
    "desk_end",
    schema={"chat": CHAT, "reason": REASON},
    resource="desk",
    verb="work",
    errors=SERVING,
)
async def desk_end(socket: Socket, values: Values) -> Values:
    """End a chat that you serve."""
    return await in_thread(_end, socket, values)


def _end(socket: Socket, values: Values) -> Values:
    seat, chat = _at(socket, values["chat"])
    ended = end_by_agent(
        chat.pk,
        agent=seat.agent,
        actor=socket.actor,
        remark=values["reason"],
        is_forced=seat.leads,
    )
    return _standing(ended)


@socket_command(
    "desk_note",
    schema={
        "chat": CHAT,
        "body": Text(max_chars=rules.MESSAGE_MAX_CHARS),
        "mentions": Anything(
            like={"type": "array", "items": {"type": "string", "format": "uuid"}, "maxItems": 20},
            is_optional=True,
            about="Agents who get a notice.",
        ),
    },
    resource="desk",
    verb="work",
    errors=(*ANYBODY, InvalidInputError),
)
async def desk_note(socket: Socket, values: Values) -> Values:
    """Write an internal note; the customer never learns of it."""
    return await in_thread(_note, socket, values)


def _note(socket: Socket, values: Values) -> Values:
    mentions = _ids(values["mentions"])
    if not values["body"].strip():
        raise InvalidInputError("body", _("Write something."))
    seat, chat = _at(socket, values["chat"])
    note = add_note(chat.pk, author=seat.agent, body=values["body"], mentions=mentions)
    return {"chat": chat.public_id, "number": note.number, "note_id": note.public_id}


@socket_command(
    "desk_viewing",
    schema={"chat": CHAT, "state": Choice(words=STATES)},
    resource="desk",
    verb="work",
    errors=ANYBODY,
)
async def desk_viewing(socket: Socket, values: Values) -> Values:
    """Say that you look at a chat or answer in it; repeat it within 30 seconds."""
    return await in_thread(_viewing, socket, values)


def _viewing(socket: Socket, values: Values) -> Values:
    seat, chat = _at(socket, values["chat"])
    return {"viewing": note_viewing(chat, agent=seat.agent, state=values["state"])}


def _at(socket: Socket, public_id: UUID) -> tuple[Seat, ServiceChat]:
    seat = seat_of(socket.actor)
    chat = visible_to(seat).filter(public_id=public_id).first()
    if chat is None:
        raise NotFoundError
    return seat, chat


def _standing(chat: ServiceChat) -> Values:
    return {"chat": chat.public_id, "state": chat.state}


def _ids(given: Any) -> list[UUID]:
    try:
        found = [Id().read(one) for one in given or []]
    except (ValueError, TypeError):
        raise InvalidInputError("mentions", _("Give the ids of colleagues.")) from None
    if len(found) > 20:
        raise InvalidInputError("mentions", _("Name 20 colleagues at most."))
    return found


declare_frame(
    "desk_chat",
    "A chat of the desk is new, changed, or no more yours to see.",
    {
        "chat": CHAT,
        "gone": Flag(about="Take it off your lists; there is no row."),
        "row": Anything(
            like={"type": ["object", "null"]},
            about="As GET desk/chats shows it, without your own `drafting`.",
        ),
    },
)
declare_frame(
    "desk_queue",
    "A queue that you serve became longer or shorter.",
    {
        "team": Id(),
        "waiting": Number(),
        "longest_s": Anything(like={"type": ["integer", "null"]}, about="Seconds."),
    },
)
declare_frame(
    "desk_agent",
    "A colleague's status or load changed.",
    {
        "agent": Id(),
        "name": Text(max_chars=20),
        "status": STATUS,
        "since": MOMENT,
        "load": Number(),
        "max": Number(),
    },
)
declare_frame(
    "desk_note",
    "An internal note was written.",
    {"chat": CHAT, "note": Anything(like={"type": "object"}, about="As GET …/notes shows it.")},
)
declare_frame(
    "desk_viewing",
    "A colleague looks at a chat or answers in it; forget it after 30 seconds.",
    {"chat": CHAT, "agent": AGENT, "state": Choice(words=STATES)},
)
