"""What agents do on the page of the desk: drafts, keys, colleagues, pictures, left messages."""

import json
from base64 import b64encode
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, WebSocketRoute, expect

from clinic.core.roles import Role
from clinic.customer_service.models import CannedReply, LeftMessage, Macro, ServiceChat, Tag, Team
from tests.browsing import needs_browser
from tests.cast import make_member
from tests.customer_service.conftest import AgentMember, asked, make_agent
from tests.customer_service.desk_pages import (
    pick_up,
    sit_down,
)
from tests.files.samples import image
from tests.live import LiveServer
from tests.windows import Windows

pytestmark = [*needs_browser, pytest.mark.timeout(120)]
# Gives a picture to an element, as the clipboard or a hand would.
GIVE = """([where, how, base64]) => {
  const bytes = Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0));
  const carried = new DataTransfer();
  carried.items.add(new File([bytes], "photo.png", { type: "image/png" }));
  const made = how === "paste"
    ? new ClipboardEvent("paste", { clipboardData: carried, bubbles: true, cancelable: true })
    : new DragEvent("drop", { dataTransfer: carried, bubbles: true, cancelable: true });
  document.querySelector(where).dispatchEvent(made);
}"""
LOADED = "[...document.querySelectorAll('.picture img')].filter((one) => one.naturalWidth).length"


def test_unsent_words_are_kept_and_warned_of(
    chromium: Windows, live_server_ws: LiveServer, agent: AgentMember
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
    chromium: Windows, live_server_ws: LiveServer, agent: AgentMember, team: Team
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
    seat.page.locator("#tab-mine").focus()
    keys.press("ArrowRight")
    expect(seat.page.locator("#tab-waiting")).to_have_attribute("aria-selected", "true")
    keys.press("ArrowLeft")
    expect(seat.row("林*月")).to_be_visible()
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
    chromium: Windows, live_server_ws: LiveServer, agent: AgentMember
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


def test_colleagues_see_each_other_and_one_takes_over(
    chromium: Windows, live_server_ws: LiveServer, team: Team
) -> None:
    first, second = make_agent("包青", team=team), make_agent("安宁", team=team, status="busy")
    lin = pick_up(live_server_ws, make_member("林小月", Role.PATIENT))
    talk = lin.ask_for_help()["chat"]
    bao = sit_down(chromium, live_server_ws, first)
    an = sit_down(chromium, live_server_ws, second)
    bao.open("林*月")
    an.page.locator("#tab-all").click()
    an.open("林*月")

    expect(bao.page.locator("#collision")).to_have_text("小安 正在查看此会话")
    bao.page.locator("#composer-text").press_sequentially("我")
    expect(an.page.locator("#collision")).to_have_text("小包 正在回复")
    expect(an.page.locator("#mode-reply")).to_be_disabled()
    lin.say(talk["conversation"], "有人吗")
    expect(an.last("有人吗")).to_be_visible()
    bao.page.locator("#do-hold").click()
    bao.page.get_by_role("button", name="10 分钟").click()
    expect(bao.page.locator("#chatbar")).to_contain_text("挂起中")
    an.page.locator("#do-take-over").click()
    an.page.locator("#dialog").get_by_role("button", name="接管").click()

    expect(bao.row("林*月")).to_have_count(0)
    expect(an.page.locator("#mode-reply")).to_be_enabled()
    an.page.locator("#mode-reply").click()
    an.write("我来接着说")
    lin.hear(t="msg", body="我来接着说")
    assert bao.faults + an.faults == []


def test_pictures_are_pasted_dropped_and_shown(
    chromium: Windows, live_server_ws: LiveServer, agent: AgentMember
) -> None:
    lin = pick_up(live_server_ws, make_member("林小月", Role.PATIENT))
    talk = lin.ask_for_help()["chat"]
    seat = sit_down(chromium, live_server_ws, agent)
    seat.open("林*月")
    picture = b64encode(image(size=(320, 200))).decode()

    seat.page.evaluate(GIVE, ["#composer-text", "paste", picture])
    sent = lin.hear(t="msg", kind="image")
    seat.page.evaluate(GIVE, ["#thread", "drop", picture])
    lin.hear(t="msg", kind="image")

    expect(seat.page.locator(".picture img")).to_have_count(2)
    _until(seat.page, lambda: seat.page.evaluate(LOADED) == 2)
    assert lin.read_file(sent["extra"]["file"]).startswith(b"\x89PNG")
    seat.picture("pictures-zh")
    assert talk["conversation"] == sent["conv"]
    assert seat.faults == []


def test_a_left_message_is_answered_and_names_are_found(
    chromium: Windows, live_server_ws: LiveServer, agent: AgentMember, team: Team
) -> None:
    zhao = make_member("赵小云", Role.PATIENT)
    LeftMessage.objects.create(
        customer=zhao.user, side="patient", team=team, language="zh-hans", body="怎么约复诊？"
    )
    for name in ("林小月", "葛大明"):
        asked(make_member(name, Role.PATIENT))
    seat = sit_down(chromium, live_server_ws, agent)

    seat.page.locator("#search").fill("林小月")
    expect(seat.row("葛*明")).to_have_count(0)
    expect(seat.row("林*月")).to_have_count(1)
    seat.page.locator("#search").fill("")
    expect(seat.row("葛*明")).to_have_count(1)
    expect(seat.count("left")).to_have_text("1")
    seat.page.locator("#tab-left").click()
    seat.picture("left-zh")
    seat.page.get_by_role("button", name="回复", exact=True).first.click()
    seat.page.locator(".left-message textarea").fill("请在小程序里预约。")
    seat.page.locator(".left-message form button").click()

    expect(seat.page.locator("#chatbar h2")).to_contain_text("赵*云")
    expect(seat.last("请在小程序里预约。")).to_be_visible()
    assert LeftMessage.objects.get().state == "answered"
    assert seat.faults == []
