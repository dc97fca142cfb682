"""Conversations and messages as the shapes describe them, made of plain values."""

from datetime import datetime
from typing import Any

from chat.selectors.feed import Page, speak
from chat.selectors.reading import MessagePage, Values
from clinic.core.clock import CLINIC_ZONE

Body = dict[str, Any]


def conversation_of(values: Values) -> Body:
    """Return what ``ConversationSerializer`` describes."""
    last = values["last_message"]
    return {
        **values,
        "writing_until": _local(values["writing_until"]),
        "last_message_at": _local(values["last_message_at"]),
        "last_message": speak(last) if last else None,
    }


def page_of(conv: object, page: MessagePage, *, is_onward: bool) -> Body:
    """Return what ``MessagePageSerializer`` describes; onward means from a number on."""
    messages = [speak(message) for message in page.messages]
    upto = messages[-1]["seq"] if messages else page.top
    return {
        "conv": conv,
        "messages": messages,
        "last_seq": page.top,
        "last_rev": page.top_rev,
        "more": upto < page.top if is_onward else page.start > 0,
    }


def changes_of(page: Page) -> Body:
    """Return what ``MessagePageSerializer`` describes, of what changed after a revision."""
    return page | {"messages": [speak(message) for message in page["messages"]]}


def _local(moment: datetime | None) -> datetime | None:
    return moment.astimezone(CLINIC_ZONE) if moment else None
