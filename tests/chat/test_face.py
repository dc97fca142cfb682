"""Behind the assistant's face no agent is ever seen; agents appear under their names there."""

import json
from typing import Any

import pytest

from chat.enums import ConversationKind
from chat.models import Conversation
from chat.selectors.reading import read_conversation
from chat.services.changes import edit_message, recall_by_staff
from chat.services.conversations import MemberSpec, add_member, open_conversation, remove_member
from chat.services.messages import send_message
from chat.services.watermarks import mark
from clinic.core.roles import Role
from clinic.realtime.threads import in_thread
from clinic.settings import rules
from tests.cast import Member as Person
from tests.cast import make_member
from tests.chat.test_send import _messages, _send
from tests.live import LiveServer, phone

pytestmark = pytest.mark.django_db
TOPIC = "assistant:test"
FACE = str(rules.ASSISTANT_PUBLIC_ID)


@pytest.fixture
def behind(db: None) -> list[Person]:
    """Two agents with names that must not be seen."""
    return [make_member(f"暗桩{n}号", Role.CUSTOMER_SERVICE) for n in (1, 2)]


@pytest.fixture
def help_talk(lin: Person, behind: list[Person]) -> Conversation:
    """Lin talks with the assistant; two agents are behind it."""
    agents = [MemberSpec(agent.user.pk, "assistant", "小号") for agent in behind]
    return open_conversation(
        kind=ConversationKind.ASSISTANT,
        topic=TOPIC,
        members=[MemberSpec(lin.user.pk, "patient"), *agents],
    )


def _canaries(behind: list[Person]) -> list[str]:
    words = ["暗桩", "小号"]
    for agent in behind:
        words += [str(agent.public_id), agent.public_id.hex]
    return words


async def test_no_agent_behind_the_assistant_reaches_a_patient_s_socket_or_pages(
    live_server_ws: LiveServer, lin: Person, behind: list[Person], help_talk: Conversation
) -> None:
    conv = help_talk.public_id
    first, second = behind
    async with phone(live_server_ws, lin) as patient:
        async with phone(live_server_ws, first) as a, phone(live_server_ws, second) as b:
            sent = await a.ask(t="send", conv=conv, cid="a1", body="您好")
            await a.ask(t="edit", conv=conv, message_id=sent["message_id"], body="您好呀")
            again = await b.ask(t="send", conv=conv, cid="b1", body="我也在")
            await b.ask(t="recall", conv=conv, message_id=again["message_id"])
            await b.say(t="typing", conv=conv)
            await patient.ask(t="send", conv=conv, cid="p1", body="在吗")
            await a.ask(t="ack", conv=conv, seq=3)
            await b.ask(t="read", conv=conv, seq=3)
            await in_thread(remove_member, TOPIC, second.user.pk)
            await in_thread(add_member, TOPIC, MemberSpec(second.user.pk, "assistant"))
        await patient.hear("typing", user=FACE)
        await patient.hear("receipt", user=FACE, read=3)
        page = await patient.ask(t="sync", conv=conv, after=0)
        await patient.say(t="hello", resume={str(conv): 0})
        await patient.hear("sync")
        heard = await patient.silence()

    urls = ["", f"/{conv}", f"/{conv}/messages", f"/{conv}/messages?after_rev=0"]
    answers = await in_thread(lambda: [_get(lin, url) for url in urls])
    everything = json.dumps([heard, page, answers], ensure_ascii=False)
    assert [word for word in _canaries(behind) if word in everything] == []
    assert {m["sender"] for m in page["messages"]} == {FACE, str(lin.public_id)}
    assert {"msg", "upd", "receipt", "conversation"} <= {frame["t"] for frame in heard}


def _get(who: Person, rest: str) -> Any:
    answer = who.client.get(f"/api/v1/conversations{rest}")
    assert answer.status_code == 200
    return answer.json()


def test_the_assistants_are_one_member_with_the_house_s_name(
    lin: Person, behind: list[Person], help_talk: Conversation
) -> None:
    for n in range(3):
        _send(lin, help_talk, str(n))
    mark(actor=behind[0].actor, conversation_public_id=help_talk.public_id, delivered=3, read=1)
    mark(actor=behind[1].actor, conversation_public_id=help_talk.public_id, read=2)

    url = f"/api/v1/conversations/{help_talk.public_id}"
    english = lin.client.get(url, headers={"accept-language": "en"}).json()["members"]
    chinese = lin.client.get(url, headers={"accept-language": "zh-hans"}).json()["members"]

    assert [member["role"] for member in english] == ["patient", "assistant"]
    assert english[1] == {
        "user": FACE,
        "name": "Clinic assistant",
        "role": "assistant",
        "delivered": 3,
        "read": 2,
        "has_left": False,
    }
    assert chinese[1]["name"] == "诊所助理"
    remove_member(TOPIC, behind[0].user.pk)
    assert not lin.client.get(url).json()["members"][1]["has_left"]
    remove_member(TOPIC, behind[1].user.pk)
    assert lin.client.get(url).json()["members"][1]["has_left"]


def test_the_truth_stays_in_the_database(
    lin: Person, behind: list[Person], help_talk: Conversation
) -> None:
    _send(behind[1], help_talk, "您好")

    assert help_talk.messages.get().sender_id == behind[1].user.pk
    assert _messages(lin, help_talk)["messages"][0]["sender"] == FACE


async def test_a_receipt_of_the_face_never_moves_back(
    live_server_ws: LiveServer, lin: Person, behind: list[Person], help_talk: Conversation
) -> None:
    conv = help_talk.public_id
    async with phone(live_server_ws, lin) as patient:
        for n in range(2):
            await patient.ask(t="send", conv=conv, cid=str(n), body="在吗")
        for agent, seq in ((behind[0], 2), (behind[1], 1)):
            await in_thread(mark, actor=agent.actor, conversation_public_id=conv, read=seq)
        receipts = [await patient.hear("receipt", user=FACE) for _ in range(2)]

    assert [(one["delivered"], one["read"]) for one in receipts] == [(2, 2), (2, 2)]


def test_staff_who_recall_a_message_are_not_seen(
    lin: Person, behind: list[Person], help_talk: Conversation
) -> None:
    said = send_message(
        actor=behind[0].actor,
        conversation_public_id=help_talk.public_id,
        client_id="1",
        kind="text",
        body="骂人的话",
    )
    edit_message(
        actor=behind[0].actor,
        conversation_public_id=help_talk.public_id,
        message_public_id=said.public_id,
        body="更难听的话",
    )
    recall_by_staff(actor=behind[1].actor, message_public_id=said.public_id, reason="辱骂")

    text = json.dumps(_messages(lin, help_talk), ensure_ascii=False)
    assert [word for word in [*_canaries(behind), "骂"] if word in text] == []


def test_an_agent_is_shown_by_the_name_he_has_there(lin: Person, bao: Person) -> None:
    talk = open_conversation(
        kind=ConversationKind.SERVICE,
        topic="service:test",
        members=[
            MemberSpec(lin.user.pk, "patient"),
            MemberSpec(bao.user.pk, "agent", display_name="小香"),
        ],
    )

    def names() -> list[str]:
        shown = read_conversation(lin.user.pk, talk.public_id)
        assert shown is not None
        return [member["name"] for member in shown["members"]]

    assert names() == ["林小月", "小香"]
    add_member("service:test", MemberSpec(bao.user.pk, "agent"))
    assert names() == ["林小月", "包青"]
