"""The demo's desk is complete, and loading it again changes nothing."""

from pathlib import Path

import pytest
from django.core.management import call_command
from rest_framework.test import APIClient

from clinic.customer_service.models import Agent, CannedReply, Macro, Tag, Team, TeamHours
from clinic.demo.desk_people import AGENTS
from clinic.demo.seeding import PASSWORD
from tests.world import sandbox

__all__ = ["sandbox"]
pytestmark = pytest.mark.django_db


def test_the_desk_of_the_demo_has_teams_agents_and_words(sandbox: Path) -> None:
    assert set(Team.objects.values_list("code", flat=True)) == {"general", "billing"}
    assert TeamHours.objects.filter(team__code="billing").count() == 10
    assert not TeamHours.objects.filter(team__code="general").exists()
    supervisors = Agent.objects.filter(is_supervisor=True).values_list("nickname", flat=True)
    assert (Agent.objects.count(), list(supervisors)) == (3, ["小青"])
    assert not CannedReply.objects.filter(text_zh="").exists()
    assert not CannedReply.objects.filter(text_en="").exists()
    logins = (sandbox / "demo_logins.json").read_text(encoding="utf-8")
    assert all(agent.phone in logins for agent in AGENTS)


def test_loading_it_again_adds_nothing_and_keeps_what_staff_changed(sandbox: Path) -> None:
    counted = [model.objects.count() for model in (Team, TeamHours, Agent, Tag, CannedReply, Macro)]
    CannedReply.objects.filter(shortcut="hello").update(text_zh="您好！")
    TeamHours.objects.filter(weekday=4).delete()

    call_command("seed_demo")

    assert CannedReply.objects.get(shortcut="hello").text_zh == "您好！"
    assert TeamHours.objects.count() == 8
    again = [model.objects.count() for model in (Team, TeamHours, Agent, Tag, CannedReply, Macro)]
    assert again == [counted[0], 8, *counted[2:]]


def test_agents_log_in_with_what_is_printed(sandbox: Path) -> None:
    body = {"phone": AGENTS[0].phone, "password": PASSWORD, "device": "test"}

    answer = APIClient().post("/api/v1/auth/login", body, format="json")

    assert answer.status_code == 200
