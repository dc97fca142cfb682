"""Reads of service chats."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.db.models import Exists, Max, OuterRef, Q, QuerySet

from chat.models import Message
from clinic.core.actor import Actor
from clinic.core.errors import NotFoundError
from clinic.customer_service.enums import ChatState
from clinic.customer_service.models import Agent, LeftMessage, ServiceChat
from clinic.customer_service.rules import AGENT_ROLES
from clinic.reviews.models import Review

SUBJECT_KIND = "service_chat"
RELATED = ("agent", "team", "conversation", "customer")


def open_chat_of(customer_id: int, face: str) -> ServiceChat | None:
    """Return the customer's chat that has not ended, with its people; there is one at most."""
    return (
        ServiceChat.objects.filter(customer_id=customer_id, face=face)
        .exclude(state=ChatState.ENDED)
        .select_related(*RELATED)
        .first()
    )


def written_by(actor: Actor) -> QuerySet[ServiceChat]:
    """Return the actor's own chats as a customer, with their people, latest first.

    With ``was_answered`` and ``is_rated``.
    """
    return _shown(ServiceChat.objects.filter(customer_id=actor.account_id))


def served_by(actor: Actor) -> QuerySet[ServiceChat]:
    """Return the chats that the actor serves or served last, as their customers see them."""
    return _shown(ServiceChat.objects.filter(agent__user_id=actor.account_id))


def left_by(actor: Actor) -> QuerySet[LeftMessage]:
    """Return the messages that the actor left, latest first."""
    rows = LeftMessage.objects.filter(customer_id=actor.account_id)
    return rows.select_related("team", "chat").order_by("-id")


def was_answered(chat: ServiceChat) -> bool:
    """Say whether an agent wrote at least one message in the chat: only then it can be rated."""
    return _answers(chat.conversation_id).exists()


def last_to_answer(chat: ServiceChat) -> Agent | None:
    """Return who served the chat last of those who wrote in it; None when no agent did."""
    own = _answers(chat.conversation_id).filter(sender=OuterRef("agent__user"))
    handlings = chat.handlings.filter(Exists(own)).select_related("agent")
    handling = handlings.order_by("-id").first()
    return handling.agent if handling is not None else None


def unanswered_words(chat: ServiceChat) -> QuerySet[Message]:
    """Return what the customer wrote since an agent's last word, in its order, unless recalled."""
    answered = _answers(chat.conversation_id).aggregate(seq=Max("seq"))["seq"] or 0
    said = Message.objects.filter(conversation=chat.conversation_id, sender=chat.customer_id)
    return said.filter(seq__gt=answered, recalled_at=None).order_by("seq")


def _answers(conversation: Any) -> QuerySet[Message]:
    return Message.objects.filter(conversation=conversation, role__in=AGENT_ROLES)


def _shown(rows: QuerySet[ServiceChat]) -> QuerySet[ServiceChat]:
    reviews = Review.objects.filter(
        author=OuterRef("customer"),
        target_kind=SUBJECT_KIND,
        target_public_id=OuterRef("public_id"),
    )
    return (
        rows.select_related(*RELATED)
        .annotate(
            was_answered=Exists(_answers(OuterRef("conversation"))),
            is_rated=Exists(reviews),
        )
        .order_by("-id")
    )


def chat_of_topic(topic: str) -> int | None:
    """Return the key of the chat behind a conversation's topic; None for other topics."""
    kind, _, public_id = topic.partition(":")
    if kind != "service":
        return None
    rows = ServiceChat.objects.filter(public_id=UUID(public_id))
    return rows.values_list("pk", flat=True).first()


def waiting_keys_of(customer_id: int) -> list[int]:
    """Return the chats in which the customer waits for an agent."""
    rows = ServiceChat.objects.filter(customer_id=customer_id, state=ChatState.WAITING)
    return list(rows.order_by("id").values_list("pk", flat=True))


def with_people(chat_id: int) -> ServiceChat:
    """Return a chat as it is now with its people. Raises NotFoundError."""
    row = ServiceChat.objects.filter(pk=chat_id).select_related(*RELATED).first()
    if row is None:
        raise NotFoundError
    return row


def open_keys_of(customer_id: int) -> list[int]:
    """Return the customer's chats that have not ended."""
    rows = ServiceChat.objects.filter(~Q(state=ChatState.ENDED), customer_id=customer_id)
    return list(rows.order_by("id").values_list("pk", flat=True))


def keys_of_conversations(conversation_ids: Collection[int]) -> list[int]:
    """Return the chats behind these conversations that have not ended."""
    rows = ServiceChat.objects.filter(conversation__in=conversation_ids)
    return list(rows.exclude(state=ChatState.ENDED).values_list("pk", flat=True))
