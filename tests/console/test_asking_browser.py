"""How many appointments are hit is read before staff does it, in a real browser."""

from datetime import timedelta

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from clinic.accounts.models import User
from clinic.core.clock import clinic_day
from doctors.models import CalendarDay
from tests.appointments.front_desk import (
    give_hours,
    in_hours,
    make_branch,
    make_type,
    post,
    row_of,
    wish,
)
from tests.browsing import judge, needs_browser, open_console, walked_in
from tests.cast import Member
from tests.doctors_cast import DoctorMember
from tests.windows import Windows

WORDS = {
    "zh-CN": {
        "suspend": "停用",
        "count": "之后的 2 个预约",
        "list": "影响 2 个预约",
        "store": "保存",
        "show": "查看这些预约",
    },
    "en-US": {
        "suspend": "Suspend",
        "count": "2 appointments ahead go",
        "list": "hits 2 appointments.",
        "store": "Store",
        "show": "Show them",
    },
}
pytestmark = needs_browser


@pytest.mark.timeout(300)
@walked_in("zh-CN")
def test_staff_reads_how_many_appointments_are_hit(
    chromium: Windows, address: str, chief: User, lin: Member, shen: DoctorMember, locale: str
) -> None:
    branch, kind = make_branch(), make_type()
    give_hours(shen, branch)
    day = clinic_day(in_hours(48))
    for hours in (48, 49):
        made = wish(lin, kind, branch, starts_at=in_hours(hours).isoformat())
        assert post(lin, "appointments", made).status_code == 201
    page, faults = open_console(chromium, address, chief, locale)
    words = WORDS[locale]

    page.goto(f"/admin/doctors/doctor/{shen.doctor.pk}/change/")
    page.locator("summary", has_text=words["suspend"]).click()
    expect(page.locator("details[open]")).to_contain_text(words["count"])
    judge(page, f"suspend-asks-{locale[:2]}")

    page.goto(reverse("import-holidays"))
    text = f"{day},holiday,,,店庆\n{day + timedelta(days=1)},holiday,,,店庆\n"
    page.fill("textarea[name=text]", text)
    page.get_by_role("button", name=words["store"]).click()
    expect(page.get_by_role("alert")).to_contain_text(words["list"])
    judge(page, f"holidays-ask-{locale[:2]}")
    assert not CalendarDay.objects.exists()
    page.get_by_role("button", name=words["store"]).click()
    expect(page.locator("#result_list")).to_be_visible()
    assert CalendarDay.objects.count() == 2
    assert faults == []


@pytest.mark.timeout(300)
@walked_in("en-US")
def test_staff_reads_what_other_hours_leave_outside(
    chromium: Windows, address: str, chief: User, lin: Member, shen: DoctorMember, locale: str
) -> None:
    branch, kind = make_branch(), make_type()
    give_hours(shen, branch)
    row = row_of(
        post(lin, "appointments", wish(lin, kind, branch, starts_at=in_hours(48).isoformat()))
    )
    page, faults = open_console(chromium, address, chief, locale)
    page.goto(f"/admin/doctors/doctor/{shen.doctor.pk}/change/#work_rules")
    for bin_ in page.locator("#work_rules-data td.delete [role=button]").all():
        bin_.click()
    page.locator("button[name=_continue]").click()
    shown = page.get_by_role("link", name=WORDS[locale]["show"])
    expect(shown).to_be_visible()
    judge(page, f"hours-outside-{locale[:2]}")

    shown.click()

    expect(page.locator("#result_list")).to_contain_text(row.code)
    judge(page, f"hours-outside-list-{locale[:2]}")
    assert faults == []
