"""A shift at the desk in a real browser: agents at their pages, customers who talk to them.

With CONSOLE_PICTURES=1 pictures of the pages go to test-output/desk/.
"""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, WebSocketRoute, expect

from chat.models import Message
from clinic.core.clock import now
from clinic.core.roles import Role
from clinic.customer_service.models import CannedReply, Macro, ServiceChat, Tag, Team
from clinic.customer_service.services.idling import run_idle_rule
from tests.cast import make_member
from tests.customer_service.conftest import AgentMember, asked, make_agent
from tests.customer_service.desk_pages import (
    BOARD,
    Seat,
    chromium,
    needs_browser,
    pick_up,
    sit_down,
)
from tests.live import LiveServer, serving

__all__ = ["chromium"]
pytestmark = [*needs_browser, pytest.mark.timeout(120)]


def test_two_agents_serve_three_customers(
    chromium: Browser, live_server_ws: LiveServer, team: Team
) -> None:
    first = make_agent("包青", team=team, places=1)
    second = make_agent("安宁", team=team, places=2, status="offline")
    lin, ge, zhao = (
        pick_up(live_server_ws, make_member(name, Role.PATIENT))
        for name in ("林小月", "葛大明", "赵小云")
    )
    bao = sit_down(chromium, live_server_ws, first)
    an = sit_down(chromium, live_server_ws, second, locale="en-US")

    # One is served, two wait; the number falls when a colleague comes.
    talk = lin.ask_for_help()["chat"]
    ge.ask_for_help()
    zhao.ask_for_help()
    expect(bao.count("waiting")).to_have_text("2")
    an.page.locator("[data-status=online]").click()
    expect(bao.count("waiting")).to_have_text("0")
    expect(an.row("葛*明")).to_be_visible()
    expect(an.row("赵*云")).to_be_visible()

    # Both ways, with ticks.
    bao.open("林*月")
    lin.say(talk["conversation"], "你好，我想退款")
    expect(bao.last("你好，我想退款")).to_be_visible()
    bao.write("您好，我来查一下")
    heard = lin.hear(t="msg", body="您好，我来查一下")
    assert heard["role"] == "agent"
    mark = bao.last("我来查一下").locator(".tick-mark")
    lin.do(t="ack", conv=talk["conversation"], seq=heard["seq"])
    expect(mark).to_have_class("tick-mark delivered")
    lin.do(t="read", conv=talk["conversation"], seq=heard["seq"])
    expect(mark).to_have_class("tick-mark read")
    lin.do(t="typing", conv=talk["conversation"], on=True)
    expect(bao.page.locator("#thread-typing")).to_be_visible()

    # A note stays inside the house.
    bao.page.keyboard.press("Alt+n")
    bao.write("订单号对不上，请财务看")
    expect(bao.page.locator(".bubble.note")).to_contain_text("订单号对不上")
    seen = lin.messages(talk["conversation"])
    assert "订单号" not in str(seen)
    assert [message["seq"] for message in seen] == list(range(1, len(seen) + 1))

    # One's own words can be changed and taken back.
    bao.page.locator("#mode-reply").click()
    bao.page.keyboard.press("ArrowUp")
    bao.write("您好，我来查一下，请稍等")
    assert lin.hear(t="upd")["body"] == "您好，我来查一下，请稍等"
    bao.write("发错了")
    lin.hear(t="msg", body="发错了")
    bao.last("发错了").hover()
    bao.last("发错了").get_by_role("button", name="撤回").click()
    assert lin.hear(t="upd")["recalled_at"]
    bao.picture("shift-zh")

    # An end frees a place, a transfer hands on with a note, the customer goes on talking.
    an.open("葛*明")
    an.page.keyboard.press("Escape")
    an.page.keyboard.press("e")
    an.page.locator("#end-go").click()
    expect(an.row("葛*明")).to_have_count(0)
    ended = ge.hear(t="ended")
    assert ended["can_rate"] is True
    bao.page.keyboard.press("Escape")
    bao.page.keyboard.press("t")
    bao.page.locator("#transfer-to").select_option(f"agent {second.agent.public_id}")
    bao.page.locator("#transfer-note").fill("客户着急")
    bao.page.locator("#transfer-go").click()
    expect(bao.row("林*月")).to_have_count(0)
    an.open("林*月")
    expect(an.page.locator(".bubble.note").filter(has_text="客户着急")).to_be_visible()
    expect(an.last("请稍等").locator(".tick-mark")).to_have_class("tick-mark read")
    an.write("我是新接手的客服")
    lin.hear(t="msg", body="我是新接手的客服")
    an.picture("shift-en")

    # The customer rates once it is over; his next agent sees the stars.
    an.page.locator("#tab-ended").click()
    ge.call("POST", f"service/chats/{ended['chat']}/rate", {"stars": 5, "text": "很耐心"})
    an.open("葛*明")
    expect(an.page.locator("#context")).to_contain_text("很耐心")
    assert bao.faults + an.faults == []


