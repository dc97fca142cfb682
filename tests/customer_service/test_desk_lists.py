"""The lists of the desk: who sees which chats, what a row says, paging, counts, cost."""

from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from chat.services.messages import post_system_message
from clinic.core.clock import now
from clinic.core.roles import Role
from clinic.customer_service.models import ServiceChat, SlaTimer, Tag
from clinic.customer_service.services.ending import end_by_agent
from tests.cast import Member, make_member
from tests.customer_service.conftest import (
    AgentMember,
    ago,
    asked,
    make_agent,
    make_customers,
    make_team,
)
from tests.customer_service.desk import get, ids, post, say

pytestmark = pytest.mark.django_db


def _row(who: AgentMember, chat: ServiceChat, tab: str = "mine") -> dict[str, Any]:
    rows = get(who, "chats", tab=tab).json()["results"]
    return next(row for row in rows if row["id"] == str(chat.public_id))


def test_a_row_says_who_waits_since_when_and_masks_the_customer(
    agent: AgentMember, lin: Member
) -> None:
    chat = asked(lin)
    say(lin, chat, "退款什么时候到")
    say(lin, chat, "还在吗")

    row = _row(agent, chat)

    assert row["customer"]["name"] == "林*月"
    assert row["customer"]["phone"].startswith("139****")
    assert (row["unread"], row["last_message"]["body"]) == (2, "还在吗")
    assert row["waiting_since"] is not None
    assert row["agent"] == {"id": str(agent.agent.public_id), "name": "小包"}
    assert row["sla"]["metric"] == "first_reply"
    assert lin.user.phone not in str(row)
    assert "林小月" not in str(row)


def test_an_answer_ends_the_waiting_and_reading_the_unread(agent: AgentMember, lin: Member) -> None:
    chat = asked(lin)
    sent = say(lin, chat, "您好")
    say(agent, chat, "请讲")
    answered = _row(agent, chat)
    conv = chat.conversation.public_id
    agent.member.client.post(
        f"/api/v1/conversations/{conv}/read", {"seq": sent["seq"]}, format="json"
    )
    read = _row(agent, chat)

    assert answered["waiting_since"] is None
    assert answered["unread"] == 1
    assert read["unread"] == 0


def test_the_last_line_is_a_persons_and_a_system_line_only_while_nobody_wrote(
    agent: AgentMember, lin: Member
) -> None:
    chat = asked(lin)
    before = get(agent, "chats").json()["results"][0]["last_message"]
    say(lin, chat, "发票怎么开？")
    post_system_message(topic=f"service:{chat.public_id}", code="agent_changed", params={})

    after = get(agent, "chats").json()["results"][0]["last_message"]

    assert before["kind"] == "system"
    assert (after["kind"], after["body"]) == ("text", "发票怎么开？")


def test_every_moment_is_told_on_the_clinics_clock(agent: AgentMember, lin: Member) -> None:
    chat = asked(lin)
    sent = say(lin, chat, "在吗")
    talk = f"/api/v1/conversations/{chat.conversation.public_id}/messages"
    told = [
        sent["sent_at"],
        lin.client.get(talk).json()["messages"][-1]["sent_at"],
        get(agent, "chats").json()["results"][0]["last_message"]["at"],
        post(agent, "search", {"q": "在吗"}).json()["messages"][0]["at"],
    ]

    assert {moment[-6:] for moment in told} == {"+08:00"}


def test_tabs_hold_what_their_names_say(lin: Member, ge: Member) -> None:
    team = make_team()
    first, second = make_agent("包青", places=1), make_agent("唐果", places=1)
    served = asked(lin)
    other = asked(ge)
    (waits, over) = (asked(one) for one in make_customers(2))
    mine = first if ServiceChat.objects.get(pk=served.pk).agent_id == first.agent.pk else second
    end_by_agent(over.pk, agent=mine.agent, actor=mine.actor, is_forced=True)

    assert ids(get(mine, "chats")) == [served.public_id]
    assert ids(get(mine, "chats", tab="waiting")) == [waits.public_id]
    assert set(ids(get(mine, "chats", tab="all"))) == {
        served.public_id,
        other.public_id,
        waits.public_id,
    }
    assert ids(get(mine, "chats", tab="ended")) == [over.public_id]
    assert get(mine, "counts").json() == {
        "mine": 1,
        "waiting": 1,
        "all": 3,
        "ended": 1,
        "unread": 0,
        "left_messages": 0,
    }
    assert team.pk


