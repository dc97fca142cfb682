"""What the desk shows, as the shapes describe it."""

from typing import Any

from chat.selectors.members import marks_of
from clinic.core.errors import NotFoundError
from clinic.customer_service.enums import ChatState
from clinic.customer_service.models import (
    CannedReply,
    ChatMove,
    LeftMessage,
    Macro,
    ServiceChat,
    Tag,
    Team,
)
from clinic.customer_service.selectors.rows import own_row
from clinic.customer_service.selectors.seats import Seat
from clinic.customer_service.selectors.wording import customer_of, tag_of, team_of
from clinic.customer_service.services.canned import filled, in_reader_s_language
from clinic.customer_service.services.drafts import drafts_of
from clinic.customer_service.services.viewing import viewing_of
from clinic.reviews.enums import TargetKind
from clinic.reviews.selectors import review_of_target
from clinic.settings import rules

Body = dict[str, Any]


def me_of(seat: Seat, account: Any) -> Body:
    """Return what ``MeShape`` describes."""
    agent = seat.agent
    teams = Team.objects.filter(agents=agent.pk).order_by("code")
    return {
        "agent": {"id": agent.public_id, "name": agent.nickname},
        "account": account,
        "status": agent.status,
        "status_since": agent.status_since,
        "load": seat.load,
        "max": agent.max_chats,
        "is_supervisor": seat.leads,
        "languages": agent.languages,
        "teams": [team_body(team) for team in teams],
        "numbers": {
            "hold_max_minutes": int(rules.SERVICE_HOLD_MAX.total_seconds() // 60),
            "viewing_ttl_s": int(rules.SERVICE_VIEWING_TTL.total_seconds()),
            "idle_warn_s": int(rules.SERVICE_IDLE_WARN.total_seconds()),
            "idle_end_s": int(rules.SERVICE_IDLE_END.total_seconds()),
            "due_soon_s": int(rules.SERVICE_DUE_SOON.total_seconds()),
        },
    }


def chat_body(seat: Seat, chat: ServiceChat) -> Body:
    """Return what ``ChatShape`` describes, as the chat stands now."""
    row = own_row(seat, chat.pk)
    if row is None:
        raise NotFoundError
    delivered, read = marks_of(chat.conversation_id, chat.customer_id)
    return row | {
        "marks": {"delivered": delivered, "read": read},
        "drafts": drafts_of(chat, seat.agent),
        "viewing": viewing_of(chat, agent=seat.agent),
        "can": _can(seat, row),
        "moves": _moves(chat),
        "rating": _rating(chat),
    }


def team_body(team: Team) -> Body:
    """Return what ``TeamShape`` describes."""
    return team_of(team.public_id, team.code, team.name_zh, team.name_en)


def tag_body(tag: Tag) -> Body:
    """Return what ``TagShape`` describes."""
    return tag_of(tag.pk, tag.name_zh, tag.name_en, tag.colour)


def canned_body(reply: CannedReply, seat: Seat, chat: ServiceChat | None = None) -> Body:
    """Return what ``CannedShape`` describes; filled in when a chat is given."""
    text = filled(reply, chat, seat.agent) if chat else in_reader_s_language(reply)
    return {
        "id": reply.public_id,
        "shortcut": reply.shortcut,
        "title": reply.title,
        "text": text,
        "text_zh": reply.text_zh,
        "text_en": reply.text_en,
        "team": reply.team.public_id if reply.team else None,
        "own": reply.owner_id == seat.agent.pk,
        "used": reply.used_count,
    }


def left_body(message: LeftMessage) -> Body:
    """Return what ``LeftMessageShape`` describes."""
    customer, agent = message.customer, message.answered_by
    return {
        "id": message.public_id,
        "customer": customer_of(customer.public_id, customer.name, customer.phone, message.side),
        "team": team_body(message.team),
        "face": message.face,
        "language": message.language,
        "body": message.body,
        "state": message.state,
        "at": message.created_at,
        "answered_by": {"id": agent.public_id, "name": agent.nickname} if agent else None,
        "answered_at": message.answered_at,
        "chat": message.chat.public_id if message.chat else None,
    }


def macro_body(macro: Macro) -> Body:
    """Return what ``MacroShape`` describes."""
    return {
        "id": macro.public_id,
        "title": macro.title,
        "says": in_reader_s_language(macro.reply) if macro.reply else "",
        "tags": [tag_body(tag) for tag in macro.tags.all()],
        "transfer_to": team_body(macro.transfer_to) if macro.transfer_to else None,
        "ends_chat": macro.ends_chat,
        "used": macro.used_count,
    }


def _can(seat: Seat, row: Body) -> Body:
    is_active = row["state"] == ChatState.ACTIVE
    is_mine = is_active and row["agent"]["id"] == seat.agent.public_id
    is_led = seat.leads and row["state"] != ChatState.ENDED
    return {
        "reply": is_mine,
        "take": row["state"] == ChatState.WAITING,
        "take_over": is_active and not is_mine,
        "transfer": is_mine or is_led,
        "end": is_mine or is_led,
        "force": is_led,
    }


def _moves(chat: ServiceChat) -> list[Body]:
    rows = ChatMove.objects.filter(chat=chat).select_related("agent", "team").order_by("id")
    return [_move(row) for row in rows]


def _move(row: ChatMove) -> Body:
    agent = row.agent
    return {
        "at": row.at,
        "before": row.before,
        "after": row.after,
        "reason": row.reason,
        "agent": {"id": agent.public_id, "name": agent.nickname} if agent else None,
        "team": team_body(row.team),
        "remark": row.remark,
    }


def _rating(chat: ServiceChat) -> Body | None:
    review = review_of_target(TargetKind.SERVICE_CHAT, chat.public_id)
    if review is None:
        return None
    return {
        "chat": chat.public_id,
        "stars": review.stars,
        "tags": review.tags,
        "text": review.text,
        "at": review.created_at,
    }
