"""The end of a chat: by its customer, by its agent, by leaving the queue, by the house."""

from datetime import datetime

from django.db import transaction

from clinic.core.actor import Actor
from clinic.core.clock import now as current_moment
from clinic.core.errors import NotFoundError
from clinic.core.events import publish
from clinic.customer_service.enums import ChatState, MoveReason, SlaMetric
from clinic.customer_service.errors import NotYourChatError
from clinic.customer_service.events import ServiceChatEnded
from clinic.customer_service.models import Agent, ServiceChat
from clinic.customer_service.selectors.chats import open_keys_of, waiting_keys_of, was_answered
from clinic.customer_service.services import telling
from clinic.customer_service.services.dispatch import serve_agent_on_commit
from clinic.customer_service.services.limits import count_ending
from clinic.customer_service.services.sla import meet
from clinic.customer_service.services.state import Move, advance, locked


def end_by_customer(chat_id: int, *, actor: Actor) -> ServiceChat:
    """End the customer's own chat; a second call returns the same end.

    Raises NotFoundError, RateLimitedError.
    """
    count_ending(actor)
    with transaction.atomic():
        chat = locked(chat_id)
        if chat.customer_id != actor.account_id:
            raise NotFoundError
        is_waiting = chat.state == ChatState.WAITING
        reason = MoveReason.LEFT_QUEUE if is_waiting else MoveReason.ENDED_BY_CUSTOMER
        finish(chat, reason=reason, actor=actor.label, now=current_moment())
    return chat


def end_by_agent(
    chat_id: int, *, agent: Agent, actor: Actor, remark: str = "", is_forced: bool = False
) -> ServiceChat:
    """End a chat that the agent serves; a second call returns the same end.

    Supervisors may end any chat (``is_forced``). Raises NotFoundError, NotYourChatError,
    RateLimitedError.
    """
    count_ending(actor)
    with transaction.atomic():
        chat = locked(chat_id)
        is_mine = chat.agent_id == agent.pk and chat.state != ChatState.WAITING
        if not (is_mine or is_forced or chat.state == ChatState.ENDED):
            raise NotYourChatError
        finish(
            chat,
            reason=MoveReason.ENDED_BY_AGENT,
            actor=actor.label,
            now=current_moment(),
            remark=remark,
        )
    return chat


def leave_queue(*, actor: Actor) -> int:
    """End the chats in which the customer still waits; return how many. An agent's are left."""
    left = 0
    for chat_id in waiting_keys_of(actor.account_id):
        with transaction.atomic():
            chat = locked(chat_id)
            if chat.state == ChatState.WAITING:
                now = current_moment()
                finish(chat, reason=MoveReason.LEFT_QUEUE, actor=actor.label, now=now)
                left += 1
    return left


def end_all_of(customer_id: int, *, actor: Actor) -> int:
    """End the chats of an account that is gone; return how many."""
    keys = open_keys_of(customer_id)
    for chat_id in keys:
        with transaction.atomic():
            finish(
                locked(chat_id),
                reason=MoveReason.CUSTOMER_GONE,
                actor=actor.label,
                now=current_moment(),
            )
    return len(keys)


def finish(
    chat: ServiceChat,
    *,
    reason: MoveReason,
    actor: str,
    now: datetime,
    remark: str = "",
    says: str = "",
) -> bool:
    """End a locked chat for good and free its place; False when it has ended before.

    ``says`` is the system message's code, when it is not the usual one of the reason.
    """
    if chat.state == ChatState.ENDED:
        return False
    was_served = chat.state == ChatState.ACTIVE
    advance(Move(chat=chat, to=ChatState.ENDED, reason=reason, actor=actor, remark=remark), now=now)
    meet(chat.pk, SlaMetric.RESOLUTION, at=now)
    telling.close_talk(chat, can_rate=was_answered(chat), says=says)
    publish(ServiceChatEnded(chat_id=chat.pk, agent_id=chat.agent_id))
    if was_served and chat.agent_id is not None:
        serve_agent_on_commit(chat.agent_id)
    return True
