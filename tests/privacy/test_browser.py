"""Users, emergency reading and the other pages of the room in a real browser, both languages.

With CONSOLE_PICTURES=1 pictures go to test-output/console/.
"""

import pytest
from playwright.sync_api import expect

from clinic.accounts.models import User
from clinic.core.clock import now
from clinic.core.roles import Role
from clinic.records.services.signing import sign
from tests.browsing import judge, needs_browser, open_console, walked_in
from tests.cast import make_member
from tests.doctors_cast import make_doctor
from tests.records.conftest import TOLD, care_of
from tests.windows import Windows

pytestmark = needs_browser
WORDS = {
    "zh-CN": {
        "find": "查找",
        "off": "停用所选",
        "open": "以此理由查阅",
        "words": "电话里昏迷，需要过敏史",
    },
    "en-US": {
        "find": "Find",
        "off": "Deactivate the chosen",
        "open": "Open for this reason",
        "words": "Unconscious on the phone",
    },
}


@pytest.mark.timeout(300)
@walked_in("en-US")
def test_users_are_found_and_a_patient_is_read_in_an_emergency(
    chromium: Windows, address: str, chief: User, locale: str
) -> None:
    lin, said, short = make_member("林小月", Role.PATIENT), WORDS[locale], locale[:2]
    for name in ("葛明", "周敏", "陈大文"):
        make_member(name, Role.PATIENT)
    sign(care_of(lin, make_doctor("沈一鸣")), told=TOLD, now=now())
    page, faults = open_console(chromium, address, chief, locale)

    page.goto("/admin/privacy-pages/users/")
    judge(page, f"users-{short}")
    page.fill("input[name=words]", "小月")
    page.get_by_role("button", name=said["find"]).click()
    expect(page.locator("tbody tr")).to_have_count(1)
    assert "小" not in page.url
    page.locator("input[name=user]").check()
    page.get_by_role("button", name=said["off"]).click()
    judge(page, f"users-confirm-{short}")

    page.goto("/admin/privacy-pages/emergency/")
    judge(page, f"emergency-{short}")
    page.fill("input[name=whom]", str(lin.user.phone))
    page.fill("input[name=words]", said["words"])
    page.get_by_role("button", name=said["open"]).click()
    expect(page.get_by_text("青霉素")).to_be_visible()
    page.locator("section .console-link").first.click()
    expect(page.get_by_text(TOLD["diagnosis"])).to_be_visible()
    judge(page, f"emergency-patient-{short}")

    for name in ("reads", "regulator"):
        page.goto(f"/admin/privacy-pages/{name}/")
        judge(page, f"{name}-{short}")
    assert faults == []
