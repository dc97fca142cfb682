"""Sending over HTTP: numbers without a gap, repeats without a double, harmless refusals."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings as live_settings
from django.core.management import call_command
from pytest_django import DjangoAssertNumQueries, Settings

from chat.events import FirstReplySent
from chat.models import Conversation, Member, Message
from chat.services.conversations import (
    MemberSpec,
    add_member,
    close_writing,
    limit_writing,
    open_conversation,
    open_writing,
    remove_member,
)
from chat.services.drafts import Draft, StoredMessage
from chat.services.messages import post_system_message, send_messages
from clinic.core import events
from clinic.core.clock import now
from clinic.core.errors import ClinicError, NotFoundError, RateLimitedError
from clinic.core.models import OutboxEvent
from tests.cast import Member as Person
from tests.chat.conftest import TOPIC

pytestmark = pytest.mark.django_db


def _send(who: Person, talk: Conversation, body: str = "您好", **fields: Any) -> Any:
    url = f"/api/v1/conversations/{talk.public_id}/messages"
    return who.client.post(url, {"cid": str(uuid.uuid4()), "body": body} | fields, format="json")


def _draft(who: Person, talk: Conversation, cid: str, body: str = "您好") -> Draft:
    return Draft(who.user.pk, who.public_id, talk.public_id, cid, "text", body)


def _messages(who: Person, talk: Conversation, query: str = "") -> Any:
    return who.client.get(f"/api/v1/conversations/{talk.public_id}/messages{query}").json()


def test_messages_are_numbered_in_order_and_read_back(
    lin: Person, mo: Person, talk: Conversation
) -> None:
    first = _send(lin, talk, "头痛三天了")
    second = _send(mo, talk, "有没有发烧？")

    assert (first.status_code, first.json()["seq"], second.json()["seq"]) == (201, 1, 2)
    page = _messages(mo, talk, "?after=0")
    assert [m["body"] for m in page["messages"]] == ["头痛三天了", "有没有发烧？"]
    assert [m["sender"] for m in page["messages"]] == [str(lin.public_id), str(mo.public_id)]
    assert (page["last_seq"], page["more"]) == (2, False)


def test_a_resend_after_a_lost_answer_stores_nothing(lin: Person, talk: Conversation) -> None:
    first = _send(lin, talk, cid="a1").json()
    again = _send(lin, talk, cid="a1")

    assert again.status_code == 200
    assert again.json() == {**first, "duplicate": True}
    assert Message.objects.count() == 1


def test_the_same_client_id_with_another_body_is_a_conflict(
    lin: Person, talk: Conversation
) -> None:
    _send(lin, talk, "一", cid="a1")
    answer = _send(lin, talk, "二", cid="a1")

    assert (answer.status_code, answer.json()["code"]) == (409, "cid_conflict")


def test_a_stranger_finds_nothing(ge: Person, talk: Conversation) -> None:
    assert _send(ge, talk).status_code == 404
    assert ge.client.get(f"/api/v1/conversations/{talk.public_id}").status_code == 404
    assert ge.client.get(f"/api/v1/conversations/{talk.public_id}/messages").status_code == 404
    for verb in ("read", "delivered"):
        url = f"/api/v1/conversations/{talk.public_id}/{verb}"
        assert ge.client.post(url, {"seq": 1}, format="json").status_code == 404
    assert Message.objects.count() == 0


@pytest.mark.parametrize(
    ("kind", "body", "status"),
    [
        ("text", "x" * 5000, 201),
        ("text", "x" * 5001, 400),
        ("text", "  \n ", 400),
        ("image", "https://img.example.com/a.jpg?x=1", 201),
        ("link", "https://example.com", 201),
        ("link", "http://example.com", 400),
        ("link", "javascript:alert(1)", 400),
        ("link", "https://", 400),
        ("link", "https://a b.com/", 400),
        ("link", "https://user:pw@example.com/", 400),
        ("link", "https://[bad", 400),
        ("system", "x", 400),
        ("voice", "x", 400),
    ],
)
def test_only_usable_content_is_stored(
    lin: Person, talk: Conversation, kind: str, body: str, status: int
) -> None:
    assert _send(lin, talk, body, kind=kind).status_code == status


def test_one_batch_numbers_many_writers_and_judges_each_alone(
    lin: Person, mo: Person, ge: Person, talk: Conversation
) -> None:
    batch = [
        _draft(lin, talk, "1"),
        _draft(ge, talk, "1"),
        _draft(mo, talk, "1"),
        _draft(lin, talk, "1"),
        _draft(lin, talk, "1", "other"),
        _draft(lin, talk, "2"),
    ]

    outcomes = send_messages(batch)

    assert [_short(outcome) for outcome in outcomes] == [
        *(1, "not_found", 2, (1, "again"), "cid_conflict", 3),
    ]
    call_command("check_invariants")


def _short(outcome: StoredMessage | ClinicError) -> Any:
    if isinstance(outcome, ClinicError):
        return outcome.code
    return (outcome.seq, "again") if outcome.is_duplicate else outcome.seq


def test_a_batch_costs_the_same_however_large(
    lin: Person, mo: Person, talk: Conversation, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    send_messages([_draft(lin, talk, "0"), _draft(mo, talk, "0")])
    for size in (1, 20):
        with django_assert_num_queries(3):  # savepoint, statement, release
            send_messages([_draft(lin, talk, f"{size}-{n}") for n in range(size)])


def test_the_pace_is_one_for_all_conversations(
    lin: Person, talk: Conversation, settings: Settings
) -> None:
    settings.CHAT_SEND_RATE = "3/m"
    other = open_conversation(
        kind="service", topic="service:1", members=[MemberSpec(lin.user.pk, "patient")]
    )
    statuses = [_send(lin, talk).status_code, _send(lin, other).status_code]
    outcomes = send_messages([_draft(lin, talk, "x"), _draft(lin, other, "y")])
    refused = _send(lin, talk)

    assert statuses == [201, 201]
    assert isinstance(outcomes[0], StoredMessage)
    assert isinstance(outcomes[1], RateLimitedError)
    assert refused.status_code == 429
    assert 0 < int(refused["Retry-After"]) <= 60
    assert live_settings.CHAT_SEND_RATE == "3/m"


def test_a_closed_conversation_can_be_read_but_not_written(lin: Person, talk: Conversation) -> None:
    _send(lin, talk)
    close_writing(TOPIC)

    assert _send(lin, talk).json()["code"] == "writing_closed"
    assert len(_messages(lin, talk)["messages"]) == 1
    open_writing(TOPIC)
    assert _send(lin, talk).status_code == 201


def test_follow_up_messages_are_counted_while_the_doctor_may_answer(
    lin: Person, mo: Person, talk: Conversation
) -> None:
    limit_writing(TOPIC, role="patient", messages=2, until=now() + timedelta(days=7))

    codes = [_send(lin, talk).status_code for _ in range(3)]

    assert codes == [201, 201, 409]
    assert _send(lin, talk).json()["code"] == "writing_limit_reached"
    assert _send(mo, talk).status_code == 201
    limit_writing(TOPIC, role="patient", messages=2, until=now() - timedelta(seconds=1))
    assert _send(mo, talk).json()["code"] == "writing_closed"


def test_who_left_reads_up_to_there_and_no_further(
    lin: Person, mo: Person, talk: Conversation
) -> None:
    _send(lin, talk, "之前")
    remove_member(TOPIC, mo.user.pk)
    _send(lin, talk, "之后")

    assert _send(mo, talk).status_code == 404
    assert [m["body"] for m in _messages(mo, talk, "?after=0")["messages"]] == ["之前"]
    shown = mo.client.get("/api/v1/conversations").json()["results"][0]
    assert (shown["last_seq"], shown["last_message"]) == (1, None)
    url = f"/api/v1/conversations/{talk.public_id}/read"
    assert mo.client.post(url, {"seq": 9}, format="json").json()["read"] == 1
    add_member(TOPIC, MemberSpec(mo.user.pk, "doctor"))
    assert len(_messages(mo, talk)["messages"]) == 2


def test_watermarks_move_forward_only_and_never_past_the_end(
    lin: Person, mo: Person, talk: Conversation
) -> None:
    for _ in range(3):
        _send(lin, talk)
    base = f"/api/v1/conversations/{talk.public_id}"

    steps = [
        mo.client.post(f"{base}/delivered", {"seq": 2}, format="json").json(),
        mo.client.post(f"{base}/read", {"seq": 1}, format="json").json(),
        mo.client.post(f"{base}/read", {"seq": 99}, format="json").json(),
        mo.client.post(f"{base}/delivered", {"seq": 1}, format="json").json(),
    ]

    pairs = [(step["delivered"], step["read"]) for step in steps]
    assert pairs == [(2, 0), (2, 1), (3, 3), (3, 3)]
    call_command("check_invariants")


def test_writing_does_not_read_what_came_before(
    lin: Person, mo: Person, talk: Conversation
) -> None:
    _send(lin, talk)
    _send(mo, talk)

    seats = {seat.role: (seat.delivered_seq, seat.read_seq) for seat in Member.objects.all()}
    assert seats == {"patient": (1, 1), "doctor": (0, 0)}


def test_unread_counts_what_others_wrote(lin: Person, mo: Person, talk: Conversation) -> None:
    _send(mo, talk)
    _send(lin, talk)
    post_system_message(topic=TOPIC, code="doctor_accepted", params={"doctor": "莫离"})

    row = lin.client.get("/api/v1/conversations").json()["results"][0]
    assert (row["unread"], row["last_seq"]) == (2, 3)


def test_a_system_message_speaks_the_reader_s_language(lin: Person, talk: Conversation) -> None:
    post_system_message(topic=TOPIC, code="doctor_accepted", params={"doctor": "Mo"})

    url = f"/api/v1/conversations/{talk.public_id}/messages"
    english = lin.client.get(url, headers={"accept-language": "en"}).json()["messages"][0]

    assert english["body"] == "Doctor Mo has accepted the consultation."
    assert (english["code"], english["sender"], english["seq"]) == ("doctor_accepted", None, 1)


def test_a_system_message_of_an_unknown_topic_is_refused(db: None) -> None:
    with pytest.raises(NotFoundError):
        post_system_message(topic="nowhere", code="x", params={})


def test_the_first_reply_of_each_member_is_announced_once(
    lin: Person, mo: Person, talk: Conversation, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[tuple[int, str]] = []
    monkeypatch.setitem(
        events.HANDLERS, FirstReplySent.name, {"test": lambda fact: told.append(fact.role)}
    )
    for writer in (lin, lin, mo, mo):
        _send(writer, talk)

    rows = OutboxEvent.objects.filter(kind=FirstReplySent.name).order_by("pk")
    roles = [(row.payload["role"], row.payload["topic"]) for row in rows]
    assert roles == [("patient", TOPIC), ("doctor", TOPIC)]


def test_pages_go_both_ways(lin: Person, talk: Conversation) -> None:
    send_messages([_draft(lin, talk, str(n), str(n)) for n in range(1, 11)])

    def numbers(query: str) -> tuple[list[int], bool]:
        page = _messages(lin, talk, query)
        return [m["seq"] for m in page["messages"]], page["more"]

    assert numbers("?limit=3") == ([8, 9, 10], True)
    assert numbers("?before=8&limit=3") == ([5, 6, 7], True)
    assert numbers("?before=3&limit=3") == ([1, 2], False)
    assert numbers("?before=1&limit=3") == ([], False)
    assert numbers("?after=8&limit=1") == ([9], True)
    assert numbers("?after=10") == ([], False)


@pytest.mark.parametrize("query", ["?limit=201", "?after=-1", "?after=x", "?foo=1", "?before=0"])
def test_hostile_page_questions_are_refused(lin: Person, talk: Conversation, query: str) -> None:
    url = f"/api/v1/conversations/{talk.public_id}/messages{query}"
    assert lin.client.get(url).status_code == 400


@pytest.mark.parametrize(
    "fields",
    [
        {"cid": ""},
        {"cid": "x" * 65},
        {"cid": "a\x00b"},
        {"body": "a\x00b"},
        {"body": {"a": 1}},
        {"extra": [1]},
        {"extra": {"a": {"b": 1}}},
        {"extra": {"a": "x" * 2000}},
        {"kind": None},
    ],
)
def test_hostile_messages_are_refused(lin: Person, talk: Conversation, fields: Any) -> None:
    assert _send(lin, talk, **fields).status_code == 400
    assert Message.objects.count() == 0


def test_the_list_costs_the_same_however_long(
    lin: Person, mo: Person, django_assert_max_num_queries: Any
) -> None:
    def grow(count: int) -> None:
        for n in range(count):
            members = [MemberSpec(lin.user.pk, "patient"), MemberSpec(mo.user.pk, "doctor")]
            topic = f"consultation:{Conversation.objects.count()}-{n}"
            talk = open_conversation(kind="consultation", topic=topic, members=members)
            _send(mo, talk)

    grow(1)
    lin.client.get("/api/v1/conversations")
    with django_assert_max_num_queries(5):  # session, count, rows, members, latest messages
        lin.client.get("/api/v1/conversations")
    grow(5)
    with django_assert_max_num_queries(5):
        rows = lin.client.get("/api/v1/conversations").json()["results"]
    assert len(rows) == 6


def test_a_stored_message_cannot_be_changed(lin: Person, talk: Conversation) -> None:
    _send(lin, talk)
    with pytest.raises(Exception, match="Cannot update or delete"):
        Message.objects.update(body="changed")
