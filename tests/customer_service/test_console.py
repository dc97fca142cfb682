"""The console screens of the desk: who sees, who changes, what is refused, what is noted."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from clinic.core.clock import clinic_day, now
from clinic.core.models import AuditEntry
from clinic.core.roles import Role
from clinic.customer_service.admin.pages import hours
from clinic.customer_service.models import (
    AgentStatusChange,
    LeftMessage,
    Note,
    QualityCheck,
    SlaTimer,
    Tag,
    Team,
    TeamDay,
    TeamHours,
)
from tests.cast import Member, make_member
from tests.console.conftest import browser
from tests.customer_service.past import make_agent, make_team, on_duty, open_chat, served_chat


@pytest.fixture
def team(db: None) -> Team:
    """The team."""
    return make_team()


@pytest.fixture
def lead(team: Team) -> Client:
    """A browser of a supervisor."""
    member = make_member("班长", Role.CUSTOMER_SERVICE, is_staff=True)
    make_agent("班长", team, member=member, is_supervisor=True)
    return browser(member.user)


@pytest.fixture
def plain(team: Team) -> Client:
    """A browser of an agent who leads nobody."""
    member = make_member("小青", Role.CUSTOMER_SERVICE, is_staff=True)
    make_agent("小青", team, member=member)
    return browser(member.user)


@pytest.fixture
def auditor(db: None) -> Client:
    """A browser of the auditor."""
    return browser(make_member("审计", Role.AUDITOR, is_staff=True).user)


def _save_team(client: Client, team: Team, **fields: Any) -> Any:
    hours = fields.pop("hours", [])
    days = fields.pop("days", [])
    form = {
        "name_zh": team.name_zh,
        "name_en": team.name_en,
        "code": team.code,
        "is_active": "on",
        "is_default": "on",
        "first_reply_target": "0:01:00",
        "resolution_target": "0:30:00",
        "hours-TOTAL_FORMS": len(hours),
        "hours-INITIAL_FORMS": 0,
        "days-TOTAL_FORMS": len(days),
        "days-INITIAL_FORMS": 0,
        **fields,
    }
    for prefix, rows in (("hours", hours), ("days", days)):
        for number, row in enumerate(rows):
            form |= {f"{prefix}-{number}-{name}": value for name, value in row.items()}
    address = reverse("admin:customer_service_team_change", args=[team.pk])
    return client.post(address, {key: value for key, value in form.items() if value is not None})


def test_a_supervisor_keeps_hours_and_days_of_a_team(lead: Client, team: Team) -> None:
    tomorrow = clinic_day(now()) + timedelta(days=1)

    answer = _save_team(
        lead,
        team,
        hours=[
            {"weekday": "0", "opens": "09:00", "closes": "12:00"},
            {"weekday": "0", "opens": "13:00", "closes": "18:00"},
        ],
        days=[{"date": str(tomorrow), "remark": "盘点"}],
    )

    assert answer.status_code == 302
    assert TeamHours.objects.filter(team=team).count() == 2
    assert TeamDay.objects.get(team=team).opens is None
    assert AuditEntry.objects.filter(verb="console.change").exists()


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"hours": [{"weekday": "0", "opens": "12:00", "closes": "09:00"}]}, "close after"),
        (
            {
                "hours": [
                    {"weekday": "0", "opens": "09:00", "closes": "12:00"},
                    {"weekday": "0", "opens": "11:00", "closes": "13:00"},
                ]
            },
            "overlap",
        ),
        ({"days": [{"date": "2030-01-01", "opens": "09:00"}]}, "both times"),
        ({"is_active": None}, "must be active"),
        ({"first_reply_target": "-0:01:00"}, "at most 30 days"),
        ({"resolution_target": "999999999 0:00:00"}, "at most 30 days"),
        ({"first_reply_target": "soon"}, "valid duration"),
    ],
)
def test_what_makes_no_sense_is_told_at_the_field(
    lead: Client, team: Team, fields: dict[str, Any], why: str
) -> None:
    answer = _save_team(lead, team, **fields)

    assert answer.status_code == 200
    assert why in answer.content.decode()
    assert not TeamHours.objects.exists()
    assert not TeamDay.objects.exists()


def test_a_team_with_open_chats_cannot_be_closed(lead: Client, team: Team) -> None:
    open_chat(team, now())

    answer = _save_team(lead, team, is_active=None, is_default=None)

    assert "1 chats of this team are open" in answer.content.decode()
    team.refresh_from_db()
    assert team.is_active


def test_a_second_default_team_is_refused_with_a_sentence(lead: Client, team: Team) -> None:
    other = make_team("medical", is_default=False)

    answer = _save_team(lead, other, code="medical")

    assert answer.status_code in {200, 302}
    other.refresh_from_db()
    assert not other.is_default


def test_agents_see_teams_and_change_none(plain: Client, auditor: Client, team: Team) -> None:
    for client in (plain, auditor):
        page = client.get(reverse("admin:customer_service_team_change", args=[team.pk]))
        assert page.status_code == 200
        assert _save_team(client, team, name_zh="x").status_code == 403
        assert client.get(reverse("admin:customer_service_team_add")).status_code == 403
    team.refresh_from_db()
    assert team.name_zh == "综合客服"


def test_agents_keep_canned_replies_and_tags(plain: Client, auditor: Client) -> None:
    form = {"name_zh": "退款", "name_en": "Refund", "colour": "#336699", "is_active": "on"}

    assert auditor.post(reverse("admin:customer_service_tag_add"), form).status_code == 403
    assert plain.post(reverse("admin:customer_service_tag_add"), form).status_code == 302

    assert Tag.objects.get().name_en == "Refund"


def test_reading_a_chat_is_noted_and_the_auditor_sees_no_words(
    plain: Client, auditor: Client, team: Team
) -> None:
    agent = make_agent("小兰", team)
    chat = served_chat(team, agent, now() - timedelta(hours=1))
    Note.objects.create(chat=chat, number=1, author=agent, body="客户很急")
    address = reverse("admin:customer_service_servicechat_change", args=[chat.pk])

    read, unread = plain.get(address), auditor.get(address)

    assert "客户很急" in read.content.decode()
    assert unread.status_code == 200
    assert "客户很急" not in unread.content.decode()
    assert "小兰" in unread.content.decode()
    assert AuditEntry.objects.filter(verb="service_chat.read").count() == 1


def test_left_messages_are_read_by_the_desk_alone(
    plain: Client, auditor: Client, team: Team, lin: Member
) -> None:
    message = LeftMessage.objects.create(
        customer=lin.user, side="patient", team=team, language="zh-hans", body="明天几点开门？"
    )
    address = reverse("admin:customer_service_leftmessage_change", args=[message.pk])

    assert "明天几点开门" in plain.get(address).content.decode()
    assert "明天几点开门" not in auditor.get(address).content.decode()
    assert AuditEntry.objects.filter(verb="left_message.read").count() == 1


def test_the_list_of_holidays_is_taken_over_by_who_leads(
    lead: Client, plain: Client, auditor: Client
) -> None:
    address = reverse("import-holidays")
    good = {"text": "date,kind,opens,closes,remark\n2026-10-01,holiday,,,国庆节\n"}

    assert plain.get(address).status_code == 403
    assert auditor.post(address, good).status_code == 403
    bad = lead.post(address, {"text": "2026-10-01,party"})
    assert "Line 1 of the list cannot be read" in bad.content.decode()
    asked = lead.get(address)
    assert "Appointments on a holiday are called off" in asked.content.decode()
    page = lead.post(address, good, follow=True)

    assert "1 day stored" in page.content.decode()
    assert TeamDay.objects.get().date == date(2026, 10, 1)


def test_reports_are_for_the_desk_and_its_watchers(
    plain: Client, auditor: Client, lin: Member, team: Team
) -> None:
    address = reverse("desk-reports")
    finance = browser(make_member("财务", Role.FINANCE, is_staff=True).user)
    served_chat(team, make_agent("小兰", team), now() - timedelta(hours=1))

    for client in (plain, auditor):
        page = client.get(address)
        assert page.status_code == 200
        assert "小兰" in page.content.decode()
        assert "Wait, mean" in page.content.decode()
        assert 'data-type="line"' not in page.content.decode()
    assert finance.get(address).status_code == 403
    assert finance.get(address, {"format": "csv"}).status_code == 403
    assert browser(lin.user).get(address).status_code == 302


def test_a_short_time_online_is_not_shown_as_none() -> None:
    assert [hours(seconds) for seconds in (0, 20, 1800)] == ["0.00", "0.01", "0.50"]


@pytest.mark.parametrize(
    ("kind", "header"),
    [
        ("csv", "by,what,chats,served"),
        ("work", "agent,served,online_seconds"),
        ("load", "agent,00:00,01:00"),
        ("statuses", "at,agent,agent_account,from,to,cause,actor"),
        ("moves", "at,chat,from,to,reason,team,agent,actor"),
    ],
)
def test_files_open_in_a_spreadsheet_and_run_nothing(
    plain: Client, team: Team, kind: str, header: str
) -> None:
    agent = make_agent("=1+1", team)
    moment = now() - timedelta(hours=1)
    on_duty(agent, [(moment, "online")])
    served_chat(team, agent, moment, lasted=60)

    answer = plain.get(reverse("desk-reports"), {"format": kind})
    text = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]

    assert answer["Content-Type"].startswith("text/csv")
    assert text.startswith(f"\ufeff{header}")
    assert "'=1+1" in text
    assert ",=1+1" not in text


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_first_page_counts_the_desk(team: Team, language: str) -> None:
    member = make_member("小青", Role.CUSTOMER_SERVICE, is_staff=True)
    open_chat(team, now() - timedelta(minutes=5))
    on_duty(make_agent("小青", team, member=member), [(now(), "online")])

    page = browser(member.user, language).get(reverse("admin:index")).content.decode()

    words = {"en": ("Waiting at the desk", "longest: 5:0"), "zh-hans": ("客服排队中", "最长 5:0")}
    for word in words[language]:
        assert word in page


@pytest.mark.parametrize(
    "name",
    ["servicechat", "team", "agentstatuschange", "leftmessage", "slatimer", "qualitycheck"],
)
def test_longer_lists_cost_no_more_queries(lead: Client, team: Team, name: str) -> None:
    address = reverse(f"admin:customer_service_{name}_changelist")
    _fill(team, 1)
    with CaptureQueriesContext(connection) as few:
        assert lead.get(address).status_code == 200
    _fill(team, 4)

    with CaptureQueriesContext(connection) as many:
        assert lead.get(address).status_code == 200

    assert len(many) == len(few)


def _fill(team: Team, number: int) -> None:
    for _ in range(number):
        agent = make_agent("小兰", team)
        moment = now() - timedelta(hours=1)
        on_duty(agent, [(moment, "online")])
        chat = served_chat(team, agent, moment)
        make_team(f"t{chat.pk}")
        SlaTimer.objects.create(chat=chat, metric="first_reply", started_at=moment, due_at=moment)
        QualityCheck.objects.create(chat=chat, picked_by="x")
        LeftMessage.objects.create(
            customer=chat.customer, side="patient", team=team, language="en", body="?"
        )
    assert AgentStatusChange.objects.count() >= number
