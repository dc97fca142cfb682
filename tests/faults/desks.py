"""What stories of the desk share: who works there, who comes, and waiting until something is so."""

import time
from collections.abc import Callable
from typing import Any, TypeVar

from bench import seed
from bench.stack import Stack
from clinic.core.clock import now
from clinic.core.roles import Role
from clinic.customer_service.enums import AgentStatus, ChatState
from clinic.customer_service.models import Agent, ServiceChat, Team
from clinic.embedded import redis
from clinic.embedded.processes import processes_in
from tests.faults.logins import logins
from tests.faults.visitors import Visitor

PATIENCE_SECONDS = 240  # a hung house is found; a busy machine is no fault
One = TypeVar("One", bound=Visitor)


def agents(count: int, places: int) -> list[seed.Person]:
    """Store agents of the default team who are online."""
    defaults = {"name_zh": "综合客服", "name_en": "General", "is_default": True}
    team, _made = Team.objects.update_or_create(code="general", defaults=defaults)
    found = seed.people(count, Role.CUSTOMER_SERVICE)
    for person in found:
        agent = Agent.objects.create(
            user_id=person.user_id,
            nickname="小测",
            max_chats=places,
            status=AgentStatus.ONLINE,
            heartbeat_at=now(),
        )
        agent.teams.add(team)
    return found


def devices(kind: type[One], people: list[seed.Person], stack: Stack) -> list[One]:
    """Return a device of each person, logged in."""
    found = logins([one.user_id for one in people])
    return [
        kind(
            token=found[one.user_id].access,
            user=str(one.public_id),
            port=stack.options.port,
            login=found[one.user_id],
        )
        for one in people
    ]


def kill_valkey(stack: Stack) -> None:
    """End Valkey as a fault would."""
    folder = (stack.data_dir / "servers" / redis.FOLDER).resolve()
    for server in processes_in(folder, redis.PROCESS_NAMES):
        server.kill()


def open_chats() -> Any:
    """Return the chats that have not ended."""
    return ServiceChat.objects.exclude(state=ChatState.ENDED)


def wait(is_reached: Callable[[], bool], complaint: str | Callable[[], str]) -> None:
    """Return once something is so."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not is_reached():
        if time.monotonic() > deadline:
            raise TimeoutError(complaint if isinstance(complaint, str) else complaint())
        time.sleep(0.2)
