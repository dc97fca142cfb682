"""What agents write beside the conversation, and that its customer never learns of notes."""

import threading
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection

from clinic.customer_service.models import (
    CannedReply,
    ChatDraft,
    Macro,
    Note,
    ServiceChat,
    Tag,
)
from clinic.customer_service.services import macros
from clinic.customer_service.services.notes import add_note
from clinic.customer_service.tasks import forget_drafts
from clinic.notifications.models import Notice
from clinic.settings import rules
from tests.cast import Member
from tests.customer_service.conftest import AgentMember, ago, asked, fresh, make_agent, make_team
from tests.customer_service.desk import get, post, say

pytestmark = pytest.mark.django_db


@pytest.fixture
def chat(agent: AgentMember, lin: Member) -> ServiceChat:
    """Lin's chat, served by the agent."""
    return asked(lin)


def _at(chat: ServiceChat, step: str) -> str:
    return f"chats/{chat.public_id}/{step}"


def test_notes_are_numbered_apart_and_tell_who_is_mentioned(
    agent: AgentMember, chat: ServiceChat
) -> None:
    colleague = make_agent("唐果")
    body = {"body": "请看一下", "mentions": [str(colleague.agent.public_id)]}

    first = post(agent, _at(chat, "notes"), body)
    second = post(colleague, _at(chat, "notes"), {"body": "好的"})

    assert (first.status_code, first.json()["number"], second.json()["number"]) == (201, 1, 2)
    listed = get(agent, _at(chat, "notes")).json()["results"]
    assert [one["body"] for one in listed] == ["请看一下", "好的"]
    assert [one["name"] for one in listed[0]["mentions"]] == ["小唐"]
    notice = Notice.objects.get(user=colleague.member.user)
    assert (notice.kind, notice.subject_public_id) == ("desk_mentioned", chat.public_id)
    assert "请看一下" not in str(vars(notice))


def test_who_cannot_open_the_chat_cannot_be_mentioned(
    agent: AgentMember, chat: ServiceChat
) -> None:
    stranger = make_agent("唐果", team=make_team("billing"))

    for wrong in (stranger.agent.public_id, uuid4()):
        answer = post(agent, _at(chat, "notes"), {"body": "x", "mentions": [str(wrong)]})
        assert (answer.status_code, answer.json()["errors"][0]["attr"]) == (400, "mentions")
    assert not Note.objects.exists()


