"""Agents come, go, fall silent, take chats and hand them on."""

from datetime import time, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group

from clinic.accounts.events import AccountAnonymised
from clinic.accounts.services.roles import revoke_role
from clinic.core.clock import clinic_time, now
from clinic.core.errors import NotFoundError
from clinic.core.roles import Role
from clinic.customer_service.enums import AgentStatus, StatusCause
from clinic.customer_service.errors import (
    AgentFullError,
    AgentNotOnlineError,
    AlreadyAnsweredError,
    ChatEndedError,
    ChatOpenError,
    ChatTakenError,
    NotAnAgentError,
    NotYourChatError,
)
from clinic.customer_service.handlers import end_chats_of_nobody
from clinic.customer_service.models import (
    Agent,
    AgentStatusChange,
    ChatMove,
    LeftMessage,
    Note,
    ServiceChat,
    Team,
    TeamHours,
)
from clinic.customer_service.services import handing
from clinic.customer_service.services.agents import beat, join_desk, leave_desk, set_status
from clinic.customer_service.services.dispatch import dispatch
from clinic.customer_service.services.ending import end_by_agent
from clinic.customer_service.services.keeping import set_priority
from clinic.customer_service.services.left_messages import (
    answer_left_message,
    dismiss_left_message,
    leave_message,
)
from clinic.customer_service.services.sweeping import sweep
from clinic.notifications.models import Notice
from tests.cast import Member, make_member
from tests.customer_service.conftest import (
    AgentMember,
    ago,
    ask,
    asked,
    fresh,
    make_agent,
    make_customers,
    make_team,
)

pytestmark = pytest.mark.django_db
Capture = Any


def test_coming_online_brings_the_longest_waiting_chats(
    team: Team, django_capture_on_commit_callbacks: Capture
) -> None:
    chats = [asked(member) for member in make_customers(3)]
    agent = make_agent(places=2, status="offline")

    with django_capture_on_commit_callbacks(execute=True):
        set_status(agent.agent.pk, AgentStatus.ONLINE, by=agent.actor)

    assert [fresh(chat).state for chat in chats] == ["active", "active", "waiting"]
    change = AgentStatusChange.objects.get()
    assert (change.before, change.after, change.cause) == ("offline", "online", "self")


def test_busy_gets_no_new_chat_and_keeps_his(lin: Member, ge: Member, agent: AgentMember) -> None:
    mine = asked(lin)
    set_status(agent.agent.pk, AgentStatus.BUSY, by=agent.actor)

    assert ask(ge).status == "waiting"
    assert fresh(mine).state == "active"


def test_going_offline_gives_back_who_waits_for_a_word(lin: Member, agent: AgentMember) -> None:
    chat = asked(lin)
    since = fresh(chat).enqueued_at

    set_status(agent.agent.pk, AgentStatus.OFFLINE, by=agent.actor)

    chat = fresh(chat)
    assert (chat.state, chat.enqueued_at, chat.agent) == ("waiting", since, None)
    assert chat.moves.latest("id").reason == "agent_lost"


def test_a_minute_without_a_sign_of_life_gets_no_chat_and_a_beat_brings_them_again(
    lin: Member, team: Team
) -> None:
    agent = make_agent(heartbeat_at=ago(61))
    chat = asked(lin)
    assert fresh(chat).state == "waiting"

    beat(agent.member.user.pk)

    assert fresh(chat).agent == agent.agent


def test_two_minutes_of_silence_make_offline_and_the_customer_goes_on_elsewhere(
    lin: Member, agent: AgentMember, django_capture_on_commit_callbacks: Capture
) -> None:
    chat = asked(lin)
    other = make_agent("方圆")
    Agent.objects.filter(pk=agent.agent.pk).update(heartbeat_at=ago(121))

    with django_capture_on_commit_callbacks(execute=True):
        done = sweep()

    assert done["silent_agents"] == 1
    assert agent.row.status == "offline"
    assert AgentStatusChange.objects.get().cause == StatusCause.SILENCE
    assert fresh(chat).agent == other.agent


def test_a_beat_of_somebody_else_does_nothing(lin: Member, agent: AgentMember) -> None:
    before = agent.row.heartbeat_at

    beat(lin.user.pk)

    assert agent.row.heartbeat_at == before


