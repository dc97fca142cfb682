"""Messages with files, cards and hostile texts: each file once, read by members alone."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID

import pytest
from django.db import connection

from chat.models import Conversation, Message
from chat.services.conversations import close_writing, open_writing, remove_member
from chat.services.drafts import Draft
from chat.services.messages import send_messages
from clinic.core.clock import now
from clinic.core.errors import ClinicError
from clinic.files.models import StoredFile
from clinic.files.services.storing import store_file
from clinic.files.services.sweeping import remove_orphan
from clinic.realtime.threads import in_thread
from clinic.settings import rules
from tests.cast import Member as Person
from tests.chat.conftest import TOPIC
from tests.chat.test_send import _messages, _send
from tests.files import samples
from tests.live import LiveServer, phone

pytestmark = pytest.mark.django_db


def file_of(who: Person, data: bytes) -> UUID:
    """Store a file of the person's."""
    return store_file(actor=who.actor, purpose="chat", name="原件.bin", data=data).public_id


def _attach(
    who: Person, talk: Conversation, file_id: UUID, kind: str = "image", **more: Any
) -> Any:
    return _send(who, talk, "", kind=kind, attachment=str(file_id), **more)


def _read(who: Person, file_id: UUID) -> int:
    return int(who.client.get(f"/api/v1/files/{file_id}").status_code)


@pytest.mark.parametrize(
    ("kind", "data", "shown"),
    [
        ("image", samples.image(), {"mime": "image/png", "width": 40, "height": 30}),
        ("voice", samples.wav(3), {"mime": "audio/wav", "duration_ms": 3000}),
        ("file", samples.pdf(), {"mime": "application/pdf", "name": "原件.pdf"}),
    ],
)
def test_a_file_travels_in_one_message_and_its_members_read_it(
    lin: Person,
    mo: Person,
    ge: Person,
    talk: Conversation,
    kind: str,
    data: bytes,
    shown: dict[str, Any],
) -> None:
    file_id = file_of(lin, data)
    sent = _attach(lin, talk, file_id, kind)
    message = _messages(mo, talk)["messages"][0]

    assert sent.status_code == 201
    assert (message["kind"], message["body"], message["extra"]["file"]) == (kind, "", str(file_id))
    assert shown.items() <= message["extra"].items()
    assert [_read(who, file_id) for who in (lin, mo, ge)] == [200, 200, 404]
    assert StoredFile.objects.get().bound_at is not None


def test_a_file_is_attached_once_but_its_message_may_be_sent_again(
    lin: Person, talk: Conversation
) -> None:
    file_id = file_of(lin, samples.image())
    first = _attach(lin, talk, file_id, cid="a1").json()
    again = _attach(lin, talk, file_id, cid="a1")
    second = _attach(lin, talk, file_id, cid="a2")
    other = _attach(lin, talk, file_of(lin, samples.image()), cid="a1")

    assert (again.status_code, again.json()) == (200, first | {"duplicate": True})
    assert (second.status_code, second.json()["code"]) == (409, "attachment_used")
    assert (other.status_code, other.json()["code"]) == (409, "cid_conflict")
    assert Message.objects.count() == 1


def test_only_an_own_file_of_the_kind_can_be_attached(
    lin: Person, mo: Person, talk: Conversation
) -> None:
    pdf, foreign = file_of(lin, samples.pdf()), file_of(mo, samples.image())

    for file_id in (pdf, foreign, talk.public_id):
        answer = _attach(lin, talk, file_id)
        assert (answer.status_code, answer.json()["code"]) == (400, "attachment_missing")
    assert Message.objects.count() == 0


def test_a_refused_message_leaves_its_file_free(lin: Person, talk: Conversation) -> None:
    file_id = file_of(lin, samples.image())
    close_writing(TOPIC)
    assert _attach(lin, talk, file_id).json()["code"] == "writing_closed"
    open_writing(TOPIC)

    assert _attach(lin, talk, file_id).status_code == 201


