"""Rivals at the desk, on real connections. Each lock has a control that fails without it."""

from collections.abc import Callable
from threading import Event
from typing import Any

import pytest
from django.db import Error as DatabaseError
from django.db import connection, transaction
from django.db.models import Count, Q

from clinic.core.errors import ClinicError
from clinic.customer_service.enums import AgentStatus
from clinic.customer_service.errors import ChatTakenError
from clinic.customer_service.models import Agent, Handling, ServiceChat, Team
from clinic.customer_service.services import dispatch, handing, opening
from clinic.customer_service.services.agents import set_status
from clinic.customer_service.services.ending import end_by_customer
from clinic.customer_service.services.state import lock_team
from tests.cast import Member
from tests.customer_service.conftest import (
    AgentMember,
    ask,
    asked,
    fresh,
    make_agent,
    make_customers,
    make_team,
)
from tests.doctors.rivals import together, wait_until_blocking

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
DISPATCHERS = 6


def _quietly(work: Callable[[], Any]) -> Any:
    """Return what the work returns, or the error that it met."""
    try:
        return work()
    except (ClinicError, DatabaseError) as error:
        return error


def _pause(seconds: float) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(%s)", [seconds])


def _queue(count: int, team: Team) -> list[ServiceChat]:
    """Let so many customers wait while nobody is there."""
    return [asked(member, team_public_id=team.public_id) for member in make_customers(count)]


def _over_the_limit() -> int:
    load = Count("chats", filter=Q(chats__state="active"))
    rows = Agent.objects.annotate(load=load).values_list("load", "max_chats")
    return sum(load > limit for load, limit in rows)


def test_two_agents_who_take_one_chat_get_it_once(
    team: Team, lin: Member, breaches: Callable[[], list[str]]
) -> None:
    chat = asked(lin)
    takers = [make_agent(name, status="busy") for name in "甲乙"]

    results = together(
        2,
        lambda n: _quietly(
            lambda: handing.take(chat.pk, agent=takers[n].agent, actor=takers[n].actor)
        ),
    )

    assert sum(isinstance(result, ChatTakenError) for result in results) == 1
    assert Handling.objects.count() == 1
    assert breaches() == []