def test_agents_of_other_teams_see_nothing_and_supervisors_everything(
    agent: AgentMember, lin: Member
) -> None:
    chat = asked(lin)
    stranger = make_agent("唐果", team=make_team("billing"))
    chief = make_agent("罗真", team=make_team("billing"), is_supervisor=True)

    assert ids(get(stranger, "chats", tab="all")) == []
    assert ids(get(chief, "chats", tab="all")) == [chat.public_id]
    assert get(stranger, f"chats/{chat.public_id}").status_code == 404
    assert get(chief, f"chats/{chat.public_id}").status_code == 200


def test_agents_of_a_team_that_stands_in_see_the_queue(lin: Member) -> None:
    stand_in = make_team("night")
    team = make_team("billing", fallback=stand_in)
    helper = make_agent("唐果", team=stand_in, status="busy")
    chat = asked(lin, team_public_id=team.public_id)

    assert ids(get(helper, "chats", tab="waiting")) == [chat.public_id]


@pytest.mark.parametrize(
    "path", ["me", "chats", "counts", "colleagues", "tags", "macros", "canned"]
)
def test_staff_without_a_place_at_the_desk_is_told_so(bao: Member, path: str) -> None:
    answer = get(bao, path)

    assert (answer.status_code, answer.json()["code"]) == (409, "not_an_agent")


@pytest.mark.parametrize("role", [Role.PATIENT, Role.DOCTOR, Role.FINANCE])
def test_others_are_refused(agent: AgentMember, lin: Member, role: Role) -> None:
    chat = asked(lin)
    other = make_member("外人", role)

    assert get(other, "chats").status_code == 403
    assert get(other, f"chats/{chat.public_id}").status_code == 403
    assert post(other, f"chats/{chat.public_id}/notes", {"body": "x"}).status_code == 403


def test_a_deactivated_agent_sees_nothing_more(agent: AgentMember, lin: Member) -> None:
    chat = asked(lin)
    agent.agent.__class__.objects.filter(pk=agent.agent.pk).update(
        is_active=False, status="offline"
    )

    assert get(agent, f"chats/{chat.public_id}").json()["code"] == "not_an_agent"


def test_filters_narrow_a_tab(agent: AgentMember, lin: Member, ge: Member) -> None:
    chinese, english = asked(lin, language="zh-hans"), asked(ge, language="en")
    tag = Tag.objects.create(name_zh="退款", name_en="Refund")
    english.tags.add(tag)
    say(lin, chinese, "在吗")
    SlaTimer.objects.filter(chat=english).update(due_at=ago(1))
    SlaTimer.objects.filter(chat=chinese).update(due_at=now().replace(year=2099))

    assert ids(get(agent, "chats", language="en")) == [english.public_id]
    assert ids(get(agent, "chats", tag=tag.pk)) == [english.public_id]
    assert ids(get(agent, "chats", unread="true")) == [chinese.public_id]
    assert ids(get(agent, "chats", due="true")) == [english.public_id]
    assert ids(get(agent, "chats", team=str(chinese.team.public_id))) == [
        chinese.public_id,
        english.public_id,
    ]
    assert ids(get(agent, "chats", team=str(make_team("billing").public_id))) == []
    end_by_agent(chinese.pk, agent=agent.agent, actor=agent.actor)
    assert [row["unread"] for row in get(agent, "chats", tab="ended").json()["results"]] == [0]
    assert ids(get(agent, "chats", tab="ended", unread="true")) == []


