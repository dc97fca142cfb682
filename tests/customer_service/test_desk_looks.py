"""The desk and the board as people see them, in both languages, and the board at work."""

import pytest
from playwright.sync_api import expect

from clinic.core.roles import Role
from clinic.customer_service.models import LeftMessage, ServiceChat, Team
from tests.axe import breaches
from tests.browsing import needs_browser, walked_in
from tests.cast import make_member
from tests.customer_service.conftest import ago, asked, make_agent
from tests.customer_service.desk_pages import (
    BOARD,
    Seat,
    pick_up,
    sit_down,
)
from tests.live import LiveServer
from tests.windows import Windows

pytestmark = [*needs_browser, pytest.mark.timeout(120)]


def test_a_supervisor_watches_moves_and_sets(
    chromium: Windows, live_server_ws: LiveServer, team: Team
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
    ServiceChat.objects.filter(state="active").update(alarmed_at=ago(30))
    page.reload()
    late = page.locator("[data-alarm=agent_silent]").filter(has_text="林*月")
    expect(late).to_contain_text("小包")
    expect(page.locator("[data-figure]")).to_have_count(14)
    expect(page.locator("[data-figure=abandoned_percent] dd")).to_have_text("0%")
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


@walked_in("zh-CN")
def test_desk_and_board_are_accessible_and_fit(
    chromium: Windows, live_server_ws: LiveServer, team: Team, locale: str
) -> None:
    chief = make_agent("包青", team=team, is_supervisor=True)
    lin = pick_up(live_server_ws, make_member("林小月", Role.PATIENT))
    talk = lin.ask_for_help()["chat"]
    lin.say(talk["conversation"], "你好，请问退款多久到账？")
    seat = sit_down(chromium, live_server_ws, chief, locale=locale)
    seat.open("林*月")
    _judge(seat, f"desk-{locale[:2]}")
    seat.page.goto(BOARD)
    expect(seat.page.locator("[data-agent]")).to_have_count(1)
    _judge(seat, f"board-{locale[:2]}")


def test_the_desk_says_why_it_gives_no_chat_and_asks_before_closing_a_message(
    chromium: Windows, live_server_ws: LiveServer, team: Team
) -> None:
    agent = make_agent("包青", team=team, status="offline")
    lin = make_member("林小月", Role.PATIENT)
    LeftMessage.objects.create(
        customer=lin.user, side="patient", team=team, language="zh-hans", body="发票怎么开？"
    )
    seat = sit_down(chromium, live_server_ws, agent)
    page = seat.page
    expect(page.locator("#take-next")).to_be_disabled()
    expect(page.locator("#take-next-why")).to_have_text("上线后才能接入会话。")
    page.locator("#tab-left").click()
    row = page.locator(".left-message")
    row.get_by_role("button", name="无需答复").click()
    expect(row).to_contain_text("不回复并关闭这条留言？")
    seat.picture("left-zh")
    assert LeftMessage.objects.get().state == "open"

    row.get_by_role("button", name="关闭", exact=True).click()

    expect(row).to_have_count(0)
    expect(seat.count("left")).to_have_text("0")
    assert LeftMessage.objects.get().state == "dismissed"
    assert seat.faults == []


def _judge(seat: Seat, name: str) -> None:
    assert breaches(seat.page) == [], name
    for width in (1600, 1280):
        seat.page.set_viewport_size({"width": width, "height": 800})
        seat.picture(f"{name}-{width}")
        assert seat.page.evaluate("document.documentElement.scrollWidth") <= width, name
    assert seat.faults == []
