"""Who looks at a chat or answers in it right now, so that two agents do not answer at once.

A flag lives for SERVICE_VIEWING_TTL in the cache; without Redis only agents of the same process
see each other's flags, and what guards the customer is the check of what the sender had seen.
"""

from typing import Any, Final

from django.core.cache import cache

from clinic.customer_service.models import Agent, ServiceChat
from clinic.customer_service.selectors.colleagues import colleagues, people_around
from clinic.realtime.push import push_on_commit
from clinic.settings import rules

STATES: Final = ("viewing", "replying", "gone")
GONE: Final = "gone"


def note_viewing(chat: ServiceChat, *, agent: Agent, state: str) -> list[dict[str, Any]]:
    """Keep what the agent does with the chat, show it to colleagues, return what they do."""
    key = _key(chat.pk, agent.pk)
    if state == GONE:
        cache.delete(key)
    else:
        cache.set(key, state, int(rules.SERVICE_VIEWING_TTL.total_seconds()))
    people = colleagues()
    mine = next((one["account"] for one in people if one["pk"] == agent.pk), None)
    concerned = [account for account in people_around(chat) if account != mine]
    frame = {
        "t": "desk_viewing",
        "chat": chat.public_id,
        "agent": {"id": agent.public_id, "name": agent.nickname},
        "state": state,
    }
    push_on_commit(concerned, frame)
    return _flags(chat, agent, people)


def viewing_of(chat: ServiceChat, *, agent: Agent) -> list[dict[str, Any]]:
    """Return which colleagues look at the chat or answer in it."""
    return _flags(chat, agent, colleagues())


def _flags(chat: ServiceChat, agent: Agent, people: list[dict[str, Any]]) -> list[dict[str, Any]]:
    keys = {_key(chat.pk, one["pk"]): one for one in people if one["pk"] != agent.pk}
    found: dict[str, str] = cache.get_many(list(keys))
    return [
        {"agent": {"id": keys[key]["id"], "name": keys[key]["name"]}, "state": state}
        for key, state in found.items()
    ]


def _key(chat_id: int, agent_id: int) -> str:
    return f"desk.viewing:{chat_id}:{agent_id}"