def test_a_customer_learns_of_a_note_by_no_door(
    agent: AgentMember, chat: ServiceChat, lin: Member
) -> None:
    secret = "内部机密备注"
    conv = chat.conversation.public_id
    doors = [
        "/api/v1/conversations",
        f"/api/v1/conversations/{conv}",
        f"/api/v1/conversations/{conv}/messages",
        f"/api/v1/conversations/{conv}/messages?after_rev=0",
        "/api/v1/notices",
    ]
    before = [lin.client.get(door).json() for door in doors]

    assert post(agent, _at(chat, "notes"), {"body": secret}).status_code == 201

    after = [lin.client.get(door).json() for door in doors]
    assert after == before
    assert secret not in str(after)
    assert lin.client.get(f"/api/v1/desk/chats/{chat.public_id}/notes").status_code == 403
    found = post(agent, "search", {"q": secret}).json()
    assert found["messages"] == []


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_notes_at_the_same_time_get_numbers_of_their_own(lin: Member) -> None:
    agent = make_agent()
    chat = asked(lin)
    gate = threading.Barrier(4)

    def write(number: int) -> None:
        gate.wait(10)
        add_note(chat.pk, author=agent.agent, body=str(number))
        connection.close()

    threads = [threading.Thread(target=write, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)

    assert sorted(Note.objects.values_list("number", flat=True)) == [1, 2, 3, 4]
    assert fresh(chat).last_note == 4


def test_drafts_are_kept_per_mode_and_agent_and_go_when_empty(
    agent: AgentMember, chat: ServiceChat
) -> None:
    colleague = make_agent("唐果")

    for body in ("写了一", "写了一半"):
        post(agent, _at(chat, "draft"), {"mode": "reply", "body": body}, method="put")
    post(agent, _at(chat, "draft"), {"mode": "note", "body": "备注"}, method="put")

    assert get(agent, f"chats/{chat.public_id}").json()["drafts"] == {
        "reply": "写了一半",
        "note": "备注",
    }
    assert get(colleague, f"chats/{chat.public_id}").json()["drafts"]["reply"] == ""
    assert get(agent, "chats").json()["results"][0]["drafting"] is True
    for mode in ("reply", "note"):
        post(agent, _at(chat, "draft"), {"mode": mode, "body": " "}, method="put")
    assert not ChatDraft.objects.exists()
    assert get(agent, "chats").json()["results"][0]["drafting"] is False


def test_drafts_that_nobody_touches_are_forgotten(agent: AgentMember, chat: ServiceChat) -> None:
    for mode in ("reply", "note"):
        post(agent, _at(chat, "draft"), {"mode": mode, "body": "写了一半"}, method="put")
    ChatDraft.objects.filter(mode="note").update(updated_at=ago(8 * 86400))

    forget_drafts()

    assert [draft.mode for draft in ChatDraft.objects.all()] == ["reply"]


def test_tags_are_set_as_a_whole(agent: AgentMember, chat: ServiceChat) -> None:
    refund, praise = (
        Tag.objects.create(name_zh=zh, name_en=en)
        for zh, en in (("退款", "Refund"), ("表扬", "Praise"))
    )
    old = Tag.objects.create(name_zh="旧", name_en="Old", is_active=False)

    both = post(agent, _at(chat, "tags"), {"tags": [refund.pk, praise.pk]}, method="put")
    one = post(agent, _at(chat, "tags"), {"tags": [praise.pk]}, method="put")
    wrong = post(agent, _at(chat, "tags"), {"tags": [praise.pk, old.pk]}, method="put")

    assert [tag["name"] for tag in both.json()["tags"]] == ["退款", "表扬"]
    assert [tag["id"] for tag in one.json()["tags"]] == [praise.pk]
    assert wrong.status_code == 400
    assert [tag["id"] for tag in get(agent, "chats").json()["results"][0]["tags"]] == [praise.pk]
    assert old.pk not in [tag["id"] for tag in get(agent, "tags").json()["results"]]


def test_viewing_shows_to_colleagues_and_not_to_oneself(
    agent: AgentMember, chat: ServiceChat
) -> None:
    colleague = make_agent("唐果")

    alone = post(agent, _at(chat, "viewing"), {"state": "viewing"})
    seen = post(colleague, _at(chat, "viewing"), {"state": "replying"})
    both = get(agent, f"chats/{chat.public_id}").json()["viewing"]
    post(colleague, _at(chat, "viewing"), {"state": "gone"})

    assert alone.json() == {"viewing": []}
    assert [(one["agent"]["name"], one["state"]) for one in seen.json()["viewing"]] == [
        ("小包", "viewing")
    ]
    assert [(one["agent"]["name"], one["state"]) for one in both] == [("小唐", "replying")]
    assert get(agent, f"chats/{chat.public_id}").json()["viewing"] == []


def _canned(**fields: Any) -> CannedReply:
    told = {"shortcut": "hello", "title": "问候", "text_zh": "您好{customer}", **fields}
    return CannedReply.objects.create(**told)


def test_canned_replies_are_found_by_shortcut_title_and_words(agent: AgentMember) -> None:
    hello, thanks = (
        _canned(used_count=1),
        _canned(shortcut="谢谢", title="致谢", text_zh="感谢咨询"),
    )
    _canned(shortcut="off", is_active=False)
    _canned(shortcut="theirs", team=make_team("billing"))
    _canned(shortcut="private", owner=make_agent("唐果").agent)

    def found(q: str) -> list[str]:
        return [one["shortcut"] for one in get(agent, "canned", q=q).json()["results"]]

    assert found("") == [hello.shortcut, thanks.shortcut]
    assert found("/hel") == ["hello"]
    assert found("谢谢") == found("致谢") == found("感谢") == ["谢谢"]
    assert found("private") == found("theirs") == found("off") == []


def test_a_canned_reply_speaks_the_chat_s_language_with_its_names(
    agent: AgentMember, lin: Member, ge: Member
) -> None:
    _canned(text_zh="{customer}您好，我是{team}的{agent}{x}", text_en="Hello {customer}")
    chinese, english = asked(lin, language="zh-hans"), asked(ge, language="en")

    def text(chat: ServiceChat) -> str:
        return str(get(agent, "canned", chat=str(chat.public_id)).json()["results"][0]["text"])

    assert text(chinese) == "林*月您好，我是综合客服的小包{x}"
    assert text(english) == "Hello 葛*"


def test_agents_keep_replies_of_their_own(agent: AgentMember) -> None:
    other = make_agent("唐果")
    body = {"shortcut": "我的", "title": "常用", "text_zh": "请稍等"}

    made = post(agent, "canned", body)
    path = f"canned/{made.json()['id']}"
    changed = post(agent, path, {"text_en": "One moment"}, method="patch")
    twice = post(agent, "canned", body)
    empty = post(agent, path, {"text_en": "", "text_zh": ""}, method="patch")
    foreign = [post(other, path, {"title": "x"}, method=m) for m in ("patch", "delete")]
    used = post(agent, f"{path}/used")

    assert (made.status_code, made.json()["own"]) == (201, True)
    assert changed.json()["text_en"] == "One moment"
    assert (twice.status_code, twice.json()["code"]) == (409, "shortcut_taken")
    assert empty.status_code == 400
    assert [answer.status_code for answer in foreign] == [404, 404]
    assert (used.status_code, CannedReply.objects.get().used_count) == (204, 1)
    assert post(agent, path, method="delete").status_code == 204
    assert post(agent, "canned", {**body, "shortcut": "a b"}).status_code == 400


def test_an_agent_keeps_no_more_than_so_many(
    agent: AgentMember, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, "SERVICE_CANNED_OWN_MAX", 1)
    body = {"shortcut": "a", "title": "a", "text_zh": "a"}

    assert post(agent, "canned", body).status_code == 201
    assert post(agent, "canned", {**body, "shortcut": "b"}).status_code == 400


def test_a_macro_says_tags_and_ends_in_one_step(agent: AgentMember, chat: ServiceChat) -> None:
    tag = Tag.objects.create(name_zh="退款", name_en="Refund")
    macro = Macro.objects.create(title="退款完成", reply=_canned(), ends_chat=True)
    macro.tags.add(tag)
    body = {"macro": str(macro.public_id), "cid": "1"}

    listed = get(agent, "macros").json()["results"]
    done = post(agent, _at(chat, "macro"), body)
    again = post(agent, _at(chat, "macro"), body)

    assert [(one["title"], one["says"], one["ends_chat"]) for one in listed] == [
        ("退款完成", "您好{customer}", True)
    ]
    assert (done.status_code, done.json()["state"]) == (200, "ended")
    assert [one["name"] for one in done.json()["tags"]] == ["退款"]
    thread = get(agent, _at(chat, "messages")).json()["messages"]
    assert [one["body"] for one in thread if one["sender"]] == ["您好林*月"]
    assert again.json()["code"] == "chat_ended"
    macro.refresh_from_db()
    assert macro.used_count == 1


def test_a_macro_hands_the_chat_on(agent: AgentMember, chat: ServiceChat) -> None:
    billing = make_team("billing")
    macro = Macro.objects.create(title="转账务", reply=_canned(), transfer_to=billing)

    done = post(agent, _at(chat, "macro"), {"macro": str(macro.public_id), "cid": "1"})

    assert (done.json()["state"], done.json()["team"]["code"]) == ("waiting", "billing")


def test_a_macro_that_fails_leaves_nothing_behind(
    agent: AgentMember, chat: ServiceChat, monkeypatch: pytest.MonkeyPatch
) -> None:
    macro = Macro.objects.create(title="结束", reply=_canned(), ends_chat=True)

    def fail(*_args: Any, **_fields: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr(macros, "end_by_agent", fail)
    agent.member.client.raise_request_exception = False
    answer = post(agent, _at(chat, "macro"), {"macro": str(macro.public_id), "cid": "1"})

    assert answer.status_code == 500
    thread = get(agent, _at(chat, "messages")).json()["messages"]
    assert [one for one in thread if one["sender"]] == []
    assert fresh(chat).state == "active"


def test_nobody_runs_a_macro_in_a_colleague_s_chat(agent: AgentMember, chat: ServiceChat) -> None:
    colleague = make_agent("唐果")
    macro = Macro.objects.create(title="结束", reply=_canned(), ends_chat=True)
    foreign = Macro.objects.create(title="别组", reply=_canned(shortcut="x"), team=make_team("b"))
    body = {"macro": str(macro.public_id), "cid": "1"}

    assert post(colleague, _at(chat, "macro"), body).json()["code"] == "not_your_chat"
    other = post(agent, _at(chat, "macro"), {**body, "macro": str(foreign.public_id)})
    assert other.status_code == 404


def test_who_answers_over_a_colleague_s_word_is_asked_first(
    agent: AgentMember, chat: ServiceChat, lin: Member
) -> None:
    asked_at = say(lin, chat, "在吗")["seq"]
    colleague = make_agent("唐果")
    say(agent, chat, "我来处理")
    assert post(colleague, _at(chat, "take-over")).status_code == 200
    path = f"/api/v1/conversations/{chat.conversation.public_id}/messages"
    body = {"cid": "1", "body": "您好", "seen": asked_at}

    late = colleague.member.client.post(path, body, format="json")
    seen = colleague.member.client.post(path, {**body, "seen": asked_at + 5}, format="json")

    assert (late.status_code, late.json()["code"]) == (409, "conflict")
    assert seen.status_code == 201
