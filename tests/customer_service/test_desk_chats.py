"""One chat at the desk: what is shown, who may do which step, what is noted."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from clinic.core.clock import now
from clinic.core.models import AuditEntry
from clinic.core.roles import Role
from clinic.customer_service.enums import ChatState
from clinic.customer_service.models import LeftMessage, ServiceChat
from clinic.customer_service.services.ending import end_by_agent
from clinic.patients.models import VisitPerson
from tests.appointments import front_desk
from tests.cast import Member, make_member
from tests.customer_service.conftest import (
    AgentMember,
    asked,
    close_for_now,
    fresh,
    make_agent,
    make_customers,
    make_team,
)
from tests.customer_service.desk import get, make_admin, post, say
from tests.doctors_cast import make_doctor
from tests.files import samples
from tests.patients.people import ready
from tests.payments.conftest import give_balance, make_order

pytestmark = pytest.mark.django_db


@pytest.fixture
def chat(agent: AgentMember, lin: Member) -> ServiceChat:
    """Lin's chat, served by the agent."""
    return asked(lin)


def _at(chat: ServiceChat, step: str = "") -> str:
    return f"chats/{chat.public_id}/{step}".rstrip("/")


def test_a_chat_shows_its_history_and_what_the_reader_can_do(
    agent: AgentMember, chat: ServiceChat
) -> None:
    colleague = make_agent("唐果")

    mine = get(agent, _at(chat)).json()
    theirs = get(colleague, _at(chat)).json()

    assert [move["reason"] for move in mine["moves"]] == ["opened", "dispatched"]
    assert mine["can"] == {
        "reply": True,
        "take": False,
        "take_over": False,
        "transfer": True,
        "end": True,
        "force": False,
    }
    assert (theirs["can"]["reply"], theirs["can"]["take_over"]) == (False, True)
    assert (mine["drafts"], mine["rating"]) == ({"reply": "", "note": ""}, None)


def test_reading_a_colleague_s_chat_is_noted_and_one_s_own_is_not(
    agent: AgentMember, chat: ServiceChat
) -> None:
    colleague = make_agent("唐果")

    for who in (agent, colleague, colleague):
        assert get(who, _at(chat)).status_code == 200
        assert get(who, _at(chat, "messages")).status_code == 200

    noted = AuditEntry.objects.filter(
        verb="service_chat.read", subject=f"service_chat:{chat.public_id}"
    )
    assert [entry.actor for entry in noted] == [colleague.actor.label]


def test_the_thread_names_who_wrote_for_the_desk(
    agent: AgentMember, chat: ServiceChat, lin: Member
) -> None:
    say(lin, chat, "您好")
    say(agent, chat, "请讲")

    latest = get(agent, _at(chat, "messages")).json()
    older = get(agent, _at(chat, "messages"), before=latest["last_seq"], limit=1).json()
    changed = get(agent, _at(chat, "messages"), after_rev=latest["last_rev"] - 1).json()

    said = [(one["body"], one["sender_name"]) for one in latest["messages"]]
    assert said[-2:] == [("您好", ""), ("请讲", "小包")]
    assert ([one["body"] for one in older["messages"]], older["more"]) == (["您好"], True)
    assert [one["body"] for one in changed["messages"]] == ["请讲"]
    assert (changed["more"], latest["more"]) == (False, False)


def test_the_face_of_the_assistant_hides_agents_from_customers_but_not_from_the_desk(
    agent: AgentMember, lin: Member
) -> None:
    chat = asked(lin, face="assistant")
    say(agent, chat, "我是助理")
    conv = chat.conversation.public_id

    theirs = lin.client.get(f"/api/v1/conversations/{conv}/messages").json()["messages"][-1]
    ours = get(agent, _at(chat, "messages")).json()["messages"][-1]

    assert theirs["sender"] != str(agent.member.public_id)
    assert (ours["sender"], ours["sender_name"]) == (str(agent.member.public_id), "小包")


