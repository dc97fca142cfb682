"""The rule of silence, on real chats: warned and ended, reminded and given back."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import DatabaseError
from django.test import override_settings

from chat.enums import Activity
from chat.models import Message
from chat.services.activity import Note
from chat.services.messages import send_message
from clinic.core.clock import now
from clinic.customer_service.enums import AgentStatus
from clinic.customer_service.models import ServiceChat, SlaTimer
from clinic.customer_service.services import sweeping
from clinic.customer_service.services.activity import note_signs
from clinic.customer_service.services.agents import set_status
from clinic.customer_service.services.ending import end_by_customer
from clinic.customer_service.services.idling import run_idle_rule
from clinic.customer_service.services.keeping import hold
from clinic.customer_service.services.sla import break_overdue
from clinic.customer_service.services.sweeping import sweep
from tests.cast import Member
from tests.customer_service.conftest import AgentMember, asked, fresh, make_agent, make_customers

pytestmark = pytest.mark.django_db
BEGIN = datetime.fromisoformat("2026-09-30T10:00:00+08:00")


class Clock:
    """A wall clock that stands still until somebody waits."""

    def __init__(self, traveller: Any) -> None:
        self._traveller = traveller

    def wait(self, seconds: float) -> None:
        self._traveller.shift(timedelta(seconds=seconds))

    def sweep_for(self, seconds: int) -> dict[str, int]:
        """Let so much time pass, with the idle rule each 15 seconds; return the steps taken."""
        taken: dict[str, int] = {}
        for _ in range(seconds // 15):
            self.wait(15)
            for step, times in run_idle_rule().items():
                taken[step] = taken.get(step, 0) + times
        return taken


@pytest.fixture
def clock() -> Iterator[Clock]:
    """Time that only tests move."""
    with _standing() as traveller:
        yield Clock(traveller)


@contextmanager
def _standing() -> Iterator[Any]:
    with time_machine.travel(BEGIN, tick=False) as traveller:
        yield traveller


def say(member: Member, chat: ServiceChat, text: str = "好的") -> None:
    """Say something in the chat."""
    send_message(
        actor=member.actor,
        conversation_public_id=chat.conversation.public_id,
        client_id=f"{now().timestamp()}",
        kind="text",
        body=text,
    )


def said_codes(chat: ServiceChat) -> list[str]:
    """Return the system messages of the chat."""
    rows = Message.objects.filter(conversation=chat.conversation, kind="system").order_by("seq")
    return list(rows.values_list("code", flat=True))


def test_a_silent_customer_is_warned_after_one_minute_and_ended_after_two(
    clock: Clock, agent: AgentMember, lin: Member
) -> None:
    chat = asked(lin)
    say(agent.member, chat)
    run_idle_rule()

    assert clock.sweep_for(45) == {}
    assert clock.sweep_for(15) == {"warn": 1}
    assert clock.sweep_for(45) == {}
    assert clock.sweep_for(15) == {"end": 1}
    assert fresh(chat).end_reason == "idle"
    assert said_codes(chat)[-2:] == ["chat_idle_warning", "chat_ended_idle"]


def test_a_word_after_the_warning_keeps_the_chat(
    clock: Clock, agent: AgentMember, lin: Member
) -> None:
    chat = asked(lin)
    say(agent.member, chat)
    clock.sweep_for(75)
    say(lin, chat)
    say(agent.member, chat)

    assert clock.sweep_for(45) == {}
    assert fresh(chat).state == "active"


def test_typing_and_reading_keep_the_chat(clock: Clock, agent: AgentMember, lin: Member) -> None:
    chat = asked(lin)
    say(agent.member, chat)
    clock.sweep_for(45)
    note_signs([_sign(chat, lin)])

    assert clock.sweep_for(45) == {}
    assert clock.sweep_for(15) == {"warn": 1}


def _sign(chat: ServiceChat, member: Member, activity: str = "typing") -> Any:

    return Note(
        talk="service",
        conversation_id=chat.conversation_id,
        topic="",
        user_id=member.user.pk,
        role="patient",
        activity=Activity(activity),
        at=now(),
    )


def test_an_outage_of_the_sweep_ends_nobody_unwarned(
    clock: Clock, agent: AgentMember, lin: Member, ge: Member
) -> None:
    warned, unwarned = asked(lin), asked(ge)
    say(agent.member, warned)
    run_idle_rule()
    clock.sweep_for(60)
    say(agent.member, unwarned)

    clock.wait(3600)
    after = run_idle_rule()

    # The one warned an hour ago gets another minute: he may not have been able to answer.
    assert after == {"warn": 1}
    assert fresh(warned).state == fresh(unwarned).state == "active"
    assert clock.sweep_for(60) == {"end": 2}


def test_a_silent_agent_is_reminded_and_then_loses_the_chat_to_the_head_of_the_queue(
    clock: Clock, agent: AgentMember, lin: Member
) -> None:
    chat = asked(lin)
    since = fresh(chat).enqueued_at
    say(lin, chat)
    run_idle_rule()

    assert clock.sweep_for(60) == {"alarm": 1}
    assert clock.sweep_for(60) == {"requeue": 1}

    chat = fresh(chat)
    assert (chat.state, chat.enqueued_at) == ("waiting", since)
    assert chat.handlings.get().ended_why == "agent_silent"


def test_a_setting_follows_the_source_to_the_letter(
    clock: Clock, agent: AgentMember, lin: Member
) -> None:
    chat = asked(lin)
    say(lin, chat)
    run_idle_rule()

    with override_settings(SERVICE_AGENT_SILENCE_ENDS=True):
        assert clock.sweep_for(120) == {"warn": 1, "end": 1}
    assert fresh(chat).end_reason == "idle"


def test_a_hold_pauses_both_silences(clock: Clock, agent: AgentMember, lin: Member) -> None:
    chat = asked(lin)
    say(agent.member, chat)
    hold(chat.pk, minutes=5, agent=agent.agent, actor=agent.actor)
    run_idle_rule()

    assert clock.sweep_for(345) == {}
    assert clock.sweep_for(15) == {"warn": 1}


def test_the_chat_of_an_agent_who_is_gone_goes_on_when_its_customer_writes(
    clock: Clock, agent: AgentMember, lin: Member
) -> None:
    chat = asked(lin)
    clock.wait(1)
    say(agent.member, chat)
    set_status(agent.agent.pk, AgentStatus.OFFLINE, by=agent.actor)
    before = fresh(chat).state
    clock.wait(1)
    say(lin, chat)

    taken = run_idle_rule()

    assert before == "active"
    assert taken == {"requeue": 1}
    assert fresh(chat).state == "waiting"


def test_all_idle_chats_are_ended_in_one_pass(clock: Clock, lin: Member, ge: Member) -> None:
    agent = make_agent(places=50)

    for member in [lin, ge, *make_customers(28)]:
        say(agent.member, asked(member))
    run_idle_rule()

    assert clock.sweep_for(120) == {"warn": 30, "end": 30}


def test_an_unkept_promise_is_broken_and_alarmed_once(
    clock: Clock, agent: AgentMember, lin: Member
) -> None:
    chat = asked(lin)
    clock.wait(61)

    assert break_overdue(now()) == 1
    assert break_overdue(now()) == 0
    broken = SlaTimer.objects.get(chat=chat, metric="first_reply")
    assert broken.broken_at == now()


def test_a_reply_in_time_keeps_the_promise_even_if_its_event_is_late(
    clock: Clock, agent: AgentMember, lin: Member
) -> None:
    chat = asked(lin)
    clock.wait(20)
    say(agent.member, chat)
    clock.wait(60)

    assert break_overdue(now()) == 0
    kept = SlaTimer.objects.get(chat=chat, metric="first_reply")
    assert kept.met_at == now() - timedelta(seconds=60)
    assert fresh(chat).first_reply_at == kept.met_at


def test_the_first_reply_is_noted_by_its_event(
    agent: AgentMember, lin: Member, run_events: Any
) -> None:
    chat = asked(lin)
    say(lin, chat)
    say(agent.member, chat)

    run_events()

    assert fresh(chat).first_reply_at is not None
    assert SlaTimer.objects.get(chat=chat, metric="first_reply").met_at is not None


def test_the_end_keeps_the_promise_of_resolution(agent: AgentMember, lin: Member) -> None:

    chat = asked(lin)
    end_by_customer(chat.pk, actor=lin.actor)

    assert SlaTimer.objects.get(chat=chat, metric="resolution").met_at is not None


def test_one_failing_part_does_not_stop_the_sweep(
    clock: Clock, agent: AgentMember, lin: Member, monkeypatch: pytest.MonkeyPatch
) -> None:

    def fail(_now: datetime) -> int:
        raise DatabaseError

    parts = {**sweeping.PARTS, "silent_agents": fail}
    monkeypatch.setattr(sweeping, "PARTS", parts)
    chat = asked(lin)
    clock.wait(61)

    done = sweep()

    assert done["silent_agents"] == 0
    assert done["promises"] == 1
    assert fresh(chat).state == "active"