def test_silence_is_warned_of_and_ends_the_chat_on_the_desk(
    chromium: Browser, live_server_ws: LiveServer, agent: AgentMember
) -> None:
    lin = pick_up(live_server_ws, make_member("林小月", Role.PATIENT))
    talk = lin.ask_for_help()["chat"]
    seat = sit_down(chromium, live_server_ws, agent)
    seat.open("林*月")
    lin.say(talk["conversation"], "在吗")
    expect(seat.last("在吗")).to_be_visible()
    seat.write("在的，请说")
    lin.hear(t="msg", body="在的，请说")
    start = now()

    _sweep(start, 0, 50, 61)
    expect(seat.page.locator("#chatbar").get_by_text("结束倒计时")).to_be_visible()
    lin.hear(t="idle_warn")
    seat.picture("warned-zh")
    _sweep(start, 110, 125)

    expect(seat.row("林*月")).to_have_count(0)
    expect(seat.page.locator("#composer")).to_be_hidden()
    assert lin.hear(t="ended")["reason"] == "idle"
    assert seat.faults == []


def _sweep(start: Any, *seconds: int) -> None:
    for passed in seconds:
        run_idle_rule(start + timedelta(seconds=passed))


def test_the_desk_catches_up_after_the_server_was_away(
    chromium: Browser, transactional_db: None, agent: AgentMember
) -> None:
    member = make_member("林小月", Role.PATIENT)
    chat = asked(member)
    with serving() as server:
        seat = sit_down(chromium, server, agent)
        seat.open("林*月")
        seat.write("第一句")
        expect(seat.last("第一句").locator(".tick-mark")).to_be_visible()
    expect(seat.page.locator("#banner")).to_be_visible()
    path = f"/api/v1/conversations/{chat.conversation.public_id}/messages"
    member.client.post(path, {"cid": "a1", "body": "你还在吗"}, format="json")
    seat.write("断线时写的")
    expect(seat.last("断线时写的")).to_have_class("bubble ours pending")
    other = make_member("葛大明", Role.PATIENT)
    asked(other)
    seat.picture("away-zh")

    with serving(server.port):
        expect(seat.page.locator("#banner")).to_be_hidden(timeout=15_000)
        expect(seat.last("你还在吗")).to_be_visible()
        expect(seat.last("断线时写的").locator(".tick-mark")).to_be_visible()
        expect(seat.row("葛*明")).to_be_visible()
        assert Message.objects.filter(body="断线时写的").count() == 1
        assert seat.faults == []


def test_what_customers_write_is_shown_as_text(
    chromium: Browser, live_server_ws: LiveServer, agent: AgentMember
) -> None:
    hostile = '<img src=x onerror="window.hurt=1">'
    lin = pick_up(live_server_ws, make_member(hostile, Role.PATIENT))
    talk = lin.ask_for_help()["chat"]
    lin.say(talk["conversation"], hostile)
    lin.say(talk["conversation"], "<script>window.hurt=2</script> https://evil.example/?a=<b>")
    seat = sit_down(chromium, live_server_ws, agent)

    seat.page.locator("#rows [data-chat]").first.click()

    expect(seat.last(hostile)).to_be_visible()
    expect(seat.last("<script>window.hurt=2</script>")).to_be_visible()
    link = seat.page.locator("#messages a")
    expect(link).to_have_attribute("rel", "noopener noreferrer nofollow")
    expect(link).to_have_text("https://evil.example/?a=")
    assert seat.page.evaluate("window.hurt") is None
    assert seat.page.locator("#messages img, #rows img, #context img").count() == 0
    assert seat.faults == []