def test_the_context_shows_what_the_customer_has_and_nothing_that_names_him(
    agent: AgentMember, chat: ServiceChat, lin: Member
) -> None:
    person = VisitPerson.objects.create(
        account=lin.user,
        name="林小月",
        gender="female",
        birthday="1990-05-01",
        relation="self",
        is_default=True,
        id_number_sealed="sealed-110101199005010000",
        id_number_index="x",
    )
    ready(VisitPerson.objects.get(pk=person.pk))
    give_balance(lin, 5000)
    make_order(lin, title="Balance top-up")
    kind, branch = front_desk.make_type(), front_desk.make_branch()
    front_desk.give_hours(make_doctor("沈一鸣"), branch)
    starts_at = front_desk.in_hours().isoformat()
    wish = {"type": kind.code, "person_id": str(person.public_id), "starts_at": starts_at}
    booked = front_desk.post(lin, "appointments", wish | {"branch": branch.code}).json()
    end_by_agent(chat.pk, agent=agent.agent, actor=agent.actor)
    LeftMessage.objects.create(
        customer=lin.user, side="patient", team=chat.team, language="zh-hans", body="请回电"
    )
    now_open = asked(lin)

    shown = get(agent, _at(now_open, "context"))
    body = shown.json()

    assert body["card"]["name"] == "林*月"
    assert body["card"]["persons"] == 1
    assert body["card"]["chats"] == 1
    assert body["card"]["person"]["gender"] == "female"
    assert body["card"]["person"]["age"] > 30
    (visit,) = body["appointments"]
    assert (visit["id"], visit["kind"], visit["state"]) == (booked["id"], "中医初诊", "confirmed")
    assert (visit["branch"], visit["doctor"]) == (branch.name, "沈一鸣")
    assert body["orders"][0]["title"] == "余额充值"  # he reads Chinese, whoever stored it
    assert [one["id"] for one in body["past_chats"]] == [str(chat.public_id)]
    assert [one["body"] for one in body["left_messages"]] == ["请回电"]
    for secret in ("林小月", "110101", str(lin.user.phone)):
        assert secret not in shown.content.decode()


def test_the_cost_of_the_context_does_not_grow(agent: AgentMember, lin: Member) -> None:
    def cost(chat: ServiceChat) -> int:
        get(agent, _at(chat, "context"))
        with CaptureQueriesContext(connection) as queries:
            get(agent, _at(chat, "context"))
        return len(queries)

    few = cost(asked(lin))
    for _ in range(4):
        end_by_agent(asked(lin).pk, agent=agent.agent, actor=agent.actor)
    assert cost(asked(lin)) == few


def test_a_waiting_chat_is_taken_by_one_agent_and_the_other_is_told(lin: Member) -> None:
    first, second = make_agent("包青", status="busy"), make_agent("唐果", status="busy")
    waiting = asked(lin)

    taken = post(first, _at(waiting, "take"))
    late = post(second, _at(waiting, "take"))
    again = post(first, _at(waiting, "take"))

    assert (taken.status_code, taken.json()["agent"]["name"]) == (200, "小包")
    assert (late.status_code, late.json()["code"]) == (409, "chat_taken")
    assert again.status_code == 200


def test_take_next_brings_who_waits_longest_and_nothing_when_nobody_does(lin: Member) -> None:
    mine = make_agent("包青", status="busy")
    first, _second = (asked(one) for one in (lin, *make_customers(1)))

    brought = post(mine, "take-next")
    post(mine, "take-next")

    assert brought.json()["id"] == str(first.public_id)
    assert post(mine, "take-next").status_code == 204


def test_a_transfer_takes_its_note_along_and_the_old_agent_reads_on(
    agent: AgentMember, chat: ServiceChat
) -> None:
    to = make_agent("唐果", team=make_team("billing"))
    body = {
        "to": "agent",
        "target": str(to.agent.public_id),
        "reason": "退款问题",
        "note": "客户要求今天退款",
    }

    moved = post(agent, _at(chat, "transfer"), body)

    assert moved.status_code == 200
    assert moved.json()["agent"]["name"] == "小唐"
    assert moved.json()["moves"][-1]["remark"] == "退款问题"
    notes = get(to, _at(chat, "notes")).json()["results"]
    assert [(one["body"], one["author"]["name"]) for one in notes] == [("客户要求今天退款", "小包")]
    assert get(agent, _at(chat)).json()["can"]["reply"] is False


def test_a_transfer_to_a_team_and_back_to_the_queue(agent: AgentMember, chat: ServiceChat) -> None:
    billing = make_team("billing")
    agent.agent.__class__.objects.filter(pk=agent.agent.pk).update(status="busy")

    to_team = post(agent, _at(chat, "transfer"), {"to": "team", "target": str(billing.public_id)})

    assert to_team.json()["state"] == ChatState.WAITING
    assert to_team.json()["team"]["code"] == "billing"
    assert post(agent, _at(chat, "transfer"), {"to": "queue"}).json()["code"] == "not_your_chat"


