"""Edits and recalls: who may, until when, what stays in the record, and who learns of it."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import DatabaseError, transaction

from chat.models import Conversation, Message, MessageRevision
from chat.selectors.invariants import chat_breaches
from chat.services import guards
from chat.services.changes import edit_message, recall_by_staff, recall_message
from chat.services.conversations import close_writing, limit_writing, remove_member
from chat.services.messages import post_system_message, send_messages
from clinic.core.clock import now
from clinic.core.errors import ConflictError, InvalidInputError, NotFoundError
from clinic.core.models import AuditEntry
from clinic.realtime.socket import Socket
from clinic.realtime.threads import in_thread
from clinic.settings import rules
from tests.cast import Member as Person
from tests.chat.conftest import TOPIC
from tests.chat.test_send import _draft, _messages, _send
from tests.live import LiveServer, phone

pytestmark = pytest.mark.django_db


def _address(talk: Conversation, message_id: object) -> str:
    return f"/api/v1/conversations/{talk.public_id}/messages/{message_id}"


def _edit(who: Person, talk: Conversation, message_id: object, body: str = "改过的") -> Any:
    return who.client.patch(_address(talk, message_id), {"body": body}, format="json")


def _recall(who: Person, talk: Conversation, message_id: object) -> Any:
    return who.client.delete(_address(talk, message_id))


def _sent(who: Person, talk: Conversation, body: str = "头痛三天") -> str:
    return str(_send(who, talk, body).json()["message_id"])


def test_an_edit_shows_the_new_text_and_keeps_the_old_one(
    lin: Person, mo: Person, talk: Conversation
) -> None:
    message_id = _sent(lin, talk, "头痛三天")
    _send(mo, talk, "好的")
    answer = _edit(lin, talk, message_id, "头痛五天")

    assert (answer.status_code, answer.json()["seq"], answer.json()["rev"]) == (200, 1, 3)
    shown = _messages(mo, talk)["messages"]
    assert [(m["body"], m["seq"], m["rev"]) for m in shown] == [("头痛五天", 1, 3), ("好的", 2, 2)]
    assert shown[0]["edited_at"] is not None
    former = MessageRevision.objects.get()
    assert (former.body, former.rev, former.replaced_rev) == ("头痛三天", 1, 3)
    assert (former.replaced_by_id, former.is_recall) == (lin.user.pk, False)
    call_command("check_invariants")


def test_a_recall_leaves_nothing_to_read_but_the_record(
    lin: Person, mo: Person, talk: Conversation
) -> None:
    message_id = _sent(lin, talk, "写错了人")
    _edit(lin, talk, message_id, "还是写错了")
    answers = [_recall(lin, talk, message_id), _recall(lin, talk, message_id)]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].json() == answers[1].json()
    shown = _messages(mo, talk)["messages"][0]
    assert (shown["body"], shown["extra"], shown["rev"]) == ("", None, 3)
    assert shown["recalled_at"] is not None
    row = mo.client.get("/api/v1/conversations").json()["results"][0]
    assert (row["last_message"]["body"], row["last_rev"]) == ("", 3)
    former = MessageRevision.objects.order_by("replaced_rev").values_list("body", "is_recall")
    assert list(former) == [("写错了人", False), ("还是写错了", True)]
    call_command("check_invariants")


def test_the_same_text_again_changes_nothing(lin: Person, talk: Conversation) -> None:
    message_id = _sent(lin, talk)
    first, again = _edit(lin, talk, message_id), _edit(lin, talk, message_id)

    assert first.json() == again.json()
    assert MessageRevision.objects.count() == 1


def test_only_the_sender_may_change_a_message(
    lin: Person, mo: Person, ge: Person, talk: Conversation
) -> None:
    message_id = _sent(lin, talk)

    for act in (_edit, _recall):
        assert act(mo, talk, message_id).json()["code"] == "not_the_sender"
        assert act(ge, talk, message_id).status_code == 404
        assert act(lin, talk, ge.public_id).status_code == 404
    assert Message.objects.get().body == "头痛三天"


def test_after_the_limits_nothing_may_change(
    lin: Person, talk: Conversation, monkeypatch: pytest.MonkeyPatch
) -> None:
    message_id = _sent(lin, talk)
    monkeypatch.setattr(rules, "RECALL_WITHIN", timedelta(0))
    assert _recall(lin, talk, message_id).json()["code"] == "recall_too_late"
    assert _edit(lin, talk, message_id).status_code == 200
    monkeypatch.setattr(rules, "EDIT_WITHIN", timedelta(0))
    late = _edit(lin, talk, message_id, "又改")

    assert (late.status_code, late.json()["code"]) == (409, "edit_too_late")


def test_only_text_that_is_still_there_can_be_edited(lin: Person, talk: Conversation) -> None:
    link = _send(lin, talk, "https://example.com/a", kind="link").json()["message_id"]
    gone = _sent(lin, talk)
    _recall(lin, talk, gone)

    for message_id in (link, gone):
        assert _edit(lin, talk, message_id).json()["code"] == "message_not_editable"
    assert _recall(lin, talk, link).status_code == 200


@pytest.mark.parametrize("body", ["", " \n ", "a\x00b", "字" * 5001, None, {"a": 1}])
def test_hostile_texts_are_refused(lin: Person, talk: Conversation, body: Any) -> None:
    assert _edit(lin, talk, _sent(lin, talk), body).status_code == 400


def test_where_writing_is_closed_nothing_changes(lin: Person, talk: Conversation) -> None:
    message_id = _sent(lin, talk)
    limit_writing(TOPIC, role="patient", messages=0, until=now() + timedelta(days=1))
    assert _edit(lin, talk, message_id).status_code == 200
    limit_writing(TOPIC, role="patient", messages=0, until=now() - timedelta(seconds=1))
    refusals = [_edit(lin, talk, message_id, "又改")]
    close_writing(TOPIC)
    refusals += [_edit(lin, talk, message_id, "又改"), _recall(lin, talk, message_id)]

    assert [refusal.json()["code"] for refusal in refusals] == ["writing_closed"] * 3


def test_a_room_above_may_hold_a_message_fast(
    lin: Person, talk: Conversation, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(message: Message) -> None:
        assert message.conversation.topic == TOPIC
        raise ConflictError

    message_id = _sent(lin, talk)
    monkeypatch.setattr(guards, "_guards", [])
    guards.declare_edit_guard(refuse)

    assert _edit(lin, talk, message_id).json()["code"] == "conflict"
    assert _recall(lin, talk, message_id).json()["code"] == "conflict"
    assert Message.objects.get().rev == 1


def test_staff_recall_at_any_time_with_a_reason_that_is_kept(
    lin: Person, mo: Person, bao: Person, talk: Conversation, monkeypatch: pytest.MonkeyPatch
) -> None:
    message_id = Message.objects.get(public_id=_sent(lin, talk)).public_id
    monkeypatch.setattr(rules, "RECALL_WITHIN", timedelta(0))
    close_writing(TOPIC)
    for _ in range(2):
        recall_by_staff(actor=bao.actor, message_public_id=message_id, reason="辱骂")

    former = MessageRevision.objects.get()
    assert (former.reason, former.replaced_by_id) == ("辱骂", bao.user.pk)
    entry = AuditEntry.objects.get(verb="message.recall")
    assert (entry.subject, entry.note) == (
        f"message:{message_id}",
        {"conversation": str(talk.public_id)},
    )
    assert "辱骂" not in str(_messages(mo, talk))


def test_staff_need_a_reason_and_a_message_of_a_person(bao: Person, talk: Conversation) -> None:
    said = post_system_message(topic=TOPIC, code="doctor_accepted", params={"doctor": "莫离"})

    with pytest.raises(InvalidInputError):
        recall_by_staff(actor=bao.actor, message_public_id=said.public_id, reason=" ")
    with pytest.raises(NotFoundError):
        recall_by_staff(actor=bao.actor, message_public_id=said.public_id, reason="x")


@pytest.mark.parametrize(
    "values",
    [
        {"body": "x"},
        {"body": "x", "rev": 9},
        {"body": "x", "rev": 9, "edited_at": "now", "seq": 5},
        {"body": "x", "rev": 9, "edited_at": "now", "sender_id": None, "kind": "system"},
        {"body": "", "rev": 9, "recalled_at": "now", "edited_at": "now"},
        {"body": "x", "rev": 9, "recalled_at": "now"},
        {"body": "x", "rev": 1, "edited_at": "now"},
    ],
)
def test_the_database_refuses_any_other_change(
    lin: Person, talk: Conversation, values: dict[str, Any]
) -> None:
    _sent(lin, talk)
    moments = {name: now() if value == "now" else value for name, value in values.items()}

    with pytest.raises(DatabaseError), transaction.atomic():
        Message.objects.update(**moments)
    with pytest.raises(DatabaseError, match="Cannot update or delete"), transaction.atomic():
        Message.objects.filter(seq=1).delete()


def test_the_database_keeps_former_texts_for_ever(lin: Person, talk: Conversation) -> None:
    message_id = _sent(lin, talk)
    _edit(lin, talk, message_id)
    _recall(lin, talk, message_id)

    for change in (
        lambda: MessageRevision.objects.update(body=""),
        lambda: MessageRevision.objects.all().delete(),
        lambda: Message.objects.update(body="x", rev=9, recalled_at=None, edited_at=now()),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_a_resend_of_an_edited_message_is_still_a_repeat(lin: Person, talk: Conversation) -> None:
    first = _send(lin, talk, "一", cid="a1").json()
    _edit(lin, talk, first["message_id"], "二")
    again = _send(lin, talk, "一", cid="a1")
    other = _send(lin, talk, "三", cid="a1")

    assert (again.status_code, again.json()["duplicate"], again.json()["rev"]) == (200, True, 2)
    assert other.json()["code"] == "cid_conflict"


def test_changes_after_a_revision_come_in_their_order(
    lin: Person, mo: Person, talk: Conversation
) -> None:
    first = _sent(lin, talk, "1")
    send_messages([_draft(lin, talk, str(n), str(n)) for n in range(2, 6)])
    _edit(lin, talk, first, "1!")

    def seen(query: str) -> tuple[list[tuple[int, str]], bool]:
        page = _messages(mo, talk, query)
        return [(m["rev"], m["body"]) for m in page["messages"]], page["more"]

    assert seen("?after_rev=3") == ([(4, "4"), (5, "5"), (6, "1!")], False)
    assert seen("?after_rev=0&limit=2") == ([(2, "2"), (3, "3")], True)
    assert seen("?after_rev=6") == ([], False)
    assert _messages(mo, talk, "?after=4")["last_rev"] == 6


def test_who_has_left_reads_texts_as_they_were(lin: Person, mo: Person, talk: Conversation) -> None:
    ids = [_sent(lin, talk, body) for body in ("一", "二")]
    _edit(lin, talk, ids[0], "一改")
    remove_member(TOPIC, mo.user.pk)
    _edit(lin, talk, ids[0], "不给你看")
    _edit(lin, talk, ids[0], "也不给你看")
    _recall(lin, talk, ids[1])

    for query in ("", "?after_rev=0"):
        page = _messages(mo, talk, query)
        assert sorted(m["body"] for m in page["messages"]) == ["", "一改"]
        assert page["last_rev"] == 3
    assert [m["body"] for m in _messages(lin, talk)["messages"]] == ["也不给你看", ""]
    assert _edit(mo, talk, ids[0]).status_code == 404


async def test_the_others_see_edits_and_recalls_at_once(
    live_server_ws: LiveServer, lin: Person, mo: Person, talk: Conversation
) -> None:
    async with phone(live_server_ws, lin) as a, phone(live_server_ws, mo) as b:
        conv = talk.public_id
        sent = await a.ask(t="send", conv=conv, cid="1", body="一")
        edited = await a.ask(t="edit", conv=conv, message_id=sent["message_id"], body="二")
        shown = await b.hear("upd")
        recalled = await a.ask(t="recall", conv=conv, message_id=sent["message_id"])
        gone = await b.hear("upd")
        refused = await b.ask(t="recall", conv=conv, message_id=sent["message_id"])
        assert not [frame for frame in await a.silence() if frame["t"] == "upd"]

    assert (sent["rev"], edited["rev"], recalled["rev"]) == (1, 2, 3)
    assert (shown["body"], shown["rev"], shown["seq"], shown["cid"]) == ("二", 2, 1, "1")
    assert (gone["body"], gone["rev"], bool(gone["recalled_at"])) == ("", 3, True)
    assert refused["code"] == "not_the_sender"


async def test_after_a_reconnect_edits_and_recalls_come_like_messages(
    live_server_ws: LiveServer, lin: Person, mo: Person, talk: Conversation
) -> None:
    batch = [_draft(lin, talk, str(n), str(n)) for n in (1, 2)]
    one, two = await in_thread(send_messages, batch)
    acting: dict[str, Any] = {"actor": lin.actor, "conversation_public_id": talk.public_id}
    await in_thread(edit_message, **acting, message_public_id=one.public_id, body="1!")  # type: ignore[union-attr]
    await in_thread(recall_message, **acting, message_public_id=two.public_id)  # type: ignore[union-attr]
    async with phone(live_server_ws, mo) as b:
        await b.say(t="hello", resume={str(talk.public_id): 2})
        missed = await b.hear("sync")

    assert [(m["seq"], m["rev"], m["body"]) for m in missed["messages"]] == [
        (1, 3, "1!"),
        (2, 4, ""),
    ]
    assert (missed["last_seq"], missed["last_rev"], missed["more"]) == (2, 4, False)


async def test_the_positioner_finds_an_edit_whose_push_was_lost(
    live_server_ws: LiveServer,
    lin: Person,
    mo: Person,
    talk: Conversation,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (sent,) = await in_thread(send_messages, [_draft(lin, talk, "1", "一")])
    monkeypatch.setattr(rules, "POSITIONER_EVERY", timedelta(seconds=0.1))
    async with phone(live_server_ws, mo) as b:
        monkeypatch.setattr(Socket, "take", lambda _socket, _push: None)
        await in_thread(
            edit_message,
            actor=lin.actor,
            conversation_public_id=talk.public_id,
            message_public_id=sent.public_id,  # type: ignore[union-attr]
            body="二",
        )
        missed = await b.hear("sync")

    assert [m["body"] for m in missed["messages"]] == ["二"]


async def test_edits_at_once_keep_revisions_without_gap(
    live_server_ws: LiveServer, lin: Person, mo: Person, talk: Conversation
) -> None:
    async with phone(live_server_ws, lin) as a, phone(live_server_ws, mo) as b:
        conv = talk.public_id
        ids = [
            (await who.ask(t="send", conv=conv, cid=f"{who is a}", body="一"))["message_id"]
            for who in (a, b)
        ]

        async def edit(device: Any, message_id: str) -> list[int]:
            asked = [
                await device.ask(t="edit", conv=conv, message_id=message_id, body=f"{n}")
                for n in range(8)
            ]
            return [answer["rev"] for answer in asked]

        revs = await asyncio.gather(edit(a, ids[0]), edit(b, ids[1]))

    assert sorted(revs[0] + revs[1]) == list(range(3, 19))
    assert await in_thread(chat_breaches) == []