def test_without_the_lock_the_second_taker_breaks_off_in_the_middle(
    team: Team, lin: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    chat = asked(lin)
    takers = [make_agent(name, status="busy") for name in "甲乙"]

    def look_only(chat_id: int) -> ServiceChat:
        row = ServiceChat.objects.get(pk=chat_id)
        _pause(0.1)
        return row

    monkeypatch.setattr(handing, "locked", look_only)

    results = together(
        2,
        lambda n: _quietly(
            lambda: handing.take(chat.pk, agent=takers[n].agent, actor=takers[n].actor)
        ),
    )

    # The guarded write saves the data, but the loser is not told that he was too late.
    assert any(isinstance(result, Exception) for result in results)
    assert not any(isinstance(result, ChatTakenError) for result in results)


def test_a_double_tap_opens_one_chat(
    agent: AgentMember, lin: Member, breaches: Callable[[], list[str]]
) -> None:
    results = together(8, lambda _n: ask(lin))

    assert sum(result.is_new for result in results) == 1
    assert len({result.chat.pk for result in results if result.chat}) == 1
    assert ServiceChat.objects.count() == 1
    assert breaches() == []


def test_without_the_lock_a_double_tap_is_an_error(
    agent: AgentMember, lin: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "lock_customer", lambda _pk: None)
    monkeypatch.setattr(opening, "lock_team", lambda _pk: _pause(0.1))

    results = together(8, lambda _n: _quietly(lambda: ask(lin)))

    assert any(isinstance(result, DatabaseError) for result in results)


def test_an_agent_who_goes_offline_during_a_dispatch_keeps_no_waiting_customer(
    team: Team, breaches: Callable[[], list[str]]
) -> None:
    _queue(3, team)
    leaver = make_agent("甲")
    works: list[Callable[[], Any]] = [
        lambda: dispatch.dispatch(team.pk),
        lambda: set_status(leaver.agent.pk, AgentStatus.OFFLINE, by=leaver.actor),
    ]

    together(2, lambda n: works[n]())

    assert leaver.row.status == "offline"
    assert ServiceChat.objects.filter(state="active").count() == 0
    assert breaches() == []


def test_without_the_agent_s_lock_he_goes_home_with_customers(
    team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    _queue(3, team)
    leaver = make_agent("甲")
    monkeypatch.setattr(dispatch, "LOCK_AGENTS", _unlocked(dispatch.LOCK_AGENTS))
    pick = dispatch._oldest_waiting

    def slowly(*args: Any) -> Any:
        found = pick(*args)
        _pause(0.3)
        return found

    monkeypatch.setattr(dispatch, "_oldest_waiting", slowly)

    def leave() -> Any:
        _pause(0.1)
        return set_status(leaver.agent.pk, AgentStatus.OFFLINE, by=leaver.actor)

    works: list[Callable[[], Any]] = [lambda: dispatch.dispatch(team.pk), leave]
    together(2, lambda n: works[n]())

    assert leaver.row.status == "offline"
    assert ServiceChat.objects.filter(state="active", agent=leaver.agent).count() == 3


def _unlocked(statement: str) -> str:
    return statement.replace("FOR NO KEY UPDATE OF a", "")


def test_six_dispatchers_at_once_keep_order_and_limits(
    team: Team, breaches: Callable[[], list[str]]
) -> None:
    chats = _queue(40, team)
    for n in range(6):
        make_agent(f"客服{n}", places=5)

    given = together(DISPATCHERS, lambda _n: dispatch.dispatch(team.pk))

    assert sum(given) == 30
    assert [fresh(chat).state for chat in chats] == ["active"] * 30 + ["waiting"] * 10
    assert _over_the_limit() == 0
    assert breaches() == []


def test_who_is_given_back_while_the_queue_is_locked_is_not_served_before(
    team: Team, lin: Member, breaches: Callable[[], list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    leaver = make_agent("甲", places=1)
    chat = asked(lin)
    make_agent("乙", places=1)
    is_locked, is_waiting, is_back = Event(), Event(), Event()
    for hook in ("dispatch_on_commit", "serve_agent_on_commit"):
        monkeypatch.setattr(handing, hook, lambda _key: None)

    def hold() -> None:
        with transaction.atomic():
            lock_team(team.pk)
            is_locked.set()
            wait_until_blocking(is_back)
            is_waiting.set()
            is_back.wait(10)

    def serve() -> None:
        is_locked.wait(10)
        dispatch.dispatch(team.pk)

    def give_back() -> None:
        is_waiting.wait(10)
        handing.transfer_to_team(chat.pk, team=None, by=leaver.agent, actor=leaver.actor)
        is_back.set()

    works = (hold, serve, give_back)
    together(3, lambda n: works[n]())

    assert (fresh(chat).state, Handling.objects.filter(chat=chat).count()) == ("active", 2)
    assert breaches() == []


def test_two_queues_that_share_agents_stay_within_their_limits(
    team: Team, breaches: Callable[[], list[str]]
) -> None:
    other = make_team("pay")
    _queue(10, team)
    for member in make_customers(10):
        asked(member, team_public_id=other.public_id)
    for n in range(2):
        make_agent(f"客服{n}", places=4).agent.teams.add(other)

    together(DISPATCHERS, lambda n: dispatch.dispatch((team, other)[n % 2].pk))

    assert ServiceChat.objects.filter(state="active").count() == 8
    assert _over_the_limit() == 0
    assert breaches() == []


def test_without_the_agents_lock_two_queues_overload_them(
    team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = make_team("pay")
    _queue(10, team)
    for member in make_customers(10):
        asked(member, team_public_id=other.public_id)
    for n in range(2):
        make_agent(f"客服{n}", places=4).agent.teams.add(other)
    monkeypatch.setattr(dispatch, "LOCK_AGENTS", _unlocked(dispatch.LOCK_AGENTS))
    pick = dispatch._oldest_waiting

    def slowly(*args: Any) -> Any:
        _pause(0.2)
        return pick(*args)

    monkeypatch.setattr(dispatch, "_oldest_waiting", slowly)

    together(2, lambda n: dispatch.dispatch((team, other)[n].pk))

    assert _over_the_limit() > 0


def _open_and_dispatch(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    """A customer comes slowly, one after him quickly, and a place is given away in between."""
    early, late = make_customers(2)
    insert = opening.start_timers

    def slowly(chat: ServiceChat, *args: Any, **told: Any) -> None:
        insert(chat, *args, **told)
        if chat.customer_id == early.user.pk:
            _pause(0.6)

    monkeypatch.setattr(opening, "start_timers", slowly)
    server = make_agent("甲", places=1, status="offline")

    def come(n: int) -> Any:
        if n == 0:
            return asked(early)
        _pause(0.1)
        chat = asked(late)
        Agent.objects.filter(pk=server.agent.pk).update(status="online")
        dispatch.dispatch(team.pk)
        return chat

    together(2, come)


def test_who_comes_first_is_served_first_however_slowly_he_is_written_down(
    team: Team, monkeypatch: pytest.MonkeyPatch, breaches: Callable[[], list[str]]
) -> None:
    _open_and_dispatch(team, monkeypatch)

    first, second = ServiceChat.objects.order_by("enqueued_at")
    assert (first.state, second.state) == ("active", "waiting")
    assert breaches() == []


def test_without_the_queue_s_lock_who_came_later_is_served_first(
    team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "lock_team", lambda _pk: None)
    monkeypatch.setattr(opening, "serve_now", lambda _pk: None)
    monkeypatch.setattr(dispatch, "LOCK_TEAM", "")

    _open_and_dispatch(team, monkeypatch)

    first, second = ServiceChat.objects.order_by("enqueued_at")
    assert (first.state, second.state) == ("waiting", "active")


def test_customers_who_come_leave_and_end_leave_everything_in_order(
    team: Team, breaches: Callable[[], list[str]]
) -> None:
    for n in range(3):
        make_agent(f"客服{n}", places=2)
    members = make_customers(16)

    def visit(n: int) -> None:
        chat = asked(members[n])
        if n % 2:
            end_by_customer(chat.pk, actor=members[n].actor)

    together(len(members), visit)
    dispatch.dispatch_all()

    assert ServiceChat.objects.filter(state="active").count() == 6
    assert ServiceChat.objects.filter(state="waiting").count() == 2
    assert _over_the_limit() == 0
    assert breaches() == []


def test_a_chat_is_ended_once_whoever_ends_it(
    agent: AgentMember, lin: Member, breaches: Callable[[], list[str]]
) -> None:
    chat = asked(lin)

    together(8, lambda _n: end_by_customer(chat.pk, actor=lin.actor))

    assert chat.moves.filter(after="ended").count() == 1
    assert breaches() == []
