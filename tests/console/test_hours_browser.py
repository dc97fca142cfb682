"""Pages with rows of hours in a real browser, Chinese and English."""

import pytest
from playwright.sync_api import expect

from clinic.accounts.models import User
from doctors.models import BranchHours, ServiceHours
from tests.appointments.calendars import LONG_AGO, make_branch, work
from tests.browsing import DESKTOP, judge, needs_browser, open_console, walked_in
from tests.doctors_cast import DoctorMember
from tests.windows import Windows

pytestmark = needs_browser


@pytest.mark.timeout(300)
@walked_in("zh-CN")
def test_rows_of_hours_are_named(
    chromium: Windows, address: str, chief: User, shen: DoctorMember, locale: str
) -> None:
    branch = make_branch()
    work(shen, branch, [(540, 720)], range(2))
    work(shen, None, [(780, 900)], range(2))
    BranchHours.objects.create(
        branch=branch, weekday=0, start_minute=480, end_minute=1080, valid_from=LONG_AGO
    )
    ServiceHours.objects.create(doctor=shen.doctor, weekday=0, start="08:00", end="12:00")
    page, faults = open_console(chromium, address, chief, locale)
    for path, name in (
        (f"/admin/doctors/branch/{branch.pk}/change/", "hours-branch"),
        (f"/admin/doctors/branch/{branch.pk}/change/#hours", "hours-branch-tab"),
        (f"/admin/doctors/doctor/{shen.doctor.pk}/change/", "hours-doctor"),
        (f"/admin/doctors/doctor/{shen.doctor.pk}/change/#hours", "hours-doctor-service"),
        (f"/admin/doctors/doctor/{shen.doctor.pk}/change/#work_rules", "hours-doctor-work"),
    ):
        page.goto("about:blank")
        page.goto(path)
        judge(page, f"{name}-{locale[:2]}")
    bins = page.locator("#work_rules-data td.delete [role=button]")
    bins.first.focus()
    page.keyboard.press("Enter")
    bins.nth(1).click()
    for number in (0, 1):
        expect(page.locator(f"input[name=work_rules-{number}-DELETE]")).to_be_checked()
    assert faults == []


def test_a_window_that_grows_shows_all_tabs_again(
    chromium: Windows, address: str, chief: User, shen: DoctorMember
) -> None:
    page, faults = open_console(chromium, address, chief, "en-US", width=200)
    page.goto(f"/admin/doctors/doctor/{shen.doctor.pk}/change/")
    folded = page.locator("#tabs-dropdown > *")
    expect(folded).to_have_count(2)
    page.set_viewport_size({"width": DESKTOP, "height": 960})

    expect(page.locator("#tabs-items > *")).to_have_count(3)
    expect(folded).to_have_count(0)
    assert faults == []