def test_unsent_words_are_kept_and_warned_of(
    chromium: Browser, live_server_ws: LiveServer, agent: AgentMember
) -> None:
    for name in ("林小月", "葛大明"):
        asked(make_member(name, Role.PATIENT))
    seat = sit_down(chromium, live_server_ws, agent)
    seat.open("林*月")
    field = seat.page.locator("#composer-text")
    field.fill("写了一半")
    seat.page.keyboard.press("Alt+n")
    field.fill("备注一半")

    seat.open("葛*明")
    expect(field).to_have_value("")
    seat.open("林*月")
    expect(field).to_have_value("写了一半")
    seat.page.locator("#mode-note").click()
    expect(field).to_have_value("备注一半")
    chat = ServiceChat.objects.get(customer__name="林小月")
    _until(seat.page, lambda: chat.drafts.count() == 2)

    asked_to_stay: list[str] = []
    seat.page.on("dialog", lambda dialog: (asked_to_stay.append(dialog.type), dialog.accept()))
    seat.page.close(run_before_unload=True)
    other = sit_down(chromium, live_server_ws, agent)
    assert asked_to_stay == ["beforeunload"]
    other.open("林*月")
    expect(other.page.locator("#composer-text")).to_have_value("写了一半")


def _until(page: Page, is_true: Callable[[], bool]) -> None:
    for _try in range(50):
        if is_true():
            return
        page.wait_for_timeout(100)
    raise AssertionError("it never became true")


def test_the_keys_do_what_the_help_says(
    chromium: Browser, live_server_ws: LiveServer, agent: AgentMember, team: Team
) -> None:
    CannedReply.objects.create(shortcut="refund", title="退款", text_zh="退款三天内到账。")
    tag = Tag.objects.create(name_zh="退款", name_en="Refund")
    reply = CannedReply.objects.create(shortcut="bye", title="再见", text_zh="感谢咨询。")
    macro = Macro.objects.create(title="感谢并结束", reply=reply, ends_chat=True)
    macro.tags.add(tag)
    lin = pick_up(live_server_ws, make_member("林小月", Role.PATIENT))
    lin.ask_for_help()
    asked(make_member("葛大明", Role.PATIENT))
    seat = sit_down(chromium, live_server_ws, agent)
    keys = seat.page.keyboard
    expect(seat.row("林*月")).to_be_visible()

    keys.press("?")
    expect(seat.page.locator("#dialog")).to_contain_text("快捷键")
    keys.press("Escape")
    names = [row.inner_text() for row in seat.page.locator("#rows .name").all()]
    keys.press("j")
    keys.press("j")
    expect(seat.row(names[1])).to_be_focused()
    keys.press("k")
    keys.press("Enter")
    expect(seat.page.locator("#chatbar h2")).to_contain_text(names[0])

    seat.open("林*月")
    expect(seat.page.locator("#composer-text")).to_be_focused()
    keys.press("Escape")
    keys.press("/")
    keys.type("ref")
    expect(seat.page.locator("#suggestions")).to_contain_text("退款三天内到账。")
    keys.press("Enter")
    expect(seat.page.locator("#composer-text")).to_have_value("退款三天内到账。")
    keys.press("Control+Enter")
    lin.hear(t="msg", body="退款三天内到账。")

    seat.page.locator("#context").get_by_role("button", name="退款").click()
    expect(seat.row("林*月")).to_contain_text("退款")
    keys.press("Control+k")
    keys.type("忙碌")
    keys.press("Enter")
    expect(seat.page.locator("[data-status=busy]")).to_have_attribute("aria-pressed", "true")
    seat.page.locator("#macros").click()
    seat.page.get_by_role("button", name="感谢并结束").click()
    lin.hear(t="msg", body="感谢咨询。")
    lin.hear(t="ended")
    assert seat.faults == []


