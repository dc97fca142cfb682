"""Places in the queue: told when they changed, only then, and in time."""

from typing import Any

import pytest
from django.db import OperationalError

from clinic.core.models import OutboxEvent
from clinic.customer_service.events import QueueMoved
from clinic.customer_service.models import ServiceChat, Team
from clinic.customer_service.services import dispatch
from clinic.customer_service.services.ending import end_by_agent, leave_queue
from clinic.customer_service.services.positions import tell_if_moved, tell_positions
from clinic.customer_service.services.sweeping import sweep
from clinic.realtime.threads import in_thread
from tests.cast import Member
from tests.customer_service.conftest import asked, make_agent, make_customers
from tests.live import LiveServer, phone


def told(*chats: ServiceChat) -> list[int | None]:
    """Return what each customer knows of his place."""
    known = dict(ServiceChat.objects.values_list("pk", "told_position"))
    return [known[chat.pk] for chat in chats]


@pytest.mark.django_db
def test_any_number_of_moves_is_one_event(team: Team) -> None:
    for member in make_customers(5):
        asked(member)

    assert OutboxEvent.objects.filter(kind=QueueMoved.name).count() == 1
    assert tell_if_moved(team.pk) == 5
    assert tell_if_moved(team.pk) == 0
    asked(make_customers(1)[0])
    assert OutboxEvent.objects.filter(kind=QueueMoved.name).count() == 2


@pytest.mark.django_db
def test_only_what_changed_is_told(team: Team) -> None:
    members = make_customers(3)
    chats = [asked(member) for member in members]
    tell_positions(team.pk)
    assert told(*chats) == [1, 2, 3]

    leave_queue(actor=members[1].actor)

    assert tell_positions(team.pk) == 1
    assert told(chats[0], chats[2]) == [1, 2]


@pytest.mark.django_db
def test_the_sweep_tells_what_a_lost_event_left_untold(team: Team) -> None:
    chat = asked(make_customers(1)[0])
    Team.objects.update(positions_changed=False)
    OutboxEvent.objects.all().delete()

    assert sweep()["places"] == 1
    assert told(chat) == [1]


@pytest.mark.django_db
def test_a_long_queue_is_told_in_a_fixed_number_of_questions(
    team: Team, django_assert_max_num_queries: Any
) -> None:
    for member in make_customers(30):
        asked(member)

    with django_assert_max_num_queries(6):
        assert tell_positions(team.pk) == 30


@pytest.mark.django_db(transaction=True)
async def test_who_waits_sees_the_queue_fall_and_then_his_agent(
    live_server_ws: LiveServer, team: Team, lin: Member, ge: Member
) -> None:
    first = await in_thread(asked, lin)
    second = await in_thread(asked, ge)

    async with phone(live_server_ws, lin) as a, phone(live_server_ws, ge) as b:
        await in_thread(tell_if_moved, team.pk)
        assert (await b.hear("queue"))["position"] == 2
        await in_thread(leave_queue, actor=lin.actor)
        assert (await a.hear("ended"))["reason"] == "left_queue"
        await in_thread(tell_if_moved, team.pk)
        frame = await b.hear("queue", position=1)
        assert (frame["chat"], frame["ahead"], frame["eta_s"]) == (str(second.public_id), 0, None)
        agent = await in_thread(make_agent, "包青")
        await in_thread(sweep)
        served = await b.hear("service")
        assert (served["state"], served["agent"]) == ("active", {"name": "小包"})
        assert (await b.hear("msg", code="agent_joined"))["conv"]
        assert str(first.public_id) != served["chat"]
        assert agent.agent.nickname == "小包"


@pytest.mark.django_db(transaction=True)
def test_events_alone_serve_and_tell_the_queue(team: Team, run_events: Any) -> None:
    first, second = (asked(member) for member in make_customers(2))
    make_agent(places=1)

    run_events()

    assert told(first, second) == [None, 1]
    assert ServiceChat.objects.get(pk=first.pk).state == "active"


@pytest.mark.django_db(transaction=True)
def test_a_freed_place_is_filled_at_once(team: Team, run_events: Any) -> None:
    agent = make_agent(places=1)
    first, second = make_customers(2)
    served, waiting = asked(first), asked(second)

    end_by_agent(served.pk, agent=agent.agent, actor=agent.actor)

    assert ServiceChat.objects.get(pk=waiting.pk).state == "active"
    run_events()
    assert ServiceChat.objects.get(pk=waiting.pk).agent == agent.agent


@pytest.mark.django_db(transaction=True)
def test_a_database_that_dies_after_the_end_spoils_no_answer(
    team: Team, lin: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_agent(places=1)
    chat = asked(lin)

    def dies(_agent_id: int) -> list[int]:
        raise OperationalError

    monkeypatch.setattr(dispatch, "team_ids_served_by", dies)
    answer = lin.client.post(f"/api/v1/service/chats/{chat.public_id}/end")

    assert answer.status_code == 200
    assert ServiceChat.objects.get(pk=chat.pk).state == "ended"
