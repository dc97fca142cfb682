"""Words left while nobody is there, and an agent's answer to them."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import override

from chat.services.drafts import Draft
from chat.services.messages import send_message, send_messages
from clinic.accounts.models import User
from clinic.accounts.selectors import account_of
from clinic.core.actor import Actor
from clinic.core.clock import now as current_moment
from clinic.core.errors import NotFoundError, RateLimitedError
from clinic.customer_service.enums import ChatState, Face, How, LeftMessageState
from clinic.customer_service.errors import AlreadyAnsweredError, ChatOpenError, DeskOpenError
from clinic.customer_service.models import Agent, LeftMessage, ServiceChat
from clinic.customer_service.rules import is_open
from clinic.customer_service.selectors.chats import open_chat_of, unanswered_words
from clinic.customer_service.selectors.teams import hours_of, wanted_team
from clinic.customer_service.services import telling
from clinic.customer_service.services.handing import check_place, seat
from clinic.customer_service.services.opening import insert_chat, side_of
from clinic.customer_service.services.state import lock_customer, locked, locked_agent
from clinic.notifications.enums import NoticeKind
from clinic.settings import rules as numbers

DAY = timedelta(days=1)


def leave_message(
    *,
    actor: Actor,
    body: str,
    team_public_id: UUID | None = None,
    face: Face = Face.SERVICE,
    language: str = "",
) -> LeftMessage:
    """Store what a customer has to say while the team is closed, five a day at most.

    Raises NotFoundError, NoTeamError, DeskOpenError, RateLimitedError.
    """
    team, now, account = wanted_team(team_public_id), current_moment(), account_of(actor)
    if is_open(hours_of([team.pk], now)[team.pk], now):
        raise DeskOpenError
    with transaction.atomic():
        lock_customer(account.pk)
        recent = LeftMessage.objects.filter(customer=account, created_at__gt=now - DAY)
        told = list(recent.order_by("created_at").values_list("created_at", flat=True))
        if len(told) >= numbers.LEFT_MESSAGES_A_DAY:
            raise RateLimitedError(retry_after=max(1, int((told[0] + DAY - now).total_seconds())))
        return LeftMessage.objects.create(
            customer=account,
            side=side_of(actor),
            face=face,
            team=team,
            language=language or account.language,
            body=body,
            created_at=now,
        )


def keep_unanswered_words(chat: ServiceChat, *, now: datetime) -> LeftMessage | None:
    """Store what a waiting customer asked as a left message; None when he asked nothing.

    The chat is locked and about to end, so this happens once. Too long words are cut.
    """
    with override(chat.language):
        words = [one.body or f"[{one.get_kind_display()}]" for one in unanswered_words(chat)]
    if not words:
        return None
    return LeftMessage.objects.create(
        customer_id=chat.customer_id,
        side=chat.side,
        face=chat.face,
        team=chat.team,
        language=chat.language,
        body="\n".join(words)[: numbers.LEFT_MESSAGE_MAX_CHARS],
        created_at=now,
    )


def answer_left_message(message_id: int, *, agent: Agent, actor: Actor, body: str) -> LeftMessage:
    """Answer in a chat with the customer, in which his words stand first; he gets a notice.

    His waiting chat is taken, or a new one opened, if the agent has a place. Raises NotFoundError,
    AlreadyAnsweredError, ChatOpenError (a colleague serves him), AgentFullError,
    AgentNotOnlineError.
    """
    customer_id = _known(message_id).customer_id
    now = current_moment()
    with transaction.atomic():
        lock_customer(customer_id)
        taker = locked_agent(agent.pk)
        message = _locked_open(message_id)
        chat = _chat_for(message, taker, actor)
        message.chat, message.answered_by, message.answered_at = chat, taker, now
        message.state = LeftMessageState.ANSWERED
        message.save(update_fields=["chat", "answered_by", "answered_at", "state"])
        customer = User.objects.get(pk=customer_id)
        _repeat(message, customer, chat)
        # He is elsewhere: his silence does not count till he can have seen the notice.
        chat.held_until = now + numbers.SERVICE_LEFT_ANSWER_REST
        chat.save(update_fields=["held_until"])
        telling.leave_notice(chat, customer.public_id, NoticeKind.LEFT_MESSAGE_ANSWERED)
        send_message(
            actor=actor,
            conversation_public_id=chat.conversation.public_id,
            client_id=f"answer:{message.public_id}",
            kind="text",
            body=body,
        )
    return message


def dismiss_left_message(message_id: int, *, agent: Agent) -> LeftMessage:
    """Note that a left message needs no answer. Raises NotFoundError, AlreadyAnsweredError."""
    with transaction.atomic():
        message = _locked_open(message_id)
        message.state, message.answered_at = LeftMessageState.DISMISSED, current_moment()
        message.answered_by = agent
        message.save(update_fields=["state", "answered_at", "answered_by"])
    return message


def _chat_for(message: LeftMessage, taker: Agent, actor: Actor) -> ServiceChat:
    if message.customer_id == taker.user_id:
        raise NotFoundError  # nobody serves himself
    found = open_chat_of(message.customer_id, message.face)
    chat = locked(found.pk) if found is not None else None
    if chat is None or chat.state == ChatState.ENDED:
        check_place(taker)
        return _opened(message, taker, actor)
    if chat.state == ChatState.ACTIVE:
        if chat.agent_id != taker.pk:
            raise ChatOpenError
        return chat
    check_place(taker)
    seat(chat, taker, How.LEFT_MESSAGE, actor=actor, now=current_moment())
    return chat


def _opened(message: LeftMessage, taker: Agent, actor: Actor) -> ServiceChat:
    chat = insert_chat(
        customer_id=message.customer_id,
        side=message.side,
        face=message.face,
        team=message.team,
        language=message.language,
        now=current_moment(),
        actor=actor.label,
        agent=taker,
        how=How.LEFT_MESSAGE,
    )
    telling.bring_in([telling.Arrival(chat, taker, message.customer.public_id)])
    return chat


def _repeat(message: LeftMessage, customer: User, chat: ServiceChat) -> None:
    """Let the left words stand in the chat as what they are: the customer's."""
    draft = Draft(
        user_id=customer.pk,
        user_public_id=customer.public_id,
        conversation_public_id=chat.conversation.public_id,
        client_id=f"left:{message.public_id}",
        kind="text",
        body=message.body,
    )
    send_messages([draft])


def _known(message_id: int) -> LeftMessage:
    row = LeftMessage.objects.filter(pk=message_id).first()
    if row is None:
        raise NotFoundError
    return row


def _locked_open(message_id: int) -> LeftMessage:
    rows = LeftMessage.objects.select_for_update(no_key=True).filter(pk=message_id)
    row = rows.first()
    if row is None:
        raise NotFoundError
    if row.state != LeftMessageState.OPEN:
        raise AlreadyAnsweredError
    return row
