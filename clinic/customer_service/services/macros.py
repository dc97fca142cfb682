"""Macros: say something, tag, then transfer or end, all in one transaction."""

from django.db import transaction
from django.db.models import F

from chat.enums import MessageKind
from chat.services.messages import send_message
from clinic.core.actor import Actor
from clinic.customer_service.enums import ChatState
from clinic.customer_service.errors import ChatEndedError, NotYourChatError
from clinic.customer_service.models import CannedReply, Macro, ServiceChat
from clinic.customer_service.selectors.seats import Seat
from clinic.customer_service.services.canned import filled
from clinic.customer_service.services.ending import end_by_agent
from clinic.customer_service.services.handing import transfer_to_team
from clinic.customer_service.services.state import locked
from clinic.customer_service.services.tags import add_tags


def run_macro(macro: Macro, chat: ServiceChat, *, seat: Seat, actor: Actor, client_id: str) -> None:
    """Do every step of a macro in a chat that the agent serves, or none of them.

    A repeat with the same ``client_id`` says nothing twice. Locks the chat before its conversation.
    Raises NotYourChatError, ChatEndedError, and what sending raises.
    """
    with transaction.atomic():
        _check_mine(locked(chat.pk), seat)
        if macro.reply is not None:
            _say(macro.reply, chat, seat=seat, actor=actor, client_id=client_id)
        add_tags(chat, list(macro.tags.all()))
        if macro.transfer_to is not None:
            transfer_to_team(
                chat.pk, team=macro.transfer_to, by=seat.agent, actor=actor, remark=macro.title
            )
        elif macro.ends_chat:
            end_by_agent(chat.pk, agent=seat.agent, actor=actor, remark=macro.title)
        Macro.objects.filter(pk=macro.pk).update(used_count=F("used_count") + 1)


def _check_mine(chat: ServiceChat, seat: Seat) -> None:
    if chat.state == ChatState.ENDED:
        raise ChatEndedError
    if chat.state != ChatState.ACTIVE or chat.agent_id != seat.agent.pk:
        raise NotYourChatError


def _say(
    reply: CannedReply, chat: ServiceChat, *, seat: Seat, actor: Actor, client_id: str
) -> None:
    send_message(
        actor=actor,
        conversation_public_id=chat.conversation.public_id,
        client_id=f"macro:{client_id}",
        kind=MessageKind.TEXT,
        body=filled(reply, chat, seat.agent),
    )
