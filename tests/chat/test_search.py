"""Searching messages: two Chinese characters are enough, and a search is always current."""

from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from chat.models import Conversation, MessageWords, WordsMark
from chat.services import searching
from chat.services.conversations import MemberSpec, open_conversation, remove_member
from chat.services.messages import send_messages
from chat.services.searching import index_recent, search_messages
from clinic.settings import rules
from tests.cast import Member as Person
from tests.chat.conftest import TOPIC
from tests.chat.test_attachments import _attach, file_of
from tests.chat.test_send import _draft, _send
from tests.files import samples

pytestmark = pytest.mark.django_db


def _search(who: Person, query: str, **more: Any) -> Any:
    return who.client.get("/api/v1/conversations/search", {"q": query} | more)


def _bodies(who: Person, query: str) -> list[str]:
    answer = _search(who, query)
    assert answer.status_code == 200, answer.content
    return [message["body"] for message in answer.json()["results"]]


@pytest.mark.parametrize(
    ("query", "is_found"),
    [
        ("头痛", True),
        ("痛三", True),
        ("头痛三天", True),
        ("头 三天", True),
        ("天", True),
        ("三头", False),
        ("头三", False),
        ("天还", False),
        ("布洛芬 头痛", True),
        ("布洛芬 发烧", False),
        ("ibuprofen", True),
        ("IBU", True),
        ("profen", False),
        ("ＩＢＵＰＲＯＦＥＮ", True),
        ("38.5", True),
        ("400mg", True),
    ],
)
def test_words_of_two_characters_and_latin_words_are_found(
    lin: Person, mo: Person, talk: Conversation, query: str, is_found: bool
) -> None:
    body = "头痛三天。还吃过布洛芬 Ibuprofen 400mg，体温38.5"
    _send(lin, talk, body)

    assert _bodies(mo, query) == ([body] if is_found else [])


def test_a_search_is_always_current(lin: Person, mo: Person, talk: Conversation) -> None:
    sent = _send(lin, talk, "咳嗽两天").json()["message_id"]
    url = f"/api/v1/conversations/{talk.public_id}/messages/{sent}"
    assert _bodies(mo, "咳嗽") == ["咳嗽两天"]
    lin.client.patch(url, {"body": "发烧两天"}, format="json")
    assert (_bodies(mo, "咳嗽"), _bodies(mo, "发烧")) == ([], ["发烧两天"])
    lin.client.delete(url)

    assert (_bodies(mo, "发烧"), _bodies(mo, "两天")) == ([], [])
    assert MessageWords.objects.count() == 0


def test_everybody_finds_in_his_own_conversations_only(
    lin: Person, mo: Person, ge: Person, bao: Person, talk: Conversation
) -> None:
    other = open_conversation(
        kind="service", topic="service:x", members=[MemberSpec(ge.user.pk, "patient")]
    )
    _send(lin, talk, "头痛一")
    _send(ge, other, "头痛二")

    assert _bodies(lin, "头痛") == ["头痛一"]
    assert _bodies(ge, "头痛") == ["头痛二"]
    assert _bodies(bao, "头痛") == []
    both = search_messages(query="头痛", conversation_ids=[talk.pk, other.pk])
    assert [message["body"] for message in both.messages] == ["头痛二", "头痛一"]
    assert both.messages[0]["conv"] == other.public_id
    assert search_messages(query="头痛", conversation_ids=[]).count == 0


def test_who_has_left_finds_what_he_may_read(lin: Person, mo: Person, talk: Conversation) -> None:
    sent = _send(lin, talk, "头痛一").json()["message_id"]
    remove_member(TOPIC, mo.user.pk)
    _send(lin, talk, "头痛二")
    assert _bodies(mo, "头痛") == ["头痛一"]
    url = f"/api/v1/conversations/{talk.public_id}/messages/{sent}"
    lin.client.patch(url, {"body": "头痛秘密"}, format="json")

    assert (_bodies(mo, "秘密"), _bodies(mo, "头痛")) == ([], [])


def test_names_of_files_and_titles_of_cards_are_found(
    lin: Person, mo: Person, talk: Conversation
) -> None:
    _attach(lin, talk, file_of(lin, samples.pdf()), "file")
    card = {"card": "article", "id": "1", "title": "春季养生"}
    _send(lin, talk, "", kind="card", extra=card)

    assert _search(mo, "原件").json()["results"][0]["kind"] == "file"
    assert _search(mo, "养生").json()["results"][0]["extra"] == card


def test_without_a_word_nothing_is_found(lin: Person, talk: Conversation) -> None:
    _send(lin, talk, "头痛")
    answer = lin.client.get("/api/v1/conversations/search")

    assert (answer.status_code, answer.json()["results"]) == (200, [])
    assert _bodies(lin, "！？ &") == []


@pytest.mark.parametrize(
    "query", ["", " ", "!!!", "&|:*", "' OR 1=1 --", "\\", "x" * 101, "<->", "%", "a\x00b"]
)
def test_odd_queries_are_refused_or_find_nothing(lin: Person, query: str) -> None:
    answer = _search(lin, query)

    assert answer.status_code in {200, 400}
    assert answer.json().get("results", []) == []


def test_results_come_in_pages(lin: Person, talk: Conversation) -> None:
    send_messages([_draft(lin, talk, str(n), f"头痛{n}") for n in range(5)])
    page = _search(lin, "头痛", page=2, page_size=2).json()

    assert [message["body"] for message in page["results"]] == ["头痛2", "头痛1"]
    assert (page["count"], page["page"], page["page_size"]) == (5, 2, 2)


def test_long_conversations_are_indexed_in_batches_once(
    lin: Person, mo: Person, talk: Conversation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, "SEARCH_BATCH", 3)
    other = open_conversation(
        kind="service", topic="service:x", members=[MemberSpec(lin.user.pk, "patient")]
    )
    drafts = [_draft(lin, place, str(n), f"头痛{n}") for n in range(7) for place in (talk, other)]
    send_messages(drafts)

    assert (index_recent(), index_recent()) == (14, 0)
    assert set(WordsMark.objects.values_list("rev", flat=True)) == {7}
    assert _search(lin, "头痛").json()["count"] == 14


def test_a_search_costs_the_same_however_much_there_is(
    lin: Person, mo: Person, talk: Conversation, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for count in (2, 20):
        send_messages([_draft(lin, talk, f"{count}-{n}", "头痛") for n in range(count)])
        index_recent()
        with django_assert_num_queries(3):  # session, what is stale, search
            _search(mo, "头痛", page_size=5)


def test_sending_does_not_touch_the_index(lin: Person, talk: Conversation) -> None:
    _send(lin, talk, "头痛")

    assert MessageWords.objects.count() == WordsMark.objects.count() == 0
    assert searching.index_recent() == 1


@pytest.mark.parametrize(
    "body",
    [
        "'单引号' \\ 反斜杠",
        "字" * 5000,
        "x" * 5000,
        "一a二b三",
        "👩‍⚕️医生",
        "ǅ İ ß ﬁ 𠀀𠀁",
        "a'b:*|&!<->c 甲乙",
    ],
)
def test_any_text_can_be_indexed(lin: Person, talk: Conversation, body: str) -> None:
    assert _send(lin, talk, body).status_code == 201

    assert index_recent() == 1
    assert _bodies(lin, body[-2:]) in ([body], [])
