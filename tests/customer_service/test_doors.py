"""Customers at the addresses of /api/v1/ and of the source document."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine

from clinic.core.clock import now
from clinic.customer_service.models import LeftMessage, ServiceChat, Team
from clinic.customer_service.services.agents import leave_desk
from clinic.customer_service.services.dispatch import dispatch
from clinic.customer_service.services.ending import end_by_agent
from clinic.customer_service.services.sweeping import sweep
from clinic.notifications.models import Notice
from clinic.reviews.models import Review
from clinic.settings import rules
from tests.cast import Member
from tests.customer_service.conftest import (
    AgentMember,
    asked,
    close_for_now,
    make_agent,
    make_customers,
)
from tests.customer_service.desk import say
from tests.doctors_cast import DoctorMember

pytestmark = pytest.mark.django_db
SEED = "/api/user/customer-service"
AGENT = "/api/customer-service"


def post(member: Member, path: str, body: Any = None) -> Any:
    """Send a POST as a member."""
    return member.client.post(path, body or {}, format="json")


@pytest.fixture
def one_minute() -> Iterator[None]:
    """Time stands still, so that no window of a limit ends in the middle of the test."""
    with time_machine.travel(now(), tick=False):
        yield


def test_a_new_chat_is_created_and_an_open_one_returned(lin: Member, agent: AgentMember) -> None:
    first = post(lin, "/api/v1/service/chats", {"note": "发票怎么开？"})
    second = post(lin, f"{SEED}/assign")

    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json()["status"] == "active"
    assert first.json()["chat"]["agent"] == {"name": "小包"}
    assert second.json()["chat"]["id"] == first.json()["chat"]["id"]
    assert not second.json()["is_new"]
    talk = first.json()["chat"]["conversation"]
    said = lin.client.get(f"/api/v1/conversations/{talk}/messages").json()["messages"]
    assert [one["body"] for one in said if one["kind"] == "text"] == ["发票怎么开？"]


def test_who_waits_sees_his_place(team: Team) -> None:
    members = make_customers(3)

    answers = [post(member, f"{SEED}/assign").json() for member in members]
    status = members[2].client.get(f"{SEED}/queue-status").json()

    assert [answer["position"] for answer in answers] == [1, 2, 3]
    assert (status["status"], status["ahead"], status["eta_seconds"]) == ("waiting", 2, None)
    assert status["agents_online"] == 0


def test_the_wait_is_told_from_the_places_that_became_free(team: Team) -> None:
    agent = make_agent(places=1)
    served, waiting = make_customers(2)
    chat = asked(served)
    post(served, f"{SEED}/chats/{chat.public_id}/end")
    asked(served)

    answer = post(waiting, f"{SEED}/assign").json()

    assert agent.row.status == "online"
    # One place in half an hour.
    assert (answer["position"], answer["eta_seconds"]) == (1, 30 * 60)


def test_queue_status_knows_who_is_served_and_who_has_not_asked(
    lin: Member, ge: Member, agent: AgentMember
) -> None:
    asked(lin)

    statuses = [
        member.client.get("/api/v1/service/queue-status").json()["status"] for member in (lin, ge)
    ]

    assert statuses == ["assigned", "none"]


def test_leaving_the_queue_ends_the_chat_and_leaves_a_served_one(
    team: Team, lin: Member, ge: Member
) -> None:
    waiting = asked(lin)
    make_agent(places=1)
    serving = asked(ge)

    lin_left = lin.client.delete("/api/v1/service/queue").json()
    ge_left = ge.client.delete("/api/v1/service/queue").json()

    assert (lin_left, ge_left) == ({"left": 0}, {"left": 1})
    assert ServiceChat.objects.get(pk=waiting.pk).state == "active"
    assert ServiceChat.objects.get(pk=serving.pk).end_reason == "left_queue"


def test_an_end_is_final_and_repeats(lin: Member, agent: AgentMember) -> None:
    chat = asked(lin)
    path = f"{SEED}/chats/{chat.public_id}"

    first = post(lin, f"{path}/end").json()
    second = post(lin, f"/api/v1/service/chats/{chat.public_id}/end").json()
    late = post(lin, f"{path}/messages", {"content": "还有一件事"})

    assert first == second
    assert (first["state"], first["end_reason"]) == ("ended", "ended_by_customer")
    assert (late.status_code, late.json()["code"]) == (409, "chat_ended")


def test_messages_go_both_ways_and_show_how_far_they_got(lin: Member, agent: AgentMember) -> None:
    chat = asked(lin)
    sent = post(
        agent.member,
        f"{AGENT}/chats/{chat.public_id}/messages",
        {"content": "您好", "client_msg_id": "a1"},
    )
    again = post(
        agent.member,
        f"{AGENT}/chats/{chat.public_id}/messages",
        {"content": "您好", "client_msg_id": "a1"},
    )
    message = f"{SEED}/chats/{chat.public_id}/messages/{sent.json()['message_id']}"

    delivered = post(lin, f"{message}/mark-delivered").json()
    read = post(lin, f"{message}/mark-read").json()

    assert (sent.status_code, again.status_code) == (201, 200)
    assert again.json()["duplicate"]
    assert again.json()["message_id"] == sent.json()["message_id"]
    assert [sent.json()["status"], delivered["status"], read["status"]] == [
        "sent",
        "delivered",
        "read",
    ]
    assert [step["reached"] for step in delivered["steps"]] == [True, True, True, False]


def test_an_own_message_cannot_be_read_as_news(lin: Member, agent: AgentMember) -> None:
    chat = asked(lin)
    path = f"{SEED}/chats/{chat.public_id}/messages"
    sent = post(lin, path, {"content": "在吗"}).json()

    answer = post(lin, f"{path}/{sent['message_id']}/mark-read")
    unknown = post(lin, f"{path}/{uuid4()}/mark-read")

    assert (answer.status_code, answer.json()["code"]) == (409, "own_message")
    assert unknown.status_code == 404


def test_a_stranger_finds_no_chat(lin: Member, ge: Member, agent: AgentMember) -> None:
    chat = asked(lin)
    other = make_agent("方圆", status="busy")

    answers = [
        post(ge, f"{SEED}/chats/{chat.public_id}/messages", {"content": "?"}),
        post(ge, f"{SEED}/chats/{chat.public_id}/end"),
        post(ge, f"{SEED}/chats/{chat.public_id}/rate", {"stars": 1}),
        post(other.member, f"{AGENT}/chats/{chat.public_id}/messages", {"content": "?"}),
        post(other.member, f"{AGENT}/chats/{chat.public_id}/end"),
        ge.client.get(f"/api/v1/service/chats/{chat.public_id}"),
    ]

    assert {answer.status_code for answer in answers} == {404}


def test_an_ended_chat_is_rated_once_by_its_customer(lin: Member, agent: AgentMember) -> None:
    chat = asked(lin)
    path = f"{SEED}/chats/{chat.public_id}/rate"

    early = post(lin, path, {"stars": 5})
    say(agent, chat, "您好")
    post(agent.member, f"{AGENT}/chats/{chat.public_id}/end", {"reason": "已解决"})
    shown = lin.client.get(f"/api/v1/service/chats/{chat.public_id}").json()
    rated = post(lin, path, {"stars": 5, "text": "很快"})
    again = post(lin, path, {"stars": 1})

    assert (early.status_code, early.json()["code"]) == (409, "chat_not_ended")
    assert shown["can_rate"]
    assert rated.status_code == 201
    assert (again.status_code, again.json()["code"]) == (409, "already_reviewed")
    assert Review.objects.get().about_user == agent.member.user
    assert not lin.client.get(f"/api/v1/service/chats/{chat.public_id}").json()["can_rate"]


def test_who_was_served_by_nobody_has_nothing_to_rate(team: Team, lin: Member) -> None:
    chat = asked(lin)
    post(lin, f"{SEED}/chats/{chat.public_id}/end")

    answer = post(lin, f"{SEED}/chats/{chat.public_id}/rate", {"stars": 1})

    assert (answer.status_code, answer.json()["code"]) == (409, "chat_not_rateable")


def test_who_was_given_an_agent_that_never_wrote_has_nothing_to_rate(
    lin: Member, agent: AgentMember
) -> None:
    chat = asked(lin)
    post(agent.member, f"{AGENT}/chats/{chat.public_id}/end")

    shown = lin.client.get(f"/api/v1/service/chats/{chat.public_id}").json()
    answer = post(lin, f"{SEED}/chats/{chat.public_id}/rate", {"stars": 1})

    assert not shown["can_rate"]
    assert (answer.status_code, answer.json()["code"]) == (409, "chat_not_rateable")


def test_a_rating_is_about_the_last_agent_who_wrote(lin: Member, agent: AgentMember) -> None:
    chat = asked(lin)
    say(agent, chat, "您好")
    silent = make_agent("方圆")
    hand_over(agent, chat, silent)
    post(silent.member, f"{AGENT}/chats/{chat.public_id}/end")

    rated = post(lin, f"{SEED}/chats/{chat.public_id}/rate", {"stars": 5})

    assert rated.status_code == 201
    assert Review.objects.get().about_user == agent.member.user


def hand_over(agent: AgentMember, chat: ServiceChat, other: AgentMember) -> None:
    """Let an agent transfer a chat to another one."""
    path = f"/api/v1/desk/chats/{chat.public_id}/transfer"
    told = {"to": "agent", "target": str(other.agent.public_id)}
    assert post(agent.member, path, told).status_code == 200


def test_closing_time_keeps_what_a_waiting_customer_asked(lin: Member, team: Team) -> None:
    chat = asked(lin, note="发票怎么开？")
    say(lin, chat, "急用")
    close_for_now(team)

    sweep()
    sweep()

    kept = lin.client.get("/api/v1/service/left-messages").json()["results"]
    assert [(one["body"], one["state"]) for one in kept] == [("发票怎么开？\n急用", "open")]
    talk = chat.conversation.public_id
    said = lin.client.get(f"/api/v1/conversations/{talk}/messages").json()["messages"]
    assert said[-1]["code"] == "chat_ended_kept"


def test_closing_time_after_a_hand_back_keeps_the_question_and_asks_for_no_rating(
    lin: Member, agent: AgentMember, team: Team
) -> None:
    chat = asked(lin, note="发票怎么开？")
    leave_desk(agent.agent.pk, by=agent.actor)
    close_for_now(team)

    sweep()

    shown = lin.client.get(f"/api/v1/service/chats/{chat.public_id}").json()
    assert (shown["end_reason"], shown["agent"]) == ("closed_for_the_day", None)
    assert not shown["can_rate"]
    assert LeftMessage.objects.get().body == "发票怎么开？"


def test_closing_time_keeps_nothing_of_who_wrote_nothing(lin: Member, team: Team) -> None:
    chat = asked(lin)
    close_for_now(team)

    sweep()

    assert not LeftMessage.objects.exists()
    talk = chat.conversation.public_id
    said = lin.client.get(f"/api/v1/conversations/{talk}/messages").json()["messages"]
    assert said[-1]["code"] == "chat_ended_closed"


def test_a_bad_rating_is_refused(lin: Member, agent: AgentMember) -> None:
    chat = asked(lin)
    post(lin, f"{SEED}/chats/{chat.public_id}/end")

    answers = [
        post(lin, f"{SEED}/chats/{chat.public_id}/rate", {"stars": stars}) for stars in (0, 6, "x")
    ]

    assert {answer.status_code for answer in answers} == {400}


@pytest.mark.usefixtures("one_minute")
@pytest.mark.parametrize("door", ["end", "rate"])
def test_ending_and_rating_have_one_bucket_over_all_doors(
    door: str, lin: Member, agent: AgentMember
) -> None:
    chat = asked(lin)
    allowed = {"end": 10, "rate": 5}[door]
    paths = [
        f"{SEED}/chats/{chat.public_id}/{door}",
        f"/api/v1/service/chats/{chat.public_id}/{door}",
    ]

    codes = [post(lin, paths[n % 2], {"stars": 5}).status_code for n in range(allowed + 1)]
    answer = post(lin, paths[0], {"stars": 5})

    assert 429 not in codes[:allowed]
    assert codes[allowed] == 429
    assert int(answer["Retry-After"]) >= 1


@pytest.mark.usefixtures("one_minute")
def test_asking_is_limited(lin: Member, agent: AgentMember) -> None:
    codes = [post(lin, "/api/v1/service/chats").status_code for _ in range(21)]

    assert codes[:20] == [201] + [200] * 19
    assert codes[20] == 429


def test_a_closed_desk_tells_when_it_opens_and_takes_a_message(lin: Member, team: Team) -> None:
    close_for_now(team)

    closed = post(lin, f"{SEED}/assign")
    left = post(lin, "/api/v1/service/left-messages", {"body": "请回电"})
    mine = lin.client.get("/api/v1/service/left-messages").json()
    teams = lin.client.get("/api/v1/service/teams").json()

    assert (closed.status_code, closed.json()["status"], closed.json()["chat"]) == (
        200,
        "closed",
        None,
    )
    assert closed.json()["next_open_at"].endswith("T09:00:00+08:00")
    assert left.status_code == 201
    assert [one["body"] for one in mine["results"]] == ["请回电"]
    assert not teams[0]["is_open"]
    assert ServiceChat.objects.count() == 0


def test_an_open_desk_takes_no_message(lin: Member, team: Team) -> None:
    answer = post(lin, "/api/v1/service/left-messages", {"body": "请回电"})

    assert (answer.status_code, answer.json()["code"]) == (409, "desk_open")


def test_five_messages_a_day_can_be_left(lin: Member, team: Team) -> None:
    close_for_now(team)

    codes = [
        post(lin, "/api/v1/service/left-messages", {"body": f"第{n}条"}).status_code
        for n in range(rules.LEFT_MESSAGES_A_DAY + 1)
    ]

    assert codes == [201] * rules.LEFT_MESSAGES_A_DAY + [429]
    assert LeftMessage.objects.count() == rules.LEFT_MESSAGES_A_DAY


def test_doctors_and_patients_reach_the_assistant_whose_agents_stay_behind_it(
    lin: Member, shen: DoctorMember, agent: AgentMember
) -> None:
    answers = [post(member, "/api/v1/assistant/chats") for member in (lin, shen.member)]

    assert [answer.status_code for answer in answers] == [201, 201]
    assert {answer.json()["chat"]["agent"] for answer in answers} == {None}
    sides = dict(ServiceChat.objects.values_list("customer_id", "side"))
    assert sides == {lin.user.pk: "patient", shen.user.pk: "doctor"}
    talk = answers[0].json()["chat"]["conversation"]
    text = lin.client.get(f"/api/v1/conversations/{talk}").content.decode()
    text += lin.client.get(f"/api/v1/conversations/{talk}/messages").content.decode()
    assert str(agent.member.public_id) not in text
    assert agent.agent.nickname not in text
    assert agent.member.user.name not in text


def test_customers_see_an_agent_by_his_nickname(lin: Member, agent: AgentMember) -> None:
    chat = asked(lin)

    text = lin.client.get(f"/api/v1/conversations/{chat.conversation.public_id}").content.decode()

    assert agent.agent.nickname in text
    assert agent.member.user.name not in text


def test_service_and_assistant_are_two_chats(lin: Member, agent: AgentMember) -> None:
    post(lin, "/api/v1/assistant/chats")
    post(lin, "/api/v1/service/chats")

    listed = lin.client.get("/api/v1/service/chats?state=active").json()

    assert {row["face"] for row in listed["results"]} == {"service", "assistant"}


def test_without_a_team_the_answer_says_so(lin: Member) -> None:
    Team.objects.all().delete()

    answer = post(lin, f"{SEED}/assign")

    assert (answer.status_code, answer.json()["code"]) == (409, "no_team")


def test_an_unknown_team_is_not_there(lin: Member, team: Team) -> None:
    answer = post(lin, f"{SEED}/assign", {"team": str(uuid4())})

    assert answer.status_code == 404


def test_staff_without_the_role_of_a_customer_cannot_ask(bao: Member, team: Team) -> None:
    assert post(bao, f"{SEED}/assign").status_code == 403


def test_the_list_asks_the_same_number_of_questions_however_long_it_is(
    lin: Member, agent: AgentMember, django_assert_num_queries: Any
) -> None:
    def ended(times: int) -> None:
        for _ in range(times):
            chat = asked(lin)
            end_by_agent(chat.pk, agent=agent.agent, actor=agent.actor)

    ended(2)
    lin.client.get("/api/v1/service/chats")
    with django_assert_num_queries(2):
        assert lin.client.get("/api/v1/service/chats").json()["count"] == 2
    ended(4)
    with django_assert_num_queries(2):
        assert lin.client.get("/api/v1/service/chats").json()["count"] == 6


def test_who_waited_long_gets_a_notice_when_it_is_his_turn(team: Team, lin: Member) -> None:
    with time_machine.travel(now() - timedelta(seconds=30), tick=False):
        asked(lin)
    agent = make_agent()
    dispatch(team.pk)

    assert agent.row.last_assigned_at is not None
    assert Notice.objects.get(user=lin.user).kind == "service_assigned"