def test_one_batch_attaches_a_file_once(lin: Person, talk: Conversation) -> None:
    file_id = file_of(lin, samples.image())
    drafts = [_draft(lin, talk, cid, file_id) for cid in ("1", "2", "1")]

    outcomes = send_messages(
        [*drafts, Draft(lin.user.pk, lin.public_id, talk.public_id, "3", "text", "x")]
    )

    assert [one.code if isinstance(one, ClinicError) else one.seq for one in outcomes] == [
        *(1, "attachment_used", 1, 2)
    ]


def _draft(who: Person, talk: Conversation, cid: str, file_id: UUID) -> Draft:
    return Draft(who.user.pk, who.public_id, talk.public_id, cid, "image", "", attachment=file_id)


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_many_senders_of_one_file_at_once_attach_it_once(lin: Person, talk: Conversation) -> None:
    file_id = file_of(lin, samples.image())

    def send(number: int) -> str:
        (outcome,) = send_messages([_draft(lin, talk, str(number), file_id)])
        connection.close()
        return outcome.code if isinstance(outcome, ClinicError) else "stored"

    with ThreadPoolExecutor(6) as pool:
        outcomes = list(pool.map(send, range(6)))

    assert sorted(outcomes) == ["attachment_used"] * 5 + ["stored"]


def test_the_sweep_leaves_what_a_message_took(
    lin: Person, talk: Conversation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, "FILE_UNBOUND_LIFE", -rules.FILE_UNBOUND_LIFE)
    free, taken = file_of(lin, samples.image()), file_of(lin, samples.image())
    _attach(lin, talk, taken)
    for file in StoredFile.objects.all():
        remove_orphan(file.pk)

    assert [_read(lin, file_id) for file_id in (free, taken)] == [404, 200]
    assert StoredFile.objects.get().created_at <= now()


def test_a_recalled_file_is_read_by_nobody_and_stays_in_the_record(
    lin: Person, mo: Person, talk: Conversation
) -> None:
    file_id = file_of(lin, samples.image())
    sent = _attach(lin, talk, file_id).json()
    url = f"/api/v1/conversations/{talk.public_id}/messages/{sent['message_id']}"
    assert lin.client.delete(url).status_code == 200

    assert _messages(mo, talk)["messages"][0]["extra"] is None
    assert [_read(who, file_id) for who in (lin, mo)] == [404, 404]
    assert Message.objects.get().attachment is not None


def test_who_has_left_reads_the_files_of_his_time(
    lin: Person, mo: Person, talk: Conversation
) -> None:
    before, after = file_of(lin, samples.image()), file_of(lin, samples.image())
    _attach(lin, talk, before)
    remove_member(TOPIC, mo.user.pk)
    _attach(lin, talk, after)

    assert [_read(mo, file_id) for file_id in (before, after)] == [200, 404]


@pytest.mark.parametrize(
    ("fields", "attr"),
    [
        ({"kind": "voice"}, "attachment"),
        ({"kind": "file", "body": "x"}, "attachment"),
        ({"kind": "text", "attachment": True}, "attachment"),
        ({"kind": "card", "attachment": True}, "attachment"),
        ({"kind": "image", "body": "https://example.com/a.png", "attachment": True}, "body"),
        ({"kind": "image", "extra": {"a": 1}, "attachment": True}, "extra"),
        ({"kind": "image", "body": ""}, "body"),
    ],
)
def test_kinds_and_files_must_fit(
    lin: Person, talk: Conversation, fields: dict[str, Any], attr: str
) -> None:
    if "attachment" in fields:
        fields = fields | {"attachment": str(file_of(lin, samples.image()))}
    answer = _send(lin, talk, **({"body": ""} | fields))

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["attr"] == attr


def test_a_picture_without_anything_asks_for_an_address_or_an_attachment(
    lin: Person, talk: Conversation
) -> None:
    answer = _send(lin, talk, "", kind="image", attachement="1")

    assert answer.status_code == 400
    assert "https 地址或附件" in answer.json()["errors"][0]["detail"]