def test_who_leaves_the_desk_gives_everything_back(
    lin: Member, agent: AgentMember, an: Member
) -> None:
    chat = asked(lin)

    leave_desk(agent.agent.pk, by=an.actor)

    assert fresh(chat).state == "waiting"
    assert (agent.row.is_active, agent.row.status) == (False, "offline")
    with pytest.raises(NotAnAgentError):
        set_status(agent.agent.pk, AgentStatus.ONLINE, by=agent.actor)
    join_desk(agent.agent.pk, by=an.actor)
    assert set_status(agent.agent.pk, AgentStatus.ONLINE, by=agent.actor).status == "online"


def test_who_loses_the_role_leaves_the_desk(
    lin: Member, agent: AgentMember, an: Member, run_events: Any
) -> None:
    chat = asked(lin)

    revoke_role(user=agent.member.user, role=Role.CUSTOMER_SERVICE, by=an.actor)
    run_events()

    assert not agent.row.is_active
    assert fresh(chat).state == "waiting"


def test_the_fallback_team_serves_while_nobody_is_there(
    lin: Member, django_capture_on_commit_callbacks: Capture
) -> None:
    general = make_team()
    pay = make_team("pay", fallback=general)
    stand_in = make_agent("甲", team=general, places=1)
    chat = asked(lin, team_public_id=pay.public_id)
    assert fresh(chat).agent == stand_in.agent

    own = make_agent("乙", team=pay, places=1)
    (second,) = make_customers(1)
    assert asked(second, team_public_id=pay.public_id).agent == own.agent
    (third,) = make_customers(1)
    waiting = asked(third, team_public_id=pay.public_id)
    set_status(own.agent.pk, AgentStatus.BUSY, by=own.actor)
    with django_capture_on_commit_callbacks(execute=True):
        end_by_agent(chat.pk, agent=stand_in.agent, actor=stand_in.actor)
    assert fresh(waiting).agent == stand_in.agent


def test_language_and_last_agent_are_preferred(lin: Member, ge: Member, team: Team) -> None:
    english = make_agent("甲", languages=["en"])
    chinese = make_agent("乙", languages=["zh-hans"])
    first = asked(lin, language="en")
    end_by_agent(first.pk, agent=english.agent, actor=english.actor)

    assert asked(ge).agent == chinese.agent
    assert asked(lin, language="en").agent == english.agent


def test_an_agent_who_asks_as_a_patient_is_not_served_by_himself(team: Team) -> None:
    agent = make_agent()
    agent.member.user.groups.add(Group.objects.get_or_create(name=Role.PATIENT.value)[0])

    chat = asked(agent.member)

    assert chat.state == "waiting"
    with pytest.raises(NotFoundError):
        handing.take(chat.pk, agent=agent.agent, actor=agent.actor)


def test_higher_priority_goes_first(team: Team) -> None:
    usual, urgent = (asked(member) for member in make_customers(2))
    boss = make_agent("甲", status="busy")
    set_priority(urgent.pk, priority=5, actor=boss.actor)
    make_agent("乙", places=1)

    dispatch(team.pk)

    assert (fresh(usual).state, fresh(urgent).state) == ("waiting", "active")


def test_taking_is_out_of_turn_and_within_the_limit(lin: Member, ge: Member, team: Team) -> None:
    first, second = asked(lin), asked(ge)
    agent = make_agent(status="busy", places=1)

    taken = handing.take(second.pk, agent=agent.agent, actor=agent.actor)
    again = handing.take(second.pk, agent=agent.agent, actor=agent.actor)

    assert taken == again
    assert fresh(second).agent == agent.agent
    with pytest.raises(AgentFullError):
        handing.take(first.pk, agent=agent.agent, actor=agent.actor)


def test_who_is_offline_takes_nothing(lin: Member, team: Team) -> None:
    chat = asked(lin)
    agent = make_agent(status="offline")

    with pytest.raises(AgentNotOnlineError):
        handing.take(chat.pk, agent=agent.agent, actor=agent.actor)


