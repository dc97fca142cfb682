"""What the desk needs: two agents do not answer over each other, and signs of life are heard."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import pytest

from chat.enums import Activity, ConversationKind
from chat.models import Conversation, Message
from chat.services import activity
from chat.services.activity import Note, on_activity
from chat.services.changes import edit_message
from chat.services.conversations import MemberSpec, open_conversation
from chat.services.drafts import Draft, StoredMessage
from chat.services.messages import send_messages
from chat.services.watermarks import mark
from clinic.core.errors import ClinicError
from clinic.core.roles import Role
from clinic.realtime.threads import in_thread
from tests.cast import Member as Person
from tests.cast import make_member
from tests.chat.test_send import _send
from tests.live import LiveServer, phone

pytestmark = pytest.mark.django_db


@pytest.fixture
def li(db: None) -> Person:
    """Another agent."""
    return make_member("黎言", Role.CUSTOMER_SERVICE)


@pytest.fixture
def desk(lin: Person, bao: Person, li: Person) -> Conversation:
    """Lin talks with customer service, where two agents sit."""
    return open_conversation(
        kind=ConversationKind.SERVICE,
        topic="service:test",
        members=[
            MemberSpec(lin.user.pk, "patient"),
            MemberSpec(bao.user.pk, "agent"),
            MemberSpec(li.user.pk, "agent"),
        ],
    )


def _draft(who: Person, talk: Conversation, cid: str, seen: int | None) -> Draft:
    return Draft(who.user.pk, who.public_id, talk.public_id, cid, "text", "您好", seen=seen)


def _codes(outcomes: Sequence[StoredMessage | ClinicError]) -> list[Any]:
    return [one.code if isinstance(one, ClinicError) else one.seq for one in outcomes]


def test_an_agent_who_has_not_seen_a_colleague_s_answer_is_asked_first(
    lin: Person, bao: Person, li: Person, desk: Conversation
) -> None:
    _send(lin, desk, "在吗")
    assert _send(bao, desk, seen=1, cid="b").status_code == 201
    refused = _send(li, desk, seen=1)

    assert (refused.status_code, refused.json()["code"]) == (409, "conflict")
    assert _send(bao, desk, seen=1).status_code == 201
    assert _send(lin, desk, seen=0).status_code == 201
    assert _send(bao, desk, seen=1, cid="b").status_code == 200
    assert _send(li, desk, seen=4).status_code == 201
    assert _send(li, desk).status_code == 201


def test_two_answers_of_one_batch_do_not_cross(
    lin: Person, bao: Person, li: Person, desk: Conversation
) -> None:
    _send(lin, desk, "在吗")
    batch = [_draft(lin, desk, "p", 0), _draft(bao, desk, "1", 1), _draft(li, desk, "2", 1)]
    batch += [_draft(bao, desk, "3", 1), _draft(li, desk, "4", None), _draft(bao, desk, "5", 1)]

    assert _codes(send_messages(batch)) == [2, 3, "conflict", 4, 5, "conflict"]
    assert Message.objects.count() == 5


@pytest.mark.parametrize("seen", [-1, 2**31, "x", 1.5, {}])
def test_hostile_places_are_refused(lin: Person, desk: Conversation, seen: Any) -> None:
    assert _send(lin, desk, seen=seen).status_code == 400


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[Note]:
    """What a room above hears of customer service."""
    monkeypatch.setattr(activity, "_listeners", defaultdict(list))
    monkeypatch.setattr(activity, "_told_at", {})
    notes: list[Note] = []
    on_activity(ConversationKind.SERVICE, notes.extend)
    return notes


def _act(who: Person, talk: Conversation) -> None:
    (sent,) = send_messages([_draft(who, talk, who.user.name, None)])
    assert isinstance(sent, StoredMessage)
    where: dict[str, Any] = {"actor": who.actor, "conversation_public_id": talk.public_id}
    edit_message(**where, message_public_id=sent.public_id, body="您好呀")
    mark(**where, read=1)


def test_signs_of_life_of_a_kind_are_passed_on_once_in_a_while(
    lin: Person,
    bao: Person,
    desk: Conversation,
    talk: Conversation,
    heard: list[Note],
    django_capture_on_commit_callbacks: Any,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        _act(lin, desk)
        _act(lin, talk)
        _act(bao, desk)
        send_messages([_draft(bao, desk, "more", None)])

    assert [(note.user_id, note.role, note.activity) for note in heard] == [
        (who.user.pk, role, act)
        for who, role in ((lin, "patient"), (bao, "agent"))
        for act in (Activity.MESSAGE, Activity.EDIT, Activity.READ)
    ]
    assert {(note.conversation_id, note.topic) for note in heard} == {(desk.pk, desk.topic)}


def test_what_is_refused_is_no_sign_of_life(
    ge: Person, desk: Conversation, heard: list[Note], django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        send_messages([_draft(ge, desk, "1", None)])

    assert heard == []


def test_a_listener_that_fails_costs_no_message(
    lin: Person, desk: Conversation, heard: list[Note], django_capture_on_commit_callbacks: Any
) -> None:
    def fail(_notes: Sequence[Note]) -> None:
        raise ZeroDivisionError

    on_activity(ConversationKind.SERVICE, fail)
    with django_capture_on_commit_callbacks(execute=True):
        send_messages([_draft(lin, desk, "1", None)])

    assert Message.objects.count() == len(heard) == 1


async def test_typing_is_a_sign_of_life(
    live_server_ws: LiveServer, lin: Person, desk: Conversation, heard: list[Note]
) -> None:
    async with phone(live_server_ws, lin) as a:
        await a.ask(t="typing", conv=desk.public_id, on=False)
        await a.ask(t="typing", conv=desk.public_id)
        await a.silence()

    assert [note.activity for note in heard] == [Activity.TYPING]


async def test_the_place_seen_counts_over_the_socket_too(
    live_server_ws: LiveServer, lin: Person, bao: Person, li: Person, desk: Conversation
) -> None:
    await in_thread(send_messages, [_draft(lin, desk, "1", None), _draft(bao, desk, "2", None)])
    async with phone(live_server_ws, li) as b:
        refused = await b.ask(t="send", conv=desk.public_id, cid="3", body="您好", seen=1)
        sent = await b.ask(t="send", conv=desk.public_id, cid="3", body="您好", seen=2)

    assert (refused["t"], refused["code"]) == ("err", "conflict")
    assert (sent["t"], sent["seq"]) == ("ok", 3)
