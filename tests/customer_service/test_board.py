"""The board tells who leads the desk how it stands, and nobody else."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from chat.enums import MemberRole
from clinic.core.clock import now
from clinic.core.models import AuditEntry
from clinic.core.roles import Role
from clinic.customer_service.models import Agent, ServiceChat, SlaTimer, Team
from clinic.customer_service.services.sweeping import alarm_long_waits
from clinic.settings import rules
from tests.cast import Member, make_member
from tests.console.conftest import browser
from tests.customer_service.past import (
    end,
    make_agent,
    make_team,
    on_duty,
    open_chat,
    say,
    seconds,
    serve,
)

BOARD = "/api/v1/desk/board"


@pytest.fixture
def team(db: None) -> Team:
    """The team."""
    return make_team()


@pytest.fixture
def lead(team: Team) -> Member:
    """A supervisor, offline."""
    member = make_member("班长", Role.CUSTOMER_SERVICE, is_staff=True)
    make_agent("班长", team, member=member, is_supervisor=True)
    return member


def _board(member: Member) -> dict[str, Any]:
    answer = member.client.get(BOARD)
    assert answer.status_code == 200, answer.content
    return dict(answer.json())


def _online(team: Team, nickname: str = "小青", **fields: Any) -> Agent:
    agent = make_agent(nickname, team, **fields)
    on_duty(agent, [(now(), "online")])
    return agent


def test_agents_are_shown_with_load_and_their_longest_unanswered_word(
    team: Team, lead: Member
) -> None:
    agent, moment = _online(team, max_chats=4), now()
    answered, waiting = open_chat(team, moment), open_chat(team, moment)
    for chat in (answered, waiting):
        serve(chat, agent, moment - seconds(300))
        say(chat, MemberRole.PATIENT, moment - seconds(290))
        say(chat, MemberRole.AGENT, moment - seconds(280))
    say(waiting, MemberRole.PATIENT, moment - seconds(90))
    say(waiting, MemberRole.PATIENT, moment - seconds(20))

    row = _board(lead)["agents"][0]

    assert (row["name"], row["status"], row["load"], row["max"]) == ("小青", "online", 2, 4)
    assert row["unanswered_since"] is not None
    since = moment - seconds(90)
    assert datetime.fromisoformat(row["unanswered_since"]) == since
    assert row["teams"] == [str(team.public_id)]


def test_queues_are_counted_and_customers_masked(team: Team, lead: Member) -> None:
    make_team("medical", name_en="Medical")
    _online(team)
    chat = open_chat(team, now() - seconds(120))
    urgent = open_chat(team, now())
    ServiceChat.objects.filter(pk=urgent.pk).update(priority=1)

    board = _board(lead)

    general, medical = board["teams"]
    assert (general["waiting"], general["online"], medical["waiting"]) == (2, 1, 0)
    assert 120 <= general["longest_s"] < 140
    assert medical["longest_s"] is None
    assert [row["id"] for row in board["queue"]] == [str(urgent.public_id), str(chat.public_id)]
    assert chat.customer.name not in str(board)
    assert str(chat.customer.phone) not in str(board)
    assert board["figures"]["waiting"] == 2


def test_the_day_is_told_in_figures(team: Team, lead: Member) -> None:
    agent, moment = _online(team), now()
    for wait in (10, 20, 60):
        chat = open_chat(team, moment - seconds(wait))
        serve(chat, agent, moment)
        SlaTimer.objects.create(
            chat=chat,
            metric="first_reply",
            started_at=moment - seconds(wait),
            due_at=moment + seconds(30 - wait),
            met_at=moment,
        )
    end(open_chat(team, moment), moment, "left_queue")

    figures = _board(lead)["figures"]

    assert (figures["active"], figures["online"]) == (3, 1)
    assert (figures["wait_p50_s"], figures["wait_p90_s"]) == (20, 52)
    assert (figures["ended_today"], figures["abandoned_today"]) == (1, 1)
    assert figures["abandoned_percent"] == 25.0
    assert figures["first_reply_kept_percent"] == pytest.approx(66.7)
    assert figures["resolution_kept_percent"] is None
    assert figures["stars_today"] is None


def test_what_is_late_is_an_alarm(team: Team, lead: Member) -> None:
    agent, moment = _online(team), now()
    waits = open_chat(team, moment - rules.SERVICE_WAITING_ALARM)
    open_chat(team, moment - rules.SERVICE_FIRST_REPLY_TARGET)
    silent = open_chat(team, moment)
    serve(silent, agent, moment)
    alarm_long_waits(moment)
    _remind(silent, moment)
    SlaTimer.objects.create(
        chat=silent,
        metric="resolution",
        started_at=moment - timedelta(hours=1),
        due_at=moment - timedelta(minutes=30),
        broken_at=moment,
    )

    assert _alarms(lead) == {
        (str(waits.public_id), "waiting_long"),
        (str(silent.public_id), "agent_silent"),
        (str(silent.public_id), "sla_resolution"),
    }


def test_an_alarm_is_over_when_the_agent_answers(team: Team, lead: Member) -> None:
    agent, moment = _online(team), now() - seconds(90)
    chat = open_chat(team, moment)
    serve(chat, agent, moment)
    say(chat, MemberRole.AGENT, moment)
    say(chat, MemberRole.PATIENT, moment)
    _remind(chat, moment + seconds(60))
    assert _alarms(lead) == {(str(chat.public_id), "agent_silent")}

    say(chat, MemberRole.AGENT, moment + seconds(70))

    assert _alarms(lead) == set()


def _remind(chat: ServiceChat, moment: datetime) -> None:
    ServiceChat.objects.filter(pk=chat.pk).update(alarmed_at=moment)


def _alarms(member: Member) -> set[tuple[str, str]]:
    return {(row["chat"], row["kind"]) for row in _board(member)["alarms"]}


def test_the_console_shows_it_by_its_cookie_and_administrators_need_no_seat(
    lead: Member, an: Member
) -> None:
    assert browser(lead.user).get(BOARD).status_code == 200
    assert browser(an.user).get(BOARD).status_code == 200
    assert an.client.get(BOARD).status_code == 200


def test_who_leads_sets_others_busy_or_offline_and_never_online(
    team: Team, lead: Member, an: Member
) -> None:
    agent = _online(team)
    path = f"/api/v1/desk/agents/{agent.public_id}/status"

    done = an.client.post(path, {"status": "busy"}, format="json")
    refused = lead.client.post(path, {"status": "online"}, format="json")

    assert (done.status_code, done.json()["results"][0]["status"]) == (200, "busy")
    assert done.json()["results"][0]["me"] is False
    assert (refused.status_code, refused.json()["code"]) == (409, "only_himself")
    agent.refresh_from_db()
    assert agent.status == "busy"
    assert AuditEntry.objects.filter(verb="agent.status").exists()


def test_others_do_not_see_it(team: Team, lead: Member, lin: Member, bao: Member) -> None:
    make_agent("小青", team, member=bao)

    assert APIClient().get(BOARD).status_code == 401
    assert lin.client.get(BOARD).status_code == 403
    assert bao.client.get(BOARD).json()["code"] == "forbidden"
    Agent.objects.filter(user=lead.user).update(is_active=False)
    assert lead.client.get(BOARD).json()["code"] == "not_an_agent"


def test_more_chats_and_agents_cost_no_more_queries(team: Team, lead: Member) -> None:
    _fill(team, 1)
    with CaptureQueriesContext(connection) as few:
        _board(lead)
    _fill(team, 4)

    with CaptureQueriesContext(connection) as many:
        board = _board(lead)

    assert len(board["queue"]) == 5
    assert len(many) == len(few) <= 12


def _fill(team: Team, number: int) -> None:
    for place in range(number):
        agent = _online(team, f"小{place}")
        open_chat(team, now())
        chat = open_chat(team, now())
        serve(chat, agent, now())
        say(chat, MemberRole.PATIENT, now())
