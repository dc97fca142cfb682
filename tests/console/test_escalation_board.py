"""A waiting patient turns the board yellow, orange and red under a moved clock."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from clinic.accounts.models import User
from clinic.core.clock import now
from clinic.core.roles import Role
from clinic.patients.models import VisitPerson
from tests.axe import breaches
from tests.browsing import needs_browser, open_console, picture, walked_in
from tests.cast import make_member
from tests.console.conftest import make_waiting
from tests.doctors_cast import make_department, make_doctor
from tests.windows import Windows

pytestmark = needs_browser
NOBODY = {"zh-CN": "没有医生在线", "en-US": "No doctor is online."}


@pytest.mark.timeout(300)
@walked_in("zh-CN")
def test_a_waiting_case_turns_yellow_orange_and_red(
    chromium: Windows,
    address: str,
    chief: User,
    locale: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    make_doctor("吴静", online=False, max_consultations=1, current_consultation_count=1)
    patient = make_member("林小月", Role.PATIENT)
    person = VisitPerson.objects.create(
        account=patient.user, name="林小月", gender="female", birthday="1990-05-01",
        relation="self", is_default=True, phone="+8613812345678",
    )  # fmt: skip
    make_waiting(patient, person, minutes=0, department=make_department())
    start = now()
    clock = [start]
    page, faults = open_console(chromium, address, chief, locale, keep=False)
    page.clock.install()
    monkeypatch.setattr(timezone, "now", lambda: clock[0])
    page.goto("/admin/board/assignment/")
    row = page.locator("#board-waiting tr")
    expect(row).to_contain_text("中医内科")
    expect(row).to_contain_text("林*月")
    expect(row).to_have_class("level-0")
    neutral = _colour(page)

    colours = []
    for level, minutes in enumerate((5, 15, 30), start=1):
        clock[0] = start + timedelta(minutes=minutes, seconds=1)
        page.clock.run_for(5_000)
        expect(row).to_have_class(f"level-{level}")
        colours.append(_colour(page))
    picture(page, f"board-red-{locale[:2]}")

    assert len({neutral, *colours}) == 4
    expect(page.locator("#board-warnings")).to_contain_text(NOBODY[locale])
    assert _breaches(page) == []
    page.goto("/admin/board/assignment/figures/")
    picture(page, f"waiting-and-jobs-{locale[:2]}")
    assert _breaches(page) == []
    assert faults == []


def _breaches(page: Page) -> list[str]:
    """Return the rules of WCAG A and AA that the page breaks."""
    return breaches(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]})


def _colour(page: Page) -> str:
    """Return the background of the waiting row."""
    row = page.locator("#board-waiting tr")
    return str(row.evaluate("row => getComputedStyle(row).backgroundColor"))
