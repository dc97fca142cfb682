"""The assignment board in a real browser.

With CONSOLE_PICTURES=1 pictures go to test-output/console/.
"""

from playwright.sync_api import expect

from clinic.accounts.models import User
from tests.browsing import needs_browser, open_console, picture
from tests.console.conftest import SmallClinic
from tests.windows import Windows

pytestmark = needs_browser


def test_the_board_assigns_while_staff_watches(
    chromium: Windows, address: str, chief: User, small_clinic: SmallClinic
) -> None:
    page, faults = open_console(chromium, address, chief, "zh-CN")
    page.goto("/admin/board/assignment/")
    expect(page.locator("#board-waiting tr")).to_have_count(1)
    expect(page.locator("#board-doctors")).to_contain_text("沈一鸣")
    picture(page, "board-zh")

    page.locator("#board-waiting button.primary").click()

    expect(page.locator("#board-waiting .empty")).to_be_visible()
    small_clinic.waiting.refresh_from_db()
    assert small_clinic.waiting.doctor == small_clinic.doctor
    picture(page, "board-empty-zh")
    assert faults == []


def test_the_board_fits_a_phone(
    chromium: Windows, address: str, chief: User, small_clinic: SmallClinic
) -> None:
    page, _faults = open_console(chromium, address, chief, "en-US")
    page.set_viewport_size({"width": 390, "height": 844})

    page.goto("/admin/board/assignment/")

    expect(page.locator("#board-waiting button.primary")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    picture(page, "board-phone-en")
