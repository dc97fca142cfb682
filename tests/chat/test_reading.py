"""The quick reads of the chat answer exactly what the documented shapes describe."""

from typing import Any

import orjson
import pytest
from django.db.models import F, Prefetch, QuerySet

from chat.api.serializers import ConversationSerializer
from chat.models import Conversation, Member, Message
from chat.selectors.conversations import listed_for
from chat.services.conversations import (
    MemberSpec,
    limit_writing,
    open_conversation,
    remove_member,
)
from chat.services.messages import post_system_message, send_message
from clinic.core.api.renderers import FastJSONRenderer
from clinic.core.clock import now
from tests import cast


def with_people(rows: QuerySet[Conversation]) -> QuerySet[Conversation]:
    members = Member.objects.select_related("user").order_by("pk")
    latest = Message.objects.filter(seq=F("conversation__last_seq")).select_related("sender")
    return rows.prefetch_related(
        Prefetch("members", queryset=members), Prefetch("messages", latest, to_attr="latest")
    )


def described(member: cast.Member) -> Any:
    rows = with_people(listed_for(member.actor))
    return orjson.loads(FastJSONRenderer().render(ConversationSerializer(rows, many=True).data))


def talk(topic: str, one: cast.Member, other: cast.Member) -> Conversation:
    people = [MemberSpec(one.user.pk, "patient"), MemberSpec(other.user.pk, "doctor")]
    return open_conversation(kind="consultation", topic=topic, members=people)


def say(member: cast.Member, conversation: Conversation, count: int) -> None:
    for number in range(count):
        send_message(
            actor=member.actor,
            conversation_public_id=conversation.public_id,
            client_id=f"{member.user.pk}-{conversation.last_seq}-{number}",
            kind="text",
            body=f"第{number}句",
            extra=None,
        )


@pytest.fixture
def talks(lin: cast.Member, ge: cast.Member) -> list[Conversation]:
    """An empty one, one that ends in a system sentence, and one that Ge has left."""
    empty, told, left = (talk(f"test:{name}", lin, ge) for name in ("empty", "told", "left"))
    say(lin, told, 3)
    post_system_message(topic=told.topic, code="consultation_accepted", params={"doctor": "沈"})
    say(lin, left, 2)
    remove_member(left.topic, ge.user.pk)
    say(lin, left, 2)
    return [empty, told, left]


def test_conversations_are_what_the_shape_describes(
    talks: list[Conversation], lin: cast.Member, ge: cast.Member
) -> None:
    limit_writing(talks[0].topic, role="patient", messages=3, until=now())

    for member in (lin, ge):
        expected = described(member)
        assert len(expected) == len(talks)
        assert member.client.get("/api/v1/conversations").json()["results"] == expected
        for row in expected:
            assert member.client.get(f"/api/v1/conversations/{row['id']}").json() == row


@pytest.mark.parametrize(
    ("query", "numbers", "has_more"),
    [
        ("", [1, 2, 3, 4], False),
        ("?limit=2", [3, 4], True),
        ("?before=3&limit=1", [2], True),
        ("?before=3", [1, 2], False),
        ("?before=1", [], False),
        ("?before=99&limit=3", [2, 3, 4], True),
        ("?after=0&limit=3", [1, 2, 3], True),
        ("?after=2", [3, 4], False),
        ("?after=4", [], False),
        ("?after=4611686018427387904", [], False),
    ],
)
def test_messages_come_in_pages(
    query: str, numbers: list[int], has_more: bool, talks: list[Conversation], lin: cast.Member
) -> None:
    body = lin.client.get(f"/api/v1/conversations/{talks[1].public_id}/messages{query}").json()

    assert [message["seq"] for message in body["messages"]] == numbers
    assert (body["more"], body["last_seq"]) == (has_more, 4)


def test_who_has_left_reads_up_to_there(talks: list[Conversation], ge: cast.Member) -> None:
    body = ge.client.get(f"/api/v1/conversations/{talks[2].public_id}/messages").json()

    assert [message["seq"] for message in body["messages"]] == [1, 2]


def test_strangers_find_no_messages(talks: list[Conversation], bao: cast.Member) -> None:
    for query in ("", "?after=0", "?before=9"):
        path = f"/api/v1/conversations/{talks[1].public_id}/messages{query}"
        assert bao.client.get(path).status_code == 404
