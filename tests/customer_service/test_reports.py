"""Reports count what happened in days of the clinic and do not change afterwards."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from clinic.core.clock import CLINIC_ZONE, clinic_day, now
from clinic.customer_service.enums import How, MoveReason
from clinic.customer_service.models import LeftMessage, QualityCheck, ServiceChat, SlaTimer
from clinic.customer_service.selectors.reports import Report, report
from clinic.reviews.models import Review
from tests.customer_service.past import (
    end,
    give_back,
    make_agent,
    make_team,
    on_duty,
    open_chat,
    seconds,
    serve,
    served_chat,
)

DAY = clinic_day(now()) - timedelta(days=5)


def at(hour: int, minute: int = 0, day: date = DAY) -> datetime:
    """Return a moment of the clinic's clock."""
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=CLINIC_ZONE)


def _of_day() -> Report:
    return report(DAY, DAY)


def test_waits_replies_and_durations_come_from_the_histories(db: None) -> None:
    team = make_team()
    agent = make_agent("小青", team)
    for wait in (10, 20, 60):
        served_chat(team, agent, at(10), wait=wait, reply=wait / 2, lasted=300)

    total = _of_day().total

    assert (total.chats, total.served, total.abandoned) == (3, 3, 0)
    assert (total.wait_avg, total.wait_p50, total.wait_p90) == (30, 20, pytest.approx(52))
    assert (total.reply_p50, total.duration_avg) == (10, 300)


def test_who_left_before_an_agent_came_was_abandoned_and_who_waits_is_not(db: None) -> None:
    team = make_team()
    end(open_chat(team, at(9)), at(9, 5), MoveReason.LEFT_QUEUE)
    open_chat(team, at(9, 10))

    total = _of_day().total

    assert (total.chats, total.served, total.abandoned) == (2, 0, 1)
    assert total.abandoned_percent == 50.0
    assert total.wait_p50 is None


def test_a_day_is_the_clinics_day(db: None) -> None:
    team, before = make_team(), DAY - timedelta(days=1)
    open_chat(team, at(0))
    open_chat(team, at(23, 59))
    open_chat(team, at(23, 59, before))

    by_day = report(before, DAY).by_day

    assert {day: line.chats for day, line in by_day.items()} == {before: 1, DAY: 2}


def test_quiet_days_have_a_line_too(db: None) -> None:
    assert list(report(DAY, DAY + timedelta(days=2)).by_day) == [
        DAY + timedelta(days=step) for step in range(3)
    ]


def test_answers_to_left_messages_are_no_visits(db: None) -> None:
    team = make_team()
    chat = open_chat(team, at(9))
    serve(chat, make_agent("小青", team), at(9), How.LEFT_MESSAGE)

    assert _of_day().total.chats == 0


def test_teams_and_agents_have_lines_of_their_own(db: None) -> None:
    general, medical = make_team(), make_team("medical", name_en="Medical", name_zh="医疗")
    qing, lan = make_agent("小青", general), make_agent("小兰", medical)
    served_chat(general, qing, at(9))
    served_chat(general, qing, at(10))
    served_chat(medical, lan, at(11))

    with override("zh-hans"):
        found = _of_day()

    assert {name: line.chats for name, line in found.by_team.items()} == {"综合客服": 2, "医疗": 1}
    assert {name: line.chats for name, line in found.by_agent.items()} == {"小青": 2, "小兰": 1}


def test_what_a_silent_agent_gave_back_was_not_transferred(db: None) -> None:
    team = make_team()
    qing, lan = make_agent("小青", team), make_agent("小兰", team)
    chat = open_chat(team, at(9))
    serve(chat, qing, at(9, 1))
    give_back(chat, at(9, 3))
    serve(chat, lan, at(9, 4))
    end(chat, at(9, 31))

    assert _of_day().total.transfers == 0
    assert _of_day().work["小青"].given_away == 0


def test_a_transfer_counts_once_and_both_agents_worked(db: None) -> None:
    team = make_team()
    qing, lan = make_agent("小青", team), make_agent("小兰", team)
    chat = open_chat(team, at(9))
    serve(chat, qing, at(9, 1))
    serve(chat, lan, at(9, 11), How.TRANSFERRED)
    end(chat, at(9, 31))

    found = _of_day()

    assert found.total.transfers == 1
    assert found.work["小青"].given_away == 1
    assert found.work["小青"].handled_seconds == 600
    assert (found.work["小兰"].served, found.work["小兰"].handled_seconds) == (1, 1200)
    assert found.endings == {"ended_by_agent": 1}


