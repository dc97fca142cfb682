"""A shift at the desk in a real browser: agents at their pages, customers who talk to them.

With CONSOLE_PICTURES=1 pictures of the pages go to test-output/desk/.
"""

from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import expect

from chat.models import Message
from clinic.core.clock import now
from clinic.core.roles import Role
from clinic.customer_service.models import Team
from clinic.customer_service.services.idling import run_idle_rule
from tests.browsing import needs_browser
from tests.cast import make_member
from tests.customer_service.conftest import AgentMember, asked, make_agent
from tests.customer_service.desk_pages import (
    pick_up,
    sit_down,
)
from tests.live import LiveServer, serving
from tests.windows import Windows

pytestmark = [*needs_browser, pytest.mark.timeout(120)]


def test_two_agents_serve_three_customers(
    chromium: Windows, live_server_ws: LiveServer, team: Team
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
    an.write("您好，已为您处理")
    ge.hear(t="msg", body="您好，已为您处理")
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
    chromium: Windows, live_server_ws: LiveServer, agent: AgentMember
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
    chromium: Windows, transactional_db: None, agent: AgentMember
) -> None:
    member = make_member("林小月", Role.PATIENT)
    chat = asked(member)
    with serving() as server:
        seat = sit_down(chromium, server, agent, keep=False)
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
    chromium: Windows, live_server_ws: LiveServer, agent: AgentMember
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