def test_a_colleague_who_was_quicker_makes_the_desk_ask(
    chromium: Browser, live_server_ws: LiveServer, agent: AgentMember
) -> None:
    lin = pick_up(live_server_ws, make_member("林小月", Role.PATIENT))
    lin.ask_for_help()
    seat = sit_down(chromium, live_server_ws, agent, prepare=_refuse_what_was_seen)
    seat.open("林*月")

    seat.write("我来回答")

    expect(seat.page.locator("#dialog")).to_contain_text("同事已先回复")
    seat.picture("conflict-zh")
    seat.page.get_by_role("button", name="仍然发送").click()
    lin.hear(t="msg", body="我来回答")
    assert seat.faults == []


def _refuse_what_was_seen(page: Page) -> None:
    """Let the server answer each message with ``seen`` as if a colleague had written."""

    def between(route: WebSocketRoute) -> None:
        server = route.connect_to_server()

        def passes(told: Any) -> None:
            frame = json.loads(told)
            if frame["t"] == "send" and "seen" in frame:
                refusal = {
                    "t": "err",
                    "id": frame["id"],
                    "code": "conflict",
                    "msg": "",
                    "fatal": False,
                }
                route.send(json.dumps(refusal))
            else:
                server.send(told)

        route.on_message(passes)

    page.route_web_socket("**/ws/v1/", between)


def test_a_supervisor_watches_moves_and_sets(
    chromium: Browser, live_server_ws: LiveServer, team: Team
) -> None:
    chief = make_agent("包青", team=team, places=1, is_supervisor=True)
    second = make_agent("安宁", team=team, places=1)
    lin = pick_up(live_server_ws, make_member("林小月", Role.PATIENT))
    lin.ask_for_help()
    seat = sit_down(chromium, live_server_ws, chief, address=BOARD)
    page = seat.page
    expect(page.locator("[data-agent]")).to_have_count(2)
    expect(page.locator("#chats [data-chat]")).to_have_count(1)
    for _more in range(2):
        asked(make_member("葛大明", Role.PATIENT))
    expect(page.locator("#waiting [data-chat]")).to_have_count(1)
    expect(page.locator("[data-figure=waiting] dd")).to_have_text("1")
    seat.picture("board-zh")

    page.locator(f"[data-agent='{second.agent.public_id}'] select").select_option("busy")
    expect(page.locator("#toasts")).to_contain_text("忙碌")
    assert second.row.status == "busy"
    page.locator("#chats [data-chat]").filter(has_text="林*月").locator("select").select_option(
        "queue"
    )

    expect(page.locator("#toasts")).to_contain_text("会话已转移")
    lin.hear(t="service", state="waiting")
    assert seat.faults == []


@pytest.mark.parametrize("locale", ["zh-CN", "en-US"])
def test_desk_and_board_are_accessible_and_fit(
    chromium: Browser, live_server_ws: LiveServer, team: Team, locale: str
) -> None:
    chief = make_agent("包青", team=team, is_supervisor=True)
    lin = pick_up(live_server_ws, make_member("林小月", Role.PATIENT))
    talk = lin.ask_for_help()["chat"]
    lin.say(talk["conversation"], "你好，请问退款多久到账？")
    for width in (1280, 1600):
        seat = sit_down(chromium, live_server_ws, chief, locale=locale, width=width)
        seat.open("林*月")
        _judge(seat, f"desk-{locale[:2]}-{width}", width)
        seat.page.goto(BOARD)
        expect(seat.page.locator("[data-agent]")).to_have_count(1)
        _judge(seat, f"board-{locale[:2]}-{width}", width)


def _judge(seat: Seat, name: str, width: int) -> None:
    seat.picture(name)
    assert seat.page.evaluate("document.documentElement.scrollWidth") <= width, name
    violations = Axe().run(seat.page).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"]) for one in violations] == [], name
    assert seat.faults == []