def test_what_is_given_away_after_midnight_counts_on_the_next_day_alone(db: None) -> None:
    team, tomorrow = make_team(), DAY + timedelta(days=1)
    qing, lan = make_agent("小青", team), make_agent("小兰", team)
    chat = open_chat(team, at(23))
    serve(chat, lan, at(23, 1))
    serve(chat, qing, at(23, 30), How.TAKEN_OVER)
    before = _of_day()

    serve(chat, lan, at(0, 10, tomorrow), How.TRANSFERRED)
    end(chat, at(0, 20, tomorrow))

    found = _of_day().work["小青"]
    assert (found.given_away, found.taken_over) == (0, 1)
    assert found.handled_seconds == 1800
    assert before.work["小青"].given_away == 0
    later = report(tomorrow, tomorrow).work["小青"]
    assert (later.given_away, later.taken_over) == (1, 0)


def test_hours_on_duty_are_cut_at_the_edges_of_the_days(db: None) -> None:
    agent = make_agent("小青", make_team())
    yesterday = DAY - timedelta(days=1)
    on_duty(
        agent,
        [
            (at(23, 0, yesterday), "online"),
            (at(1), "busy"),
            (at(1, 30), "offline"),
            (at(22), "online"),
        ],
    )

    work = _of_day().work["小青"]

    assert work.online_seconds == 3600 + 2 * 3600
    assert work.busy_seconds == 1800


def test_load_by_hour_counts_chats_at_once(db: None) -> None:
    team = make_team()
    agent = make_agent("小青", team)
    for chat in (open_chat(team, at(9)), open_chat(team, at(9))):
        serve(chat, agent, at(9, 30))
        end(chat, at(10, 30))

    load = _of_day().load["小青"]

    assert (load[8], load[9], load[10], load[11]) == (0, 1, 1, 0)


def test_ratings_grades_promises_and_left_messages(db: None) -> None:
    team = make_team()
    agent = make_agent("小青", team)
    chat = served_chat(team, agent, at(9))
    _rate(chat, 4)
    QualityCheck.objects.create(
        chat=chat,
        picked_by="x",
        checked_by=agent.user,
        checked_at=at(20),
        attitude=5,
        correctness=4,
        speed=3,
    )
    for kept in (True, False):
        other = served_chat(team, agent, at(10))
        due = at(10) + seconds(60)
        SlaTimer.objects.create(
            chat=other,
            metric="first_reply",
            started_at=at(10),
            due_at=due,
            met_at=due + seconds(-1 if kept else 30),
            broken_at=None if kept else due,
        )
    LeftMessage.objects.create(
        customer=chat.customer,
        side="patient",
        team=team,
        language="en",
        body="?",
        created_at=at(3),
    )

    found = _of_day()

    assert (found.total.ratings, found.total.stars) == (1, 4.0)
    assert (found.work["小青"].grades, found.work["小青"].grade) == (1, 4.0)
    (promise,) = found.promises
    assert (promise.metric, promise.due, promise.kept_percent) == ("first_reply", 2, 50.0)
    assert (found.left.left, found.left.still_open) == (1, 1)


def test_a_report_does_not_change_when_chats_go_on(db: None) -> None:
    team = make_team()
    agent = make_agent("小青", team)
    chat = served_chat(team, agent, at(9))
    first = _of_day()

    ServiceChat.objects.filter(pk=chat.pk).update(
        enqueued_at=at(5), first_reply_at=at(23), assigned_at=at(23)
    )

    assert _of_day() == first


def test_more_chats_cost_no_more_queries(db: None) -> None:
    team = make_team()
    _fill(team, 1)
    with CaptureQueriesContext(connection) as few:
        _of_day()
    _fill(team, 4)

    with CaptureQueriesContext(connection) as many:
        found = _of_day()

    assert found.total.chats == 5
    assert len(many) == len(few)


def _fill(team: Any, number: int) -> None:
    for _ in range(number):
        agent = make_agent("小青", team)
        on_duty(agent, [(at(8), "online"), (at(18), "offline")])
        served_chat(team, agent, at(9))


def _rate(chat: ServiceChat, stars: int) -> None:
    assert chat.agent is not None
    Review.objects.create(
        author=chat.customer,
        about_user=chat.agent.user,
        target_kind="service_chat",
        target_public_id=chat.public_id,
        stars=stars,
    )
