"""Ended chats are picked for each agent and graded once, by somebody else who leads the desk."""

from datetime import timedelta

import pytest
from django.urls import reverse

from clinic.core.actor import system_actor
from clinic.core.clock import clinic_day, now
from clinic.core.models import AuditEntry
from clinic.core.roles import Role
from clinic.customer_service.models import Agent, QualityCheck, Team
from clinic.customer_service.services.quality import pick_for, pick_lately
from clinic.customer_service.tasks import pick_quality_checks
from tests.cast import Member, make_member
from tests.console.conftest import browser
from tests.customer_service.past import end, make_agent, make_team, open_chat, served_chat

BEAT = system_actor("beat")
YESTERDAY = timedelta(days=1)


@pytest.fixture
def team(db: None) -> Team:
    """The team."""
    return make_team()


@pytest.fixture
def qing(team: Team) -> Agent:
    """An agent."""
    return make_agent("小青", team)


@pytest.fixture
def lead(team: Team) -> Member:
    """A supervisor."""
    member = make_member("班长", Role.CUSTOMER_SERVICE, is_staff=True)
    make_agent("班长", team, member=member, is_supervisor=True)
    return member


def _step(member: Member, check: QualityCheck, **fields: object) -> str:
    address = reverse("admin:customer_service_qualitycheck_step", args=[check.pk, "grade"])
    grades = {"attitude": 5, "correctness": 4, "speed": 3, "remark": "不错", **fields}
    page = browser(member.user).post(address, grades, follow=True)
    return page.content.decode()


def test_each_agent_gets_a_share_and_at_least_one_check(team: Team, qing: Agent) -> None:
    lan = make_agent("小兰", team)
    moment = now() - YESTERDAY
    for _ in range(21):
        served_chat(team, qing, moment, lasted=1)
    served_chat(team, lan, moment, lasted=1)
    end(open_chat(team, moment), moment)  # nobody served it

    pick_quality_checks()

    checks = QualityCheck.objects.select_related("chat__agent")
    assert sorted(str(check.chat.agent) for check in checks) == ["小兰", "小青", "小青"]


def test_picking_again_picks_only_what_is_missing(team: Team, qing: Agent) -> None:
    moment = now() - YESTERDAY
    served_chat(team, qing, moment, lasted=1)
    assert pick_lately(by=BEAT) == 1
    assert pick_lately(by=BEAT) == 0

    for _ in range(20):
        served_chat(team, qing, moment, lasted=1)

    assert pick_for(clinic_day(moment), by=BEAT) == 1
    assert QualityCheck.objects.count() == 2


def test_a_supervisor_picks_at_once(team: Team, qing: Agent, lead: Member) -> None:
    served_chat(team, qing, now() - timedelta(seconds=30), lasted=1)
    address = reverse("quality-pick")

    refused = browser(qing.user).post(address, follow=True)
    assert QualityCheck.objects.count() == 0
    page = browser(lead.user).post(address, follow=True)

    assert refused.status_code == 200
    assert "not allowed" in refused.content.decode()
    assert "1 chat picked" in page.content.decode()
    assert browser(lead.user).get(address).status_code == 405


def test_a_supervisor_grades_once(team: Team, qing: Agent, lead: Member) -> None:
    served_chat(team, qing, now() - YESTERDAY, lasted=1)
    pick_lately(by=BEAT)
    check = QualityCheck.objects.get()

    assert "Done: Grade" in _step(lead, check)
    assert "graded already" in _step(lead, check, speed=1)

    check.refresh_from_db()
    assert (check.attitude, check.correctness, check.speed) == (5, 4, 3)
    assert check.checked_by == lead.user


@pytest.mark.parametrize("grade", ["0", "6", "", "x"])
def test_grades_are_one_to_five(team: Team, qing: Agent, lead: Member, grade: str) -> None:
    served_chat(team, qing, now() - YESTERDAY, lasted=1)
    pick_lately(by=BEAT)
    check = QualityCheck.objects.get()

    _step(lead, check, attitude=grade)

    check.refresh_from_db()
    assert check.checked_at is None


def test_nobody_grades_himself_and_plain_agents_grade_nothing(
    team: Team, qing: Agent, lead: Member
) -> None:
    served_chat(team, Agent.objects.get(user=lead.user), now() - YESTERDAY, lasted=1)
    pick_lately(by=BEAT)
    check = QualityCheck.objects.get()
    colleague = make_member("小兰", Role.CUSTOMER_SERVICE, is_staff=True)
    make_agent("小兰", team, member=colleague)

    assert "served this chat yourself" in _step(lead, check)
    assert "not allowed" in _step(colleague, check)

    check.refresh_from_db()
    assert check.checked_at is None


def test_the_words_are_read_beside_the_grades_and_the_reading_is_noted(
    team: Team, qing: Agent, lead: Member
) -> None:
    served_chat(team, qing, now() - YESTERDAY, lasted=1)
    pick_lately(by=BEAT)
    check = QualityCheck.objects.get()
    address = reverse("admin:customer_service_qualitycheck_change", args=[check.pk])
    auditor = make_member("审计", Role.AUDITOR, is_staff=True)

    read = browser(lead.user).get(address).content.decode()
    unread = browser(auditor.user).get(address).content.decode()

    assert "请问怎么退款" in read
    assert "请问怎么退款" not in unread
    assert AuditEntry.objects.filter(verb="service_chat.read").count() == 1