def test_a_card_names_a_thing(lin: Person, mo: Person, talk: Conversation) -> None:
    card = {"card": "order", "id": "01a2-x_Y", "title": "图文咨询", "amount_fen": 2900}
    sent = _send(lin, talk, "", kind="card", extra=card)

    assert sent.status_code == 201
    assert _messages(mo, talk)["messages"][0]["extra"] == card


@pytest.mark.parametrize(
    "card",
    [
        None,
        {},
        {"card": "order", "id": "1"},
        {"card": "payment", "id": "1", "title": "x"},
        {"card": "order", "id": "../1", "title": "x"},
        {"card": "order", "id": "1" * 65, "title": "x"},
        {"card": "order", "id": 1, "title": "x"},
        {"card": "order", "id": "1", "title": " "},
        {"card": "order", "id": "1", "title": "x" * 101},
        {"card": "order", "id": "1", "title": "a\u0007b"},
        {"card": "order", "id": "1", "title": "x", "image": "javascript:alert(1)"},
        {"card": "order", "id": "1", "title": "x", "amount_fen": -1},
        {"card": "order", "id": "1", "title": "x", "amount_fen": True},
        {"card": "order", "id": "1", "title": "x", "more": "x"},
        {"card": ["order"], "id": "1", "title": "x"},
    ],
)
def test_a_card_that_is_none_is_refused(lin: Person, talk: Conversation, card: Any) -> None:
    assert _send(lin, talk, "", kind="card", extra=card).status_code == 400


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("<script>alert(1)</script> & {{ x }}", 201),
        ("\u202eevil\u202c \u2066x\u2069", 201),
        ("一\n二\t三\u3000四", 201),
        ("👩‍⚕️" * 1250, 201),
        ("😀" * 5000, 201),
        ("😀" * 5001, 400),
        ("\u200b\u200d\ufeff", 400),
        ("\u3000\u00a0 \n", 400),
        ("a\x07b", 400),
        ("a\x1b[31m", 400),
        ("a\x7f", 400),
        ("a\x85b", 400),
    ],
)
def test_texts_are_data_and_what_controls_is_refused(
    lin: Person, mo: Person, talk: Conversation, body: str, status: int
) -> None:
    assert _send(lin, talk, body).status_code == status
    if status == 201:
        assert _messages(mo, talk)["messages"][0]["body"] == body


def test_half_a_sign_is_no_text(lin: Person, talk: Conversation) -> None:
    url = f"/api/v1/conversations/{talk.public_id}/messages"
    for field in ('"body": "\\ud800"', '"body": "x", "extra": {"a": "\\ud800"}'):
        raw = f'{{"cid": "1", {field}}}'
        assert lin.client.post(url, raw, content_type="application/json").status_code == 400


async def test_the_socket_takes_every_text_that_is_allowed_however_it_is_written(
    live_server_ws: LiveServer, lin: Person, mo: Person, talk: Conversation
) -> None:
    file_id = await in_thread(file_of, lin, samples.image())
    conv = talk.public_id
    async with phone(live_server_ws, lin) as a, phone(live_server_ws, mo) as b:
        long = await a.ask(t="send", conv=conv, cid="1", body="😀" * 5000)
        await a.link.send(f'{{"t":"send","id":2,"conv":"{conv}","cid":"2","body":"\\ud800"}}')
        half = await a.hear("err")
        picture = await a.ask(t="send", conv=conv, cid="3", kind="image", attachment=file_id)
        used = await a.ask(t="send", conv=conv, cid="4", kind="image", attachment=file_id)
        seen = [await b.hear("msg") for _ in range(2)]

    assert (long["t"], half["code"], picture["t"]) == ("ok", "bad_frame", "ok")
    assert used["code"] == "attachment_used"
    assert seen[0]["body"] == "😀" * 5000
    assert (seen[1]["kind"], seen[1]["extra"]["file"]) == ("image", str(file_id))
