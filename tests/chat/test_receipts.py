"""When a message was delivered and read, told to its sender."""

from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import DatabaseError, transaction
from pytest_django import DjangoAssertNumQueries

from chat.enums import ConversationKind
from chat.models import Conversation, WatermarkMove
from chat.services.conversations import MemberSpec, open_conversation
from chat.services.messages import post_system_message
from chat.services.watermarks import mark, mark_delivered, mark_read
from clinic.core.clock import now
from clinic.core.errors import NotFoundError
from clinic.core.roles import Role
from tests.cast import Member as Person
from tests.cast import make_member
from tests.chat.conftest import TOPIC
from tests.chat.test_send import _messages, _send

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def _detail(who: Person, talk: Conversation, message_id: str) -> Any:
    return who.client.get(f"/api/v1/conversations/{talk.public_id}/messages/{message_id}")


def _told(message: dict[str, Any]) -> tuple[Any, ...]:
    moments = [message["delivered_at"], message["read_at"]]
    return message["status"], *(datetime.fromisoformat(at) if at else None for at in moments)


def test_the_sender_is_told_when_his_message_was_delivered_and_read(
    lin: Person, mo: Person, talk: Conversation
) -> None:
    steps: list[Any] = []
    start = now()
    with time_machine.travel(start, tick=False) as clock:
        first = _send(lin, talk, "一").json()["message_id"]
        steps.append(_told(_detail(lin, talk, first).json()))
        clock.shift(MINUTE)
        mark(actor=mo.actor, conversation_public_id=talk.public_id, delivered=1)
        steps.append(_told(_detail(lin, talk, first).json()))
        clock.shift(MINUTE)
        second = _send(lin, talk, "二").json()["message_id"]
        mark(actor=mo.actor, conversation_public_id=talk.public_id, read=2)
        clock.shift(MINUTE)
        mark(actor=mo.actor, conversation_public_id=talk.public_id, read=2)
        steps += [_told(_detail(lin, talk, one).json()) for one in (first, second)]

    at = [start + n * MINUTE for n in range(3)]
    assert steps == [
        ("sent", None, None),
        ("delivered", at[1], None),
        ("read", at[1], at[2]),
        ("read", at[2], at[2]),
    ]
    assert WatermarkMove.objects.count() == 2


def test_others_read_the_message_without_its_receipt(
    lin: Person, mo: Person, ge: Person, talk: Conversation
) -> None:
    sent = _send(lin, talk, "一").json()["message_id"]
    mark(actor=mo.actor, conversation_public_id=talk.public_id, read=1)
    said = post_system_message(topic=TOPIC, code="doctor_accepted", params={"doctor": "莫离"})

    shown = _detail(mo, talk, sent).json()
    assert (shown["body"], _told(shown)) == ("一", (None, None, None))
    assert "莫离" in _detail(mo, talk, str(said.public_id)).json()["body"]
    assert _detail(ge, talk, sent).status_code == 404
    assert _detail(lin, talk, str(lin.public_id)).status_code == 404


def test_a_page_tells_receipts_of_own_messages_when_asked(
    lin: Person, mo: Person, talk: Conversation, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    _send(lin, talk, "一")
    _send(mo, talk, "二")
    mark(actor=mo.actor, conversation_public_id=talk.public_id, read=1)

    for query in ("?receipts=true", "?receipts=true&after_rev=0"):
        mine, theirs = _messages(lin, talk, query)["messages"]
        assert mine["status"] == "read"
        assert "status" not in theirs
    assert "status" not in _messages(lin, talk)["messages"][0]
    url = f"/api/v1/conversations/{talk.public_id}/messages?receipts=true"
    with django_assert_num_queries(3):  # session, page, receipts
        lin.client.get(url)
    for n in range(8):
        _send(lin, talk, str(n))
    with django_assert_num_queries(3):
        lin.client.get(url)


def test_colleagues_of_the_sender_do_not_count_as_readers(lin: Person, bao: Person) -> None:
    li = make_member("黎言", Role.CUSTOMER_SERVICE)
    for kind, role in (("service", "agent"), ("assistant", "assistant")):
        talk = open_conversation(
            kind=ConversationKind(kind),
            topic=f"{kind}:test",
            members=[
                MemberSpec(lin.user.pk, "patient"),
                MemberSpec(bao.user.pk, role),
                MemberSpec(li.user.pk, role),
            ],
        )
        sent = _send(bao, talk, "您好").json()["message_id"]
        mark(actor=li.actor, conversation_public_id=talk.public_id, read=1)
        assert _detail(bao, talk, sent).json()["status"] == "sent"
        mark(actor=lin.actor, conversation_public_id=talk.public_id, delivered=1)
        assert _detail(bao, talk, sent).json()["status"] == "delivered"
        seen_by_colleague = _detail(li, talk, sent).json()["status"]
        assert seen_by_colleague == ("delivered" if role == "assistant" else None)


def test_the_desk_marks_by_message(lin: Person, mo: Person, ge: Person, talk: Conversation) -> None:
    sent = _send(lin, talk, "一").json()
    _send(lin, talk, "二")
    key = talk.messages.get(seq=1).public_id
    delivered = mark_delivered(actor=mo.actor, message_public_id=key)
    read = mark_read(actor=mo.actor, message_public_id=key)

    assert str(key) == sent["message_id"]
    assert (delivered.delivered, delivered.read, read.delivered, read.read) == (1, 0, 1, 1)
    for actor, message in ((ge.actor, key), (mo.actor, ge.public_id)):
        with pytest.raises(NotFoundError):
            mark_read(actor=actor, message_public_id=message)


def test_receipts_cannot_be_changed(lin: Person, mo: Person, talk: Conversation) -> None:
    _send(lin, talk)
    mark(actor=mo.actor, conversation_public_id=talk.public_id, read=1)
    for change in (
        lambda: WatermarkMove.objects.update(read_seq=0),
        lambda: WatermarkMove.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
