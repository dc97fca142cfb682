"""What rooms above say about changes of messages."""

from collections.abc import Callable

from chat.models import Message

EditGuard = Callable[[Message], object]
_guards: list[EditGuard] = []


def declare_edit_guard(guard: EditGuard) -> EditGuard:
    """Ask ``guard(message)`` before a sender edits or recalls a message.

    It runs in the transaction, below the lock of the conversation, and raises a ClinicError when
    the message must stay as it is, for example because a prescription refers to it.
    """
    _guards.append(guard)
    return guard


def ask_guards(message: Message) -> None:
    """Let the rooms above refuse a change. Raises what they raise."""
    for guard in _guards:
        guard(message)