def test_take_next_follows_the_turn(lin: Member, ge: Member, team: Team) -> None:
    first, _second = asked(lin), asked(ge)
    agent = make_agent(status="busy")

    taken = handing.take_next(agent=agent.agent, actor=agent.actor)

    assert taken == first
    handing.take_next(agent=agent.agent, actor=agent.actor)
    assert handing.take_next(agent=agent.agent, actor=agent.actor) is None


def test_a_served_chat_is_taken_over_and_not_taken(lin: Member, agent: AgentMember) -> None:
    chat = asked(lin)
    other = make_agent("方圆")
    with pytest.raises(ChatTakenError):
        handing.take(chat.pk, agent=other.agent, actor=other.actor)

    handing.take_over(chat.pk, agent=other.agent, actor=other.actor, remark="同事下班")

    assert fresh(chat).agent == other.agent
    assert [one.agent for one in chat.handlings.order_by("id")] == [agent.agent, other.agent]
    assert ChatMove.objects.latest("id").remark == "同事下班"
    talk = f"/api/v1/conversations/{chat.conversation.public_id}/messages"
    body = {"cid": "1", "body": "还在吗"}
    assert agent.member.client.post(talk, body, format="json").status_code == 404
    assert other.member.client.post(talk, body, format="json").status_code == 201


def test_a_transfer_keeps_reason_and_note_and_needs_a_place(
    lin: Member, ge: Member, agent: AgentMember
) -> None:
    chat = asked(lin)
    target = make_agent("方圆", places=1)
    handing.transfer_to_agent(
        chat.pk,
        target=target.agent,
        by=agent.agent,
        actor=agent.actor,
        remark="发票问题",
        note="客户要专票",
    )

    assert fresh(chat).agent == target.agent
    assert ChatMove.objects.latest("id").remark == "发票问题"
    assert Note.objects.get().body == "客户要专票"
    set_status(target.agent.pk, AgentStatus.BUSY, by=target.actor)
    second = asked(ge)
    with pytest.raises(AgentNotOnlineError):
        handing.transfer_to_agent(second.pk, target=target.agent, by=agent.agent, actor=agent.actor)
    set_status(target.agent.pk, AgentStatus.ONLINE, by=target.actor)
    with pytest.raises(AgentFullError):
        handing.transfer_to_agent(second.pk, target=target.agent, by=agent.agent, actor=agent.actor)


def test_only_who_serves_a_chat_hands_it_on_unless_he_leads(
    lin: Member, agent: AgentMember
) -> None:
    chat = asked(lin)
    other = make_agent("方圆", status="busy")

    with pytest.raises(NotYourChatError):
        handing.transfer_to_team(chat.pk, team=None, by=other.agent, actor=other.actor)
    handing.transfer_to_team(chat.pk, team=None, by=other.agent, actor=other.actor, is_forced=True)
    assert fresh(chat).state == "waiting"


def test_another_team_s_queue_counts_from_the_first_time(
    lin: Member, ge: Member, agent: AgentMember, django_capture_on_commit_callbacks: Capture
) -> None:
    pay = make_team("pay")
    chat = asked(lin)
    later = asked(ge, team_public_id=pay.public_id)
    handing.transfer_to_team(chat.pk, team=pay, by=agent.agent, actor=agent.actor)
    server = make_agent("乙", team=pay, places=1)

    dispatch(pay.pk)

    assert fresh(chat).agent == server.agent
    assert fresh(later).state == "waiting"


def test_an_ended_chat_takes_nothing_more(lin: Member, agent: AgentMember) -> None:
    chat = asked(lin)
    end_by_agent(chat.pk, agent=agent.agent, actor=agent.actor)
    other = make_agent("方圆")

    with pytest.raises(ChatEndedError):
        handing.take(chat.pk, agent=other.agent, actor=other.actor)
    with pytest.raises(ChatEndedError):
        handing.transfer_to_team(chat.pk, team=None, by=agent.agent, actor=agent.actor)


def test_only_who_serves_a_chat_ends_it(lin: Member, agent: AgentMember) -> None:
    chat = asked(lin)
    other = make_agent("方圆")

    with pytest.raises(NotYourChatError):
        end_by_agent(chat.pk, agent=other.agent, actor=other.actor)