@pytest.mark.parametrize("tab", ["mine", "waiting", "all", "ended"])
def test_pages_join_without_gap_or_repeat(team: Any, tab: str) -> None:
    customers = make_customers(5)
    places = {"waiting": 1}.get(tab, 10)
    mine = make_agent(places=places)
    chats = [asked(one) for one in customers]
    if tab == "ended":
        for chat in chats:
            end_by_agent(chat.pk, agent=mine.agent, actor=mine.actor)

    whole = ids(get(mine, "chats", tab=tab))
    pages: list[UUID] = []
    cursor: dict[str, str] = {}
    while True:
        answer = get(mine, "chats", tab=tab, limit=2, **cursor)
        pages += ids(answer)
        if answer.json()["next"] is None:
            break
        cursor = {"cursor": answer.json()["next"]}

    assert len(whole) == (4 if tab == "waiting" else 5)
    assert pages == whole


@pytest.mark.parametrize("path", ["chats?tab=all", "counts"])
def test_the_cost_of_a_list_does_not_grow(agent: AgentMember, path: str) -> None:
    def cost() -> int:
        agent.member.client.get(f"/api/v1/desk/{path}")
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert agent.member.client.get(f"/api/v1/desk/{path}").status_code == 200
        return len(queries)

    chats = [asked(one) for one in make_customers(1)]
    few = cost()
    chats += [asked(one) for one in make_customers(8)]
    tag = Tag.objects.create(name_zh="退款", name_en="Refund")
    for chat in chats:
        chat.tags.add(tag)
    many = cost()

    assert few == many <= 3


def test_search_finds_names_phone_ends_and_words(agent: AgentMember, lin: Member) -> None:
    chat = asked(lin)
    say(lin, chat, "我想咨询退款")
    phone = str(lin.user.phone)

    for text in ("林小月", phone[-4:]):
        found = post(agent, "search", {"q": text}).json()
        assert [row["id"] for row in found["chats"]] == [str(chat.public_id)]
    words = post(agent, "search", {"q": "退款"}).json()
    assert [one["body"] for one in words["messages"]] == ["我想咨询退款"]
    assert post(agent, "search", {"q": "月"}).status_code == 400
    assert post(agent, "search", {"q": "没有的"}).json() == {"chats": [], "messages": []}
    stranger = make_agent("唐果", team=make_team("billing"))
    assert post(stranger, "search", {"q": "退款"}).json() == {"chats": [], "messages": []}


def test_colleagues_show_load_and_status(agent: AgentMember, lin: Member) -> None:
    asked(lin)
    make_agent("唐果", status="offline")

    rows = get(agent, "colleagues").json()["results"]

    assert [(row["name"], row["load"], row["status"], row["me"]) for row in rows] == [
        ("小包", 1, "online", True),
        ("小唐", 0, "offline", False),
    ]
    assert str(agent.member.public_id) not in str(rows)


def test_me_tells_load_teams_and_numbers(agent: AgentMember, lin: Member) -> None:
    asked(lin)

    me = get(agent, "me").json()

    assert (me["load"], me["max"], me["status"], me["is_supervisor"]) == (1, 5, "online", False)
    assert [team["code"] for team in me["teams"]] == ["general"]
    assert me["account"] == str(agent.member.public_id)
    assert me["numbers"]["idle_end_s"] == 120


def test_an_agent_says_what_he_is(agent: AgentMember) -> None:
    busy = post(agent, "status", {"status": "busy"})
    wrong = post(agent, "status", {"status": "asleep"})

    assert (busy.status_code, busy.json()["status"], agent.row.status) == (200, "busy", "busy")
    assert wrong.status_code == 400


def test_only_supervisors_set_the_status_of_others(agent: AgentMember) -> None:
    other = make_agent("唐果")
    chief = make_agent("罗真", is_supervisor=True)
    path = f"agents/{other.agent.public_id}/status"

    refused = post(agent, path, {"status": "offline"})
    done = post(chief, path, {"status": "offline"})

    assert (refused.status_code, refused.json()["code"]) == (403, "forbidden")
    assert (done.status_code, other.row.status) == (200, "offline")
    assert other.row.status_changes.get().cause == "supervisor"
