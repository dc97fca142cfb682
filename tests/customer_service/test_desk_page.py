"""The desk and the board of supervisors: who may open them, and what they are handed over."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from clinic.core.roles import Role
from clinic.customer_service.models import Agent, Team
from tests.cast import Member, make_member
from tests.console.conftest import browser
from tests.customer_service.conftest import AgentMember, make_agent

DESK = "/admin/chat/desk/"
BOARD = "/admin/chat/board/"
SCRIPTS = Path(settings.BASE_DIR) / "clinic" / "static" / "desk"


def _setup(client: Client, address: str) -> dict[str, Any]:
    page = client.get(address).content.decode()
    found = re.search(
        r'<script id="desk-setup" type="application/json">(.*?)</script>', page, re.DOTALL
    )
    assert found
    return dict(json.loads(found.group(1)))


def test_an_agent_opens_his_desk(agent: AgentMember) -> None:
    page = browser(agent.member.user).get(DESK)

    assert page.status_code == 200
    assert "Customer service desk" in page.content.decode()
    assert page["Cache-Control"].startswith("max-age=0")


@pytest.mark.parametrize("address", [DESK, BOARD])
def test_the_page_runs_and_loads_nothing_but_its_own(agent: AgentMember, address: str) -> None:
    Agent.objects.update(is_supervisor=True)

    page = browser(agent.member.user).get(address)

    policy = page["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert not re.search(r"<script(?![^>]*(src=|application/json))", page.content.decode())
    assert not re.search(r"\son\w+=|\sstyle=", page.content.decode())


def test_who_is_no_agent_is_told_why(bao: Member, an: Member) -> None:
    for member, address in ((bao, DESK), (bao, BOARD), (an, DESK)):
        answer = browser(member.user).get(address)

        assert answer.status_code == 403
        assert "Your account does not work at the desk" in answer.content.decode()


def test_an_administrator_without_a_place_is_shown_where_to_make_one(
    bao: Member, an: Member
) -> None:
    link = reverse("admin:customer_service_agent_changelist")

    assert link in browser(an.user).get(DESK).content.decode()
    assert link not in browser(bao.user).get(DESK).content.decode()


def test_an_administrator_without_a_place_reads_the_board(an: Member, team: Team) -> None:
    page = browser(an.user).get(BOARD)
    rows = browser(an.user).get("/api/v1/desk/chats", {"tab": "all"})

    assert page.status_code == 200
    assert DESK not in page.content.decode()
    assert (rows.status_code, rows.json()["results"]) == (200, [])


def test_menu_and_first_page_link_only_what_opens(an: Member, agent: AgentMember) -> None:
    admins = browser(an.user).get("/admin/").content.decode()
    agents = browser(agent.member.user).get("/admin/").content.decode()

    assert BOARD in admins
    assert DESK not in admins
    assert DESK in agents
    assert BOARD not in agents


def test_an_agent_without_the_role_or_off_the_desk_is_refused(agent: AgentMember) -> None:
    client = browser(agent.member.user)
    Agent.objects.update(is_active=False, status="offline")
    assert client.get(DESK).status_code == 403

    Agent.objects.update(is_active=True)
    agent.member.user.groups.clear()
    assert client.get(DESK).status_code == 403


def test_the_board_is_for_supervisors_and_administrators(
    agent: AgentMember, team: Team, an: Member
) -> None:
    client = browser(agent.member.user)
    assert client.get(BOARD).status_code == 403
    assert client.get(BOARD).content.decode().count("<h1>") == 1

    Agent.objects.update(is_supervisor=True)
    assert client.get(BOARD).status_code == 200
    row = make_agent("安宁", team=team).agent
    row.user = an.user
    row.save()
    assert browser(an.user).get(BOARD).status_code == 200
    finance = make_member("财务", Role.FINANCE, is_staff=True)
    assert browser(finance.user).get(BOARD).status_code == 403


def test_who_may_not_read_the_reports_gets_a_page_of_the_house(db: None) -> None:
    finance = make_member("财务", Role.FINANCE, is_staff=True)

    answer = browser(finance.user).get("/admin/chat/reports/")

    assert answer.status_code == 403
    assert "This page is not for your role" in answer.content.decode()
    assert "desk/base" in answer.content.decode()


def test_strangers_are_sent_to_the_log_in(lin: Member) -> None:
    assert Client().get(DESK).status_code == 302
    assert browser(lin.user).get(DESK).status_code == 302


def test_the_menu_shows_desk_and_board_to_supervisors(agent: AgentMember) -> None:
    Agent.objects.update(is_supervisor=True)

    menu = browser(agent.member.user).get("/admin/").content.decode()

    assert DESK in menu
    assert BOARD in menu


def test_the_words_are_in_the_readers_language(agent: AgentMember) -> None:
    english = _setup(browser(agent.member.user), DESK)
    chinese = _setup(browser(agent.member.user, "zh-hans"), DESK)

    assert english["words"]["takeNext"] == "Take next"
    assert chinese["words"]["takeNext"] == "接入下一位"
    same = {key for key, word in english["words"].items() if chinese["words"][key] == word}
    assert same == set()


def test_every_word_that_scripts_say_is_handed_over(agent: AgentMember) -> None:
    Agent.objects.update(is_supervisor=True)
    client = browser(agent.member.user)
    for address, is_board in ((DESK, False), (BOARD, True)):
        words = _setup(client, address)["words"]
        said = _said(lambda path, board=is_board: (path.name == "board.js") == board)

        assert {key for key in said if not _is_known(key, words)} == set(), address


def _said(wanted: Any) -> set[str]:
    texts = [path.read_text() for path in SCRIPTS.glob("*.js") if wanted(path)]
    return {key for text in texts for key in re.findall(r"\bsay\([\"`]([^\"`]+)[\"`]", text)}


def _is_known(key: str, words: dict[str, str]) -> bool:
    head = key.split("${", maxsplit=1)[0]
    return key in words or ("${" in key and any(word.startswith(head) for word in words))


def test_scripts_never_make_markup_of_text() -> None:
    for path in SCRIPTS.glob("*.js"):
        text = path.read_text()
        for danger in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval("):
            assert danger not in text, f"{path.name}: {danger}"


def test_teams_of_the_house_are_offered_for_transfer(agent: AgentMember) -> None:
    make_agent("青", team=agent.row.teams.get())

    setup = _setup(browser(agent.member.user), DESK)

    assert [team["name"] for team in setup["teams"]] == ["General"]
    assert setup["rules"]["editSeconds"] == 900


def test_the_front_page_leads_to_desk_board_and_reports(db: None) -> None:
    page = Client().get("/").content.decode()

    assert {DESK, BOARD, "/admin/chat/reports/"} <= set(re.findall(r'href="([^"]+)"', page))
    assert "--customers" in page
