"""Showing the desk what changed: each change is read once and pushed to those it concerns.

Rows are read after the commit, as they are then; a push that is lost is made good by the next read
of the list.
"""

from collections.abc import Iterable, Sequence
from typing import Any, Final
from uuid import UUID

from chat.enums import Activity, ConversationKind
from chat.services.activity import Note, on_activity
from clinic.customer_service.selectors.chats import keys_of_conversations
from clinic.customer_service.selectors.colleagues import (
    colleagues_by_key,
    people_around_agents,
    watchers,
    whereabouts,
)
from clinic.customer_service.selectors.lengths import queue_lengths
from clinic.customer_service.selectors.rows import rows_by_key
from clinic.customer_service.services.watching import watch_agents, watch_chats, watch_queues
from clinic.realtime.frames import Push, render
from clinic.realtime.push import push_now

Frame = dict[str, Any]
WORDS: Final = (Activity.MESSAGE, Activity.EDIT)


@watch_chats
def show_chats(chat_ids: Sequence[int]) -> None:
    """Push the rows of these chats to who sees them; who sees them no more is told so."""
    rows = rows_by_key(chat_ids)
    places = [place for place in whereabouts(chat_ids) if place[0] in rows]
    people = watchers({team for place in places for team in place[2:4] if team is not None})
    for key, public_id, team, team_before, served in places:
        concerned = {*people.get(team, ()), *served}
        _push(concerned, {"t": "desk_chat", "chat": public_id, "gone": False, "row": rows[key]})
        lost = set(people.get(team_before, ())) - concerned
        _push(lost, {"t": "desk_chat", "chat": public_id, "gone": True, "row": None})


@watch_agents
def show_agents(agent_ids: Sequence[int]) -> None:
    """Push the status and load of these agents to their colleagues and supervisors."""
    people = people_around_agents(agent_ids)
    for one in colleagues_by_key(agent_ids):
        frame = {
            "t": "desk_agent",
            "agent": one["id"],
            "name": one["name"],
            "status": one["status"],
            "since": one["status_since"],
            "load": one["load"],
            "max": one["max"],
        }
        _push(people.get(one["pk"], ()), frame)


@watch_queues
def show_queues(team_ids: Sequence[int]) -> None:
    """Push the length of these queues to who serves them."""
    people = watchers(team_ids)
    for length in queue_lengths(team_ids):
        frame = {
            "t": "desk_queue",
            "team": length.team,
            "waiting": length.waiting,
            "longest_s": length.longest_seconds,
        }
        _push(people.get(length.team_id, ()), frame)


def show_talk(notes: Sequence[Note]) -> None:
    """Push the rows of chats in which somebody wrote."""
    said = {note.conversation_id for note in notes if note.activity in WORDS}
    if said:
        show_chats(keys_of_conversations(said))


for _kind in (ConversationKind.SERVICE, ConversationKind.ASSISTANT):
    on_activity(_kind, show_talk)


def _push(people: Iterable[UUID], frame: Frame) -> None:
    users = tuple(sorted(account.hex for account in people))
    if users:
        push_now([Push(users, render(frame))])
