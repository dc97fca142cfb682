"""Editing and recalling messages; the database keeps what they held before."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from chat import rules
from chat.enums import Activity, MessageKind, Writing
from chat.errors import (
    EditTooLateError,
    NotEditableError,
    NotTheSenderError,
    RecallTooLateError,
    WritingClosedError,
)
from chat.models import Conversation, Member, Message
from chat.selectors.members import member_public_ids
from chat.services.activity import Note, report_on_commit
from chat.services.drafts import ChangedMessage, check_content
from chat.services.frames import changed_frame
from chat.services.guards import ask_guards
from clinic.core import audit, ratelimit
from clinic.core.actor import Actor
from clinic.core.clock import now
from clinic.core.errors import InvalidInputError, NotFoundError
from clinic.realtime.push import FeedMark, push_on_commit
from clinic.settings import rules as house


def limit_changes(actor: Actor) -> None:
    """Count an edit or recall, over all devices and doors. Raises RateLimitedError."""
    ratelimit.limit("chat.change", str(actor.public_id), house.CHANGE_RATE)


@transaction.atomic
def edit_message(
    *,
    actor: Actor,
    conversation_public_id: UUID,
    message_public_id: UUID,
    body: str,
    socket: str = "",
) -> ChangedMessage:
    """Give a message of the actor's another text; the same text changes nothing.

    Locks the conversation. Raises InvalidInputError, NotFoundError, NotTheSenderError,
    NotEditableError, WritingClosedError, EditTooLateError, and what a guard raises.
    """
    check_content(kind=MessageKind.TEXT, body=body, extra=None)
    message, role = _own(actor, conversation_public_id, message_public_id)
    if message.kind != MessageKind.TEXT or message.recalled_at is not None:
        raise NotEditableError
    if message.body == body:
        return _changed(message)
    moment = now()
    _check_open(message.conversation, moment)
    if not rules.is_within(message.created_at, house.EDIT_WITHIN, moment):
        raise EditTooLateError
    ask_guards(message)
    _note(message, role, actor, moment)
    return _store(message, actor, moment, socket=socket, body=body, edited_at=moment)


@transaction.atomic
def recall_message(
    *, actor: Actor, conversation_public_id: UUID, message_public_id: UUID, socket: str = ""
) -> ChangedMessage:
    """Take a message of the actor's back; safe to repeat.

    Locks the conversation. Raises NotFoundError, NotTheSenderError, WritingClosedError,
    RecallTooLateError, and what a guard raises.
    """
    message, role = _own(actor, conversation_public_id, message_public_id)
    if message.recalled_at is not None:
        return _changed(message)
    moment = now()
    _check_open(message.conversation, moment)
    if not rules.is_within(message.created_at, house.RECALL_WITHIN, moment):
        raise RecallTooLateError
    ask_guards(message)
    _note(message, role, actor, moment)
    return _recall(message, actor, moment, socket=socket)


@transaction.atomic
def recall_by_staff(*, actor: Actor, message_public_id: UUID, reason: str) -> ChangedMessage:
    """Take anybody's message back at any time and note it in the audit log; safe to repeat.

    The caller has judged that the actor may. ``reason`` holds no medical text. Locks the
    conversation. Raises InvalidInputError without a reason, NotFoundError (also for system
    messages).
    """
    if not 0 < len(reason.strip()) <= house.RECALL_REASON_MAX_CHARS or "\x00" in reason:
        limit = {"limit": house.RECALL_REASON_MAX_CHARS}
        raise InvalidInputError("reason", _("Write between 1 and %(limit)s characters.") % limit)
    found = Message.objects.filter(public_id=message_public_id, sender__isnull=False)
    conversation_id = found.values_list("conversation_id", flat=True).first()
    if conversation_id is None:
        raise NotFoundError
    message = _message(_locked(pk=conversation_id), message_public_id)
    if message.recalled_at is not None:
        return _changed(message)
    talk = str(message.conversation.public_id)
    audit.record(actor, "message.recall", "message", message_public_id, conversation=talk)
    return _recall(message, actor, now(), recall_reason=reason.strip())


def _own(actor: Actor, conversation: UUID, message: UUID) -> tuple[Message, str]:
    talk = _locked(public_id=conversation)
    seat = Member.objects.filter(conversation=talk, user_id=actor.user_id or 0, left_seq=None)
    role = seat.values_list("role", flat=True).first()
    if role is None:
        raise NotFoundError
    found = _message(talk, message)
    if found.sender_id != actor.user_id:
        raise NotTheSenderError
    return found, role


def _locked(**lookup: Any) -> Conversation:
    rows = Conversation.objects.select_for_update(of=("self",), no_key=True)
    found = rows.filter(**lookup).first()
    if found is None:
        raise NotFoundError
    return found


def _message(conversation: Conversation, public_id: UUID) -> Message:
    rows = Message.objects.select_related("sender")
    found = rows.filter(conversation=conversation, public_id=public_id).first()
    if found is None:
        raise NotFoundError
    found.conversation = conversation
    return found


def _check_open(conversation: Conversation, moment: datetime) -> None:
    until = conversation.writing_until
    is_over = until is not None and until <= moment
    if conversation.writing == Writing.CLOSED or is_over:
        raise WritingClosedError


def _recall(
    message: Message, actor: Actor, moment: datetime, *, socket: str = "", recall_reason: str = ""
) -> ChangedMessage:
    return _store(
        message,
        actor,
        moment,
        socket=socket,
        body="",
        extra=None,
        recalled_at=moment,
        recall_reason=recall_reason,
    )


def _store(
    message: Message, actor: Actor, moment: datetime, *, socket: str, **values: Any
) -> ChangedMessage:
    talk = message.conversation
    talk.last_rev, talk.changed_at = talk.last_rev + 1, moment
    talk.save(update_fields=["last_rev", "changed_at"])
    values |= {"rev": talk.last_rev, "changed_by_id": actor.user_id}
    for name, value in values.items():
        setattr(message, name, value)
    message.save(update_fields=list(values))
    mark = FeedMark(talk.public_id.hex, message.rev)
    push_on_commit(member_public_ids(talk.pk), changed_frame(message), mark=mark, skip=socket)
    return _changed(message)


def _changed(message: Message) -> ChangedMessage:
    return ChangedMessage(
        message.public_id,
        message.conversation.public_id,
        message.seq,
        message.rev,
        message.edited_at,
        message.recalled_at,
    )


def _note(message: Message, role: str, actor: Actor, moment: datetime) -> None:
    talk = message.conversation
    user_id = actor.user_id or 0
    report_on_commit([Note(talk.kind, talk.pk, talk.topic, user_id, role, Activity.EDIT, moment)])
