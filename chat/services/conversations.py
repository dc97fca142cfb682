"""Opening conversations, who takes part and who may write."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from chat.enums import MemberRole, Writing
from chat.models import Conversation, Member, Message
from chat.selectors.members import member_public_ids
from chat.services.messages import push_system_message, system_message, system_values
from chat.services.statements import OPEN_CONVERSATION, SEAT_AND_SAY
from clinic.core.clock import now
from clinic.core.errors import NotFoundError
from clinic.core.ids import uuid7
from clinic.realtime.push import push_on_commit


@dataclass(frozen=True, slots=True)
class MemberSpec:
    """An account, what it is in the conversation (a MemberRole value), and the name shown there.

    Without a name the account's own is shown; assistants are never shown by a name of theirs.
    """

    user_id: int
    role: str
    display_name: str = ""


@dataclass(frozen=True, slots=True)
class Greeting:
    """A system message that stands at the opening: its code and what its sentence names."""

    code: str
    params: dict[str, Any]


def open_conversation(
    *, kind: str, topic: str, members: Sequence[MemberSpec], greeting: Greeting | None = None
) -> Conversation:
    """Return the conversation of the topic, with these members in it; made when not there.

    One round trip. Safe to repeat, but for the greeting, which is said each time; two callers at
    once get the same row.
    """
    message = system_message(greeting.code, greeting.params) if greeting else None
    conversation, users = _opened(kind, topic, members, message)
    seen = conversation_frame(conversation)
    if message is None:
        push_on_commit(users, seen)
        return conversation
    message.conversation = conversation
    message.seq, message.rev = conversation.last_seq, conversation.last_rev
    before = {"last_seq": message.seq - 1, "last_rev": message.rev - 1}
    push_on_commit(users, seen | before)
    push_system_message(users, conversation.public_id, message)
    return conversation


def _opened(
    kind: str, topic: str, members: Sequence[MemberSpec], message: Message | None
) -> tuple[Conversation, list[UUID]]:
    moment = now()
    values = {
        "public_id": uuid7(),
        "now": moment,
        "kind": kind,
        "topic": topic,
        "messages": 0 if message is None else 1,
        "said_at": None if message is None else moment,
        "users": [spec.user_id for spec in members],
        "roles": [MemberRole(spec.role).value for spec in members],
        "names": [spec.display_name for spec in members],
    }
    said = system_values(message or system_message("", {}))
    (row,) = Conversation.objects.raw(OPEN_CONVERSATION + SEAT_AND_SAY, values | said)
    return row, row.users  # type: ignore[attr-defined]


def add_member(topic: str, spec: MemberSpec) -> None:
    """Make the account a member (again); he may read everything from the first message on."""
    with transaction.atomic():
        conversation = _locked(topic)
        _seat(conversation, [spec])
        _announce(conversation)


def remove_member(topic: str, user_id: int) -> None:
    """Let the account read what is there up to now, and neither later messages nor write."""
    with transaction.atomic():
        conversation = _locked(topic)
        _announce(conversation)
        Member.objects.filter(conversation=conversation, user_id=user_id, left_seq=None).update(
            left_seq=conversation.last_seq, left_rev=conversation.last_rev
        )


def close_writing(topic: str) -> None:
    """Let nobody write any more; reading stays."""
    _set_writing(topic, Writing.CLOSED, None)


def open_writing(topic: str) -> None:
    """Let every member write without limit."""
    _set_writing(topic, Writing.OPEN, None)


def limit_writing(topic: str, *, role: str, messages: int, until: datetime) -> None:
    """Let members of the role write so many messages more, and the others answer, till a time."""
    with transaction.atomic():
        conversation = _set_writing(topic, Writing.LIMITED, until)
        Member.objects.filter(conversation=conversation, role=role).update(writes_left=messages)


def _set_writing(topic: str, writing: str, until: datetime | None) -> Conversation:
    with transaction.atomic():
        conversation = _locked(topic)
        conversation.writing, conversation.writing_until = writing, until
        conversation.save(update_fields=["writing", "writing_until"])
        Member.objects.filter(conversation=conversation).update(writes_left=None)
        _announce(conversation)
    return conversation


def _seat(conversation: Conversation, members: Sequence[MemberSpec]) -> None:
    Member.objects.bulk_create(
        [
            Member(
                conversation=conversation,
                user_id=spec.user_id,
                role=MemberRole(spec.role).value,
                display_name=spec.display_name,
            )
            for spec in members
        ],
        update_conflicts=True,
        unique_fields=["conversation", "user"],
        update_fields=["role", "display_name", "left_seq", "left_rev"],
    )


def _locked(topic: str) -> Conversation:
    row = (
        Conversation.objects.select_for_update(of=("self",), no_key=True)
        .filter(topic=topic)
        .first()
    )
    if row is None:
        raise NotFoundError
    return row


def _announce(conversation: Conversation) -> None:
    push_on_commit(member_public_ids(conversation.pk), conversation_frame(conversation))


def conversation_frame(conversation: Conversation) -> dict[str, object]:
    """Return the frame that tells members the state of a conversation."""
    return {
        "t": "conversation",
        "conv": conversation.public_id,
        "kind": conversation.kind,
        "topic": conversation.topic,
        "writing": conversation.writing,
        "last_seq": conversation.last_seq,
        "last_rev": conversation.last_rev,
    }