def test_a_chat_is_sent_to_no_team_that_would_end_it(agent: AgentMember, chat: ServiceChat) -> None:
    billing = make_team("billing")
    close_for_now(billing)
    wish = {"to": "team", "target": str(billing.public_id)}

    refused = post(agent, _at(chat, "transfer"), wish)
    make_agent("唐果", team=billing)
    taken = post(agent, _at(chat, "transfer"), wish)

    assert (refused.status_code, refused.json()["code"]) == (409, "team_closed")
    assert taken.json()["state"] == ChatState.WAITING


@pytest.mark.parametrize("to", ["agent", "team"])
def test_a_transfer_to_nobody_is_refused(agent: AgentMember, chat: ServiceChat, to: str) -> None:
    nothing = "00000000-0000-0000-0000-000000000000"
    for body in ({"to": to}, {"to": to, "target": nothing}):
        answer = post(agent, _at(chat, "transfer"), body)
        assert (answer.status_code, answer.json()["errors"][0]["attr"]) == (400, "target")
    assert fresh(chat).agent_id == agent.agent.pk


def test_supervisors_hand_on_and_end_any_chat_others_only_their_own(
    agent: AgentMember, chat: ServiceChat
) -> None:
    colleague = make_agent("唐果")
    chief = make_agent("罗真", is_supervisor=True, team=make_team("billing"))
    body = {"to": "agent", "target": str(colleague.agent.public_id)}

    refused = [post(colleague, _at(chat, step), body) for step in ("transfer", "end")]
    forced = post(chief, _at(chat, "transfer"), body)
    ended = post(chief, _at(chat, "end"), {"reason": "代为结束"})

    assert [answer.json()["code"] for answer in refused] == ["not_your_chat"] * 2
    assert forced.json()["agent"]["name"] == "小唐"
    assert (ended.json()["state"], ended.json()["end_reason"]) == ("ended", "ended_by_agent")


def test_an_administrator_with_a_place_at_the_desk_leads_it(
    agent: AgentMember, chat: ServiceChat
) -> None:
    admin = make_agent("安宁", team=make_team("billing"))
    make_admin(admin.member)

    assert get(admin, _at(chat)).status_code == 200
    assert get(admin, "board").status_code == 200


def test_an_administrator_without_one_does_not_work_there(chat: ServiceChat, an: Member) -> None:
    assert get(an, _at(chat)).json()["code"] == "not_an_agent"


def test_holding_a_chat_and_moving_it_in_the_queue(agent: AgentMember, chat: ServiceChat) -> None:
    held = post(agent, _at(chat, "hold"), {"minutes": 5})
    go_on = post(agent, _at(chat, "unhold"))
    raised = post(agent, _at(chat, "priority"), {"priority": 3})

    assert held.json()["held_until"] is not None
    assert (go_on.status_code, go_on.json()["held_until"]) == (200, None)
    assert raised.json()["priority"] == 3
    assert post(agent, _at(chat, "hold"), {"minutes": 31}).status_code == 400
    assert post(agent, _at(chat, "priority"), {"priority": 10}).status_code == 400


def test_a_hold_that_is_over_is_not_shown(agent: AgentMember, chat: ServiceChat) -> None:
    post(agent, _at(chat, "hold"), {"minutes": 5})

    with time_machine.travel(now() + timedelta(minutes=5), tick=False):
        (row,) = get(agent, "chats").json()["results"]

    assert row["held_until"] is None


def test_a_left_message_is_answered_once(lin: Member) -> None:
    mine, other = make_agent("包青"), make_agent("唐果")
    left = LeftMessage.objects.create(
        customer=lin.user, side="patient", team=make_team(), language="zh-hans", body="请回电"
    )
    path = f"left-messages/{left.public_id}"

    listed = get(mine, "left-messages").json()["results"]
    answered = post(mine, f"{path}/answer", {"body": "您好，已处理"})
    again = post(other, f"{path}/answer", {"body": "您好"})
    dismissed = post(other, f"{path}/dismiss")

    assert [(one["body"], one["customer"]["name"]) for one in listed] == [("请回电", "林*月")]
    assert answered.status_code == 200, answered.content
    chat = answered.json()["chat"]
    thread = get(mine, f"chats/{chat}/messages").json()["messages"]
    assert [one["body"] for one in thread if one["sender"]] == ["请回电", "您好，已处理"]
    assert [again.json()["code"], dismissed.json()["code"]] == ["already_answered"] * 2
    assert get(mine, "left-messages").json()["count"] == 0


