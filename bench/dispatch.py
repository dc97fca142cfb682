"""Customer service: six processes give away the same queue at the same time."""

import multiprocessing
import time
from collections import Counter
from datetime import timedelta
from itertools import pairwise
from multiprocessing.synchronize import Barrier
from typing import Any

from django.db import connection, connections
from django.db.models import Count, F, Q

from bench import machine, seed
from bench.report import Report, Row
from bench.stack import Stack
from chat.enums import ConversationKind
from chat.models import Conversation, Member
from clinic.core.clock import now
from clinic.core.ids import uuid7
from clinic.core.roles import Role
from clinic.customer_service.enums import AgentStatus, ChatState, Side
from clinic.customer_service.models import Agent, Handling, ServiceChat, Team
from clinic.customer_service.services.dispatch import dispatch
from clinic.customer_service.services.telling import topic_of

WORKERS = 6
AGENTS, PLACES = 20, 5
WAITING = 120  # more than there are places
SECTION = f"Customer service: {WORKERS} dispatchers, {AGENTS} agents of {PLACES} places each"


def measure(stack: Stack, report: Report, *, rounds: int) -> None:
    """Add a row: each round has a team, agents and a queue of its own."""
    teams = [_team(number) for number in range(rounds)]
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    database = machine.cpu_seconds([stack.postgres_pid()])
    results = _run([team.pk for team in teams])
    database = machine.cpu_seconds([stack.postgres_pid()]) - database
    given = Handling.objects.filter(team__in=teams).count()
    seconds = sum(
        max(r["ended"][n] for r in results) - min(r["started"][n] for r in results)
        for n in range(rounds)
    )
    report.add(
        SECTION,
        Row(
            what=f"chats given to agents, {rounds} queues of {WAITING}",
            per_second=given / seconds,
            server_ms=sum(r["cpu"] for r in results) / max(1, given) * 1000,
            database_ms=database / max(1, given) * 1000,
            note=_checks(teams, results),
        ),
    )


def _checks(teams: list[Team], results: list[dict[str, Any]]) -> str:
    given = Handling.objects.filter(team__in=teams).count()
    over = (
        Agent.objects.filter(teams__in=teams)
        .annotate(load=Count("chats", filter=Q(chats__state=ChatState.ACTIVE)))
        .filter(load__gt=F("max_chats"))
        .count()
    )
    double = sum(count > 1 for count in Counter(_order(teams)).values())
    inversions = sum(_inversions(team) for team in teams)
    told = sum(r["given"] for r in results)
    return (
        f"{given} of {len(teams) * AGENTS * PLACES} places filled ({told} reported), "
        f"{over} over the limit, {double} double, {inversions} inversions"
    )


def _inversions(team: Team) -> int:
    order = _order([team])
    still = ServiceChat.objects.filter(team=team, state=ChatState.WAITING)
    first_left = still.order_by("enqueued_at").values_list("pk", flat=True).first()
    overtaken = sum(first_left is not None and chat > first_left for chat in order)
    return overtaken + sum(later < earlier for earlier, later in pairwise(order))


def _order(teams: list[Team]) -> list[int]:
    """Return the chats in the order in which they were given; their keys rise with their wait."""
    rows = Handling.objects.filter(team__in=teams).order_by("id")
    return list(rows.values_list("chat_id", flat=True))


def _run(keys: list[int]) -> list[dict[str, Any]]:
    context = multiprocessing.get_context("fork")
    barrier, answers = context.Barrier(WORKERS), context.SimpleQueue()
    connections.close_all()
    workers = [context.Process(target=_work, args=(keys, barrier, answers)) for _ in range(WORKERS)]
    for worker in workers:
        worker.start()
    results = [answers.get() for _ in workers]
    for worker in workers:
        worker.join()
    return results


def _work(keys: list[int], barrier: Barrier, answers: Any) -> None:
    connection.ensure_connection()
    started, ended, given, cpu = [], [], 0, 0.0
    for key in keys:
        barrier.wait(60)
        before, used = time.monotonic(), time.process_time()
        while count := dispatch(key):
            given += count
        cpu += time.process_time() - used
        started.append(before)
        ended.append(time.monotonic())
    answers.put({"started": started, "ended": ended, "given": given, "cpu": cpu})
    connections.close_all()


def _team(number: int) -> Team:
    team = Team.objects.create(code=f"bench-{number}", name_zh=f"测试{number}", name_en="Bench")
    moment = now()
    agents = Agent.objects.bulk_create(
        Agent(
            user_id=person.user_id,
            nickname="小测",
            status=AgentStatus.ONLINE,
            heartbeat_at=moment + timedelta(minutes=10),
            max_chats=PLACES,
        )
        for person in seed.people(AGENTS, Role.CUSTOMER_SERVICE)
    )
    team.agents.set(agents)
    _wait(team, seed.people(WAITING, Role.PATIENT))
    return team


def _wait(team: Team, customers: list[seed.Person]) -> None:
    moment = now()
    keys = [uuid7() for _ in customers]
    talks = Conversation.objects.bulk_create(
        Conversation(kind=ConversationKind.SERVICE, topic=topic_of(key)) for key in keys
    )
    Member.objects.bulk_create(
        Member(conversation=talk, user_id=customer.user_id, role=Side.PATIENT)
        for talk, customer in zip(talks, customers, strict=True)
    )
    ServiceChat.objects.bulk_create(
        ServiceChat(
            public_id=key,
            conversation=talk,
            customer_id=customer.user_id,
            side=Side.PATIENT,
            team=team,
            language="zh-hans",
            state=ChatState.WAITING,
            enqueued_at=moment + timedelta(milliseconds=number),
        )
        for number, (key, talk, customer) in enumerate(zip(keys, talks, customers, strict=True))
    )
