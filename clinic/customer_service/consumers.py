"""Customers and agents on the socket: frames of the queue, and agents' signs of life."""

from clinic.core.roles import Role
from clinic.customer_service.enums import AlarmKind, ChatState, MoveReason
from clinic.customer_service.services.agents import beat
from clinic.realtime.fields import MOMENT, Anything, Choice, Flag, Id, Number
from clinic.realtime.registry import declare_frame, on_heartbeat

CHAT = Id(about="The service chat.")
CONVERSATION = Id(about="Its conversation.")


@on_heartbeat(Role.CUSTOMER_SERVICE)
@on_heartbeat(Role.ADMIN)
def note_heartbeat(user_id: int) -> None:
    """Keep the agent's presence fresh."""
    beat(user_id)


declare_frame(
    "queue",
    "Your place in the queue, when it changed.",
    {
        "chat": CHAT,
        "position": Number(about="Exact to 50, then in tens."),
        "ahead": Number(about="People before you."),
        "eta_s": Anything(
            like={"type": ["integer", "null"]},
            about="Likely wait in seconds, whole minutes; null when nobody can tell.",
        ),
    },
)
declare_frame(
    "service",
    "Your service chat moved: it has an agent, waits again, or is in another queue.",
    {
        "chat": CHAT,
        "state": Choice(words=tuple(ChatState.values)),
        "agent": Anything(
            like={
                "type": ["object", "null"],
                "properties": {"name": {"type": "string"}},
            },
            about="Who serves you, by nickname; null while you wait and with the assistant.",
        ),
        "team": Id(about="Whose queue it is."),
        "reason": Choice(words=("assigned", *MoveReason.values)),
        "at": MOMENT,
    },
)
declare_frame(
    "idle_warn",
    "You have been silent: the chat ends unless you write, type or read.",
    {"chat": CHAT, "conv": CONVERSATION, "ends_at": MOMENT},
)
declare_frame(
    "ended",
    "The service chat is over.",
    {
        "chat": CHAT,
        "conv": CONVERSATION,
        "reason": Choice(words=tuple(MoveReason.values)),
        "can_rate": Flag(about="An agent wrote in it, so its customer may rate."),
    },
)
declare_frame(
    "desk_alarm",
    "For agents: something at the desk is late.",
    {"chat": CHAT, "kind": Choice(words=tuple(AlarmKind.values))},
)