def test_left_messages_of_other_teams_are_not_there(lin: Member) -> None:
    stranger = make_agent("唐果", team=make_team("billing"))
    left = LeftMessage.objects.create(
        customer=lin.user, side="patient", team=make_team(), language="zh-hans", body="请回电"
    )

    assert get(stranger, "left-messages").json()["results"] == []
    assert post(stranger, f"left-messages/{left.public_id}/dismiss").status_code == 404


def test_the_board_is_for_supervisors_and_counts_what_is_there(
    agent: AgentMember, chat: ServiceChat
) -> None:
    chief = make_agent("罗真", is_supervisor=True, status="busy", team=make_team("billing"))

    assert get(agent, "board").json()["code"] == "forbidden"
    board = get(chief, "board").json()

    figures: dict[str, Any] = board["figures"]
    assert (figures["waiting"], figures["active"], figures["online"], figures["busy"]) == (
        0,
        1,
        1,
        1,
    )
    assert figures["wait_p50_s"] == 0
    assert [team["name"] for team in board["teams"]] == ["综合客服", "综合客服"]
    assert {one["name"] for one in board["agents"]} == {"小包", "小罗"}


def test_the_console_s_cookie_opens_the_desk_and_writing_needs_the_form_token(
    agent: AgentMember, chat: ServiceChat
) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(agent.member.user)
    path = f"/api/v1/desk/chats/{chat.public_id}/notes"
    body = {"body": "内部备注"}

    read = browser.get("/api/v1/desk/me")
    refused = browser.post(path, body, content_type="application/json")
    token = "a" * 32
    browser.cookies["csrftoken"] = token
    headers = {"X-CSRFToken": token}
    done = browser.post(path, body, content_type="application/json", headers=headers)
    foreign = browser.post(
        path,
        body,
        content_type="application/json",
        headers={**headers, "Origin": "https://evil.example"},
    )

    assert read.json()["agent"]["name"] == "小包"
    assert (refused.status_code, refused.json()["code"]) == (403, "form_token_missing")
    assert done.status_code == 201, done.content
    assert foreign.json()["code"] == "form_token_missing"


def test_the_cookie_opens_conversations_of_members_but_nothing_else_of_the_api(
    agent: AgentMember, chat: ServiceChat
) -> None:
    browser = Client()
    browser.force_login(agent.member.user)
    conv = chat.conversation.public_id

    assert browser.get(f"/api/v1/conversations/{conv}/messages").status_code == 200
    assert browser.get("/api/v1/me").status_code == 401
    browser.logout()
    assert browser.get("/api/v1/desk/me").status_code == 401


def test_a_page_of_the_desk_uploads_a_file_and_shows_it(
    agent: AgentMember, chat: ServiceChat
) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(agent.member.user)
    browser.cookies["csrftoken"] = token = "a" * 32

    def upload(**headers: str) -> Any:
        file = SimpleUploadedFile("a.png", samples.image("PNG"), "image/png")
        return browser.post("/api/v1/files", {"file": file, "purpose": "chat"}, headers=headers)

    refused, stored = upload(), upload(**{"X-CSRFToken": token})

    assert refused.json()["code"] == "form_token_missing"
    assert stored.status_code == 201, stored.content
    assert browser.get(f"/api/v1/files/{stored.json()['id']}").status_code == 200


def test_files_of_a_chat_are_read_by_who_may_open_it(
    agent: AgentMember, chat: ServiceChat, lin: Member
) -> None:
    file = SimpleUploadedFile("a.png", samples.image("PNG"), "image/png")
    form = {"file": file, "purpose": "chat"}
    file_id = lin.client.post("/api/v1/files", form, format="multipart").json()["id"]
    loose = get(agent, _at(chat, f"attachments/{file_id}"))
    say(lin, chat, "", kind="image", attachment=file_id)
    colleague, stranger = make_agent("唐果"), make_agent("罗真", team=make_team("billing"))

    answers = [
        get(who, _at(chat, f"attachments/{file_id}")) for who in (agent, colleague, stranger)
    ]

    assert [answer.status_code for answer in answers] == [200, 200, 404]
    assert answers[0]["Content-Type"] == "image/png"
    assert loose.status_code == 404


def test_a_patient_s_cookie_opens_nothing(lin: Member) -> None:
    browser = Client()
    browser.force_login(lin.user)

    assert browser.get("/api/v1/desk/me").status_code == 401


def test_another_clinic_s_role_does_not_open_the_board() -> None:
    finance = make_member("钱多", Role.FINANCE, is_staff=True)

    assert get(finance, "board").status_code == 403