def left(member: Member, team: Team) -> LeftMessage:
    """Let a customer leave a message while the team is closed, and open it again."""
    tomorrow = (clinic_time(now()) + timedelta(days=1)).weekday()
    TeamHours.objects.create(team=team, weekday=tomorrow, opens=time(9), closes=time(18))
    message = leave_message(actor=member.actor, body="请回电")
    TeamHours.objects.all().delete()
    return message


def answered(message: LeftMessage, agent: AgentMember) -> LeftMessage:
    """Let an agent answer."""
    return answer_left_message(
        message.pk, agent=agent.agent, actor=agent.actor, body="您好，已处理"
    )


def test_a_left_message_is_answered_in_a_chat_with_its_words_first(lin: Member, team: Team) -> None:
    message = left(lin, team)
    agent = make_agent()

    answer = answered(message, agent)

    assert answer.chat is not None
    assert answer.chat.agent == agent.agent
    assert (answer.state, answer.answered_by) == ("answered", agent.agent)
    path = f"/api/v1/conversations/{answer.chat.conversation.public_id}/messages"
    said = [
        (one["role"], one["body"])
        for one in lin.client.get(path).json()["messages"]
        if one["kind"] == "text"
    ]
    assert said == [("patient", "请回电"), ("agent", "您好，已处理")]
    assert Notice.objects.get(user=lin.user).kind == "left_message_answered"
    assert fresh(answer.chat).held_until is not None
    with pytest.raises(AlreadyAnsweredError):
        answered(message, agent)


def test_an_answer_takes_the_chat_in_which_the_customer_waits(lin: Member, team: Team) -> None:
    message = left(lin, team)
    waiting = asked(lin)
    agent = make_agent(status="busy")

    assert answered(message, agent).chat == waiting
    assert fresh(waiting).agent == agent.agent


def test_an_answer_needs_a_place_and_disturbs_no_colleague(
    lin: Member, ge: Member, team: Team
) -> None:
    message = left(lin, team)
    agent = make_agent(places=1)
    asked(ge)
    with pytest.raises(AgentFullError):
        answered(message, agent)
    other = make_agent("方圆")
    asked(lin)
    with pytest.raises(ChatOpenError):
        answered(message, agent)
    assert LeftMessage.objects.get().state == "open"
    assert answered(message, other).state == "answered"


def test_a_dismissed_message_is_done(lin: Member, team: Team) -> None:
    message = left(lin, team)
    agent = make_agent()

    dismiss_left_message(message.pk, agent=agent.agent)

    assert LeftMessage.objects.get().state == "dismissed"
    with pytest.raises(AlreadyAnsweredError):
        answered(message, agent)


def test_at_closing_time_who_waits_for_nobody_is_told(lin: Member, team: Team) -> None:
    chat = asked(lin)
    tomorrow = (clinic_time(now()) + timedelta(days=1)).weekday()
    TeamHours.objects.create(team=team, weekday=tomorrow, opens=time(9), closes=time(18))

    assert sweep()["closing"] == 1
    assert fresh(chat).end_reason == "closed_for_the_day"


def test_at_closing_time_agents_who_stay_work_off_the_queue(team: Team) -> None:
    make_agent(places=1)
    chats = [asked(member) for member in make_customers(2)]
    tomorrow = (clinic_time(now()) + timedelta(days=1)).weekday()
    TeamHours.objects.create(team=team, weekday=tomorrow, opens=time(9), closes=time(18))

    assert sweep()["closing"] == 0
    assert fresh(chats[1]).state == "waiting"


def test_a_long_wait_alarms_the_desk_once(lin: Member, team: Team) -> None:
    chat = asked(lin)
    ServiceChat.objects.filter(pk=chat.pk).update(enqueued_at=ago(301))

    assert sweep()["long_waits"] == 1
    assert sweep()["long_waits"] == 0


def test_an_account_that_is_gone_leaves_no_open_chat(lin: Member, team: Team, an: Member) -> None:

    chat = asked(lin)

    end_chats_of_nobody(AccountAnonymised(user_id=lin.user.pk))

    assert fresh(chat).end_reason == "customer_gone"


def test_customer_service_is_no_door_for_other_staff(team: Team) -> None:
    pharmacist = make_member("姚芳", Role.PHARMACIST, is_staff=True)

    answer = pharmacist.client.post("/api/v1/service/chats", {}, format="json")

    assert answer.status_code == 403
