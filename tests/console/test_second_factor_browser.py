"""Setting up, proving and changing the second factor in a real browser, both languages.

With CONSOLE_PICTURES=1 pictures go to test-output/console/.
"""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect
from pytest_django import Settings

from clinic.accounts.models import SecondFactor, User
from clinic.core.clock import now
from tests.accounts.factors import App
from tests.browsing import judge, needs_browser, open_page, walked_in
from tests.console.test_browser import WORDS
from tests.windows import Windows

pytestmark = needs_browser
RENEW = {"zh-CN": "生成新的恢复码", "en-US": "Make new recovery codes"}


def _password(page: Page, locale: str) -> None:
    page.goto("/admin/")
    page.fill("input[name=username]", "139 0000 0001")
    page.fill("input[name=password]", "Console-2026")
    page.get_by_role("button", name=WORDS[locale]["login"]).click()


def _give(page: Page, code: str) -> None:
    page.fill("input[name=code]", code)
    page.locator("main button[type=submit]").click()


@pytest.mark.timeout(300)
@walked_in("en-US")
def test_staff_sets_up_proves_and_renews_the_second_factor(
    chromium: Windows, address: str, chief: User, settings: Settings, locale: str
) -> None:
    settings.SECOND_FACTOR_REQUIRED = True
    page, faults = open_page(chromium, address, locale)
    short = locale[:2]

    _password(page, locale)
    image = page.locator("img.console-qr")
    assert image.evaluate("image => image.naturalWidth") > 0
    judge(page, f"second-factor-set-up-{short}")
    app = App(page.locator(".console-secret code").inner_text().replace(" ", ""))
    _give(page, app.wrong())
    judge(page, f"second-factor-set-up-wrong-{short}")
    _give(page, app.code(now() - timedelta(seconds=30)))
    expect(page.locator(".console-codes li")).to_have_count(10)
    judge(page, f"second-factor-codes-{short}")
    kept = page.locator(".console-codes li").first.inner_text()
    page.locator("main a").last.click()
    expect(page).to_have_url(f"{address}/admin/")

    page.context.clear_cookies()
    _password(page, locale)
    judge(page, f"second-factor-prove-{short}")
    _give(page, app.code())
    expect(page).to_have_url(f"{address}/admin/")

    page.goto("/admin/second-factor/own/")
    judge(page, f"second-factor-own-{short}")
    page.locator("section").first.locator("input[name=code]").fill(kept)
    page.get_by_role("button", name=RENEW[locale]).click()
    expect(page.locator(".console-codes li")).to_have_count(10)
    assert kept not in page.content()
    page.goto(f"/admin/accounts/secondfactor/{SecondFactor.objects.get().pk}/change/")
    judge(page, f"second-factor-screen-{short}")
    assert faults == []
