"""Who is told when something of the desk changed: after the commit, outside of every lock.

The room's own pages register here; what they do must be quick and may fail without harm.
"""

import logging
from collections.abc import Callable, Iterable, Sequence

from django.db import transaction

log = logging.getLogger(__name__)
Watcher = Callable[[Sequence[int]], object]

_of_chats: list[Watcher] = []
_of_agents: list[Watcher] = []
_of_queues: list[Watcher] = []


def watch_chats(watcher: Watcher) -> Watcher:
    """Call ``watcher(chat_ids)`` after chats moved, were held, given priority or alarmed."""
    _of_chats.append(watcher)
    return watcher


def watch_agents(watcher: Watcher) -> Watcher:
    """Call ``watcher(agent_ids)`` after the status or the load of agents changed."""
    _of_agents.append(watcher)
    return watcher


def watch_queues(watcher: Watcher) -> Watcher:
    """Call ``watcher(team_ids)`` after the places in these queues were told anew."""
    _of_queues.append(watcher)
    return watcher


def chats_changed(chat_ids: Iterable[int]) -> None:
    """Tell the watchers of chats once the transaction commits."""
    _tell_on_commit(_of_chats, chat_ids)


def agents_changed(agent_ids: Iterable[int]) -> None:
    """Tell the watchers of agents once the transaction commits."""
    _tell_on_commit(_of_agents, agent_ids)


def queues_changed(team_ids: Iterable[int]) -> None:
    """Tell the watchers of queues once the transaction commits."""
    _tell_on_commit(_of_queues, team_ids)


def _tell_on_commit(watchers: list[Watcher], ids: Iterable[int]) -> None:
    told = sorted(set(ids))
    if told and watchers:
        transaction.on_commit(lambda: _tell(watchers, told), robust=True)


def _tell(watchers: list[Watcher], ids: list[int]) -> None:
    for watcher in watchers:
        try:
            watcher(ids)
        except Exception as error:  # noqa: BLE001 an edge: the change is stored, a page is late
            log.warning("watcher failed", extra={"error": type(error).__name__})
