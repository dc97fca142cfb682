"""Finding what was said at the desk."""

from typing import Any, Final
from uuid import UUID

from chat.services.searching import search_messages
from clinic.core.errors import InvalidInputError
from clinic.customer_service.selectors.search import SHOWN, talks_seen
from clinic.customer_service.selectors.seats import Seat

PREVIEW_CHARS: Final = 200


def find_messages(seat: Seat, text: str, team: UUID | None) -> list[dict[str, Any]]:
    """Return the newest messages that hold every word, in the newest chats the agent may open.

    Empty when the text holds no word.
    """
    talks = {talk.conversation: talk for talk in talks_seen(seat, team)}
    keys = [talk.conversation_id for talk in talks.values()]
    try:
        found = search_messages(query=text, conversation_ids=keys, size=SHOWN)
    except InvalidInputError:  # punctuation alone: a name may hold it all the same
        return []
    return [_shown(one, talks[one["conv"]].chat) for one in found.messages]


def _shown(message: dict[str, Any], chat: UUID) -> dict[str, Any]:
    return {
        "chat": chat,
        "conversation": message["conv"],
        "seq": message["seq"],
        "body": message["body"][:PREVIEW_CHARS],
        "role": message["role"],
        "at": message["sent_at"],
    }
