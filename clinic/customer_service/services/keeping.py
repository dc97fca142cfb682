"""What an agent sets on a chat without moving it: a hold, its priority."""

from datetime import timedelta

from django.db import transaction

from clinic.core import audit
from clinic.core.actor import Actor
from clinic.core.clock import now as current_moment
from clinic.customer_service.enums import ChatState
from clinic.customer_service.errors import ChatEndedError, NotYourChatError
from clinic.customer_service.models import Agent, ServiceChat
from clinic.customer_service.selectors.chats import SUBJECT_KIND, with_people
from clinic.customer_service.services.state import lock_team, locked, raise_flag
from clinic.customer_service.services.watching import chats_changed
from clinic.settings import rules as numbers


def hold(chat_id: int, *, minutes: int, agent: Agent, actor: Actor) -> ServiceChat:
    """Let a chat rest so long, SERVICE_HOLD_MAX at most: nobody's silence counts meanwhile.

    Raises NotFoundError, ChatEndedError, NotYourChatError.
    """
    length = min(timedelta(minutes=minutes), numbers.SERVICE_HOLD_MAX)
    return _set_hold(chat_id, length, agent=agent, actor=actor)


def unhold(chat_id: int, *, agent: Agent, actor: Actor) -> ServiceChat:
    """Let silence count again from now on. Raises like ``hold``."""
    return _set_hold(chat_id, timedelta(0), agent=agent, actor=actor)


def set_priority(chat_id: int, *, priority: int, actor: Actor) -> ServiceChat:
    """Move a waiting chat up or down in its queue (0 is usual). Raises ChatEndedError.

    Under the queue's lock, so that nobody gives a later one away meanwhile.
    """
    team_id = with_people(chat_id).team_id
    with transaction.atomic():
        lock_team(team_id)
        chat = locked(chat_id)
        if chat.state == ChatState.ENDED:
            raise ChatEndedError
        chat.priority = priority
        chat.save(update_fields=["priority"])
        audit.record(actor, "priority", SUBJECT_KIND, chat.public_id, priority=priority)
        if chat.state == ChatState.WAITING:
            raise_flag(chat.team_id)
        chats_changed([chat.pk])
    return chat


def _set_hold(chat_id: int, length: timedelta, *, agent: Agent, actor: Actor) -> ServiceChat:
    with transaction.atomic():
        chat = locked(chat_id)
        if chat.state == ChatState.ENDED:
            raise ChatEndedError
        if chat.state != ChatState.ACTIVE or chat.agent_id != agent.pk:
            raise NotYourChatError
        chat.held_until = current_moment() + length
        chat.save(update_fields=["held_until"])
        minutes = int(length.total_seconds() // 60)
        audit.record(actor, "hold", SUBJECT_KIND, chat.public_id, minutes=minutes)
        chats_changed([chat.pk])
    return chat
