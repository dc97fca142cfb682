"""Leaves and papers of doctors in a real browser, Chinese and English.

With CONSOLE_PICTURES=1 pictures go to test-output/console/.
"""

import pytest
from playwright.sync_api import expect

from clinic.accounts.models import User
from clinic.core.clock import clinic_time
from doctors.enums import CredentialKind
from doctors.models import Leave
from tests.appointments.front_desk import (
    give_hours,
    in_hours,
    make_branch,
    make_type,
    post,
    wish,
)
from tests.browsing import judge, needs_browser, open_console, walked_in
from tests.cast import Member
from tests.doctors.papers import submitted
from tests.doctors_cast import make_doctor
from tests.windows import Windows

WORDS = {
    "zh-CN": {"reject": "驳回", "rejected": "已驳回", "hits": "影响 1 个预约"},
    "en-US": {"reject": "Reject", "rejected": "Rejected", "hits": "hits 1 appointment."},
}

pytestmark = needs_browser


@pytest.mark.timeout(300)
@walked_in("en-US")
def test_leave_is_entered_after_a_look_at_what_it_hits(
    chromium: Windows, address: str, chief: User, lin: Member, locale: str
) -> None:
    doctor, branch = make_doctor("沈一鸣"), make_branch()
    give_hours(doctor, branch)
    post(lin, "appointments", wish(lin, make_type(), branch))
    first, last = clinic_time(in_hours(20)), clinic_time(in_hours(40))
    page, faults = open_console(chromium, address, chief, locale)
    page.goto(f"/admin/doctors/leave/add/?doctor={doctor.doctor.pk}")
    for name, moment in (("starts_at", first), ("ends_at", last)):
        page.fill(f"input[name={name}_0]", f"{moment:%Y-%m-%d}")
        page.fill(f"input[name={name}_1]", f"{moment:%H:%M}")
        page.keyboard.press("Escape")
    page.locator("button[name=_save]").click()
    expect(page.get_by_text(WORDS[locale]["hits"]).first).to_be_visible()
    judge(page, f"leave-asks-{locale[:2]}")
    assert not Leave.objects.exists()

    page.locator("button[name=_save]").click()

    expect(page.locator("#result_list")).to_contain_text("沈一鸣")
    assert Leave.objects.count() == 1
    judge(page, f"leave-list-{locale[:2]}")
    page.goto(f"/admin/doctors/leave/{Leave.objects.get().pk}/change/")
    judge(page, f"leave-{locale[:2]}")

    page.goto(f"/admin/doctors/doctor/{doctor.doctor.pk}/change/#work_rules")
    weekday = page.locator("select[name=work_rules-0-weekday]")
    expect(weekday).to_be_visible()
    assert weekday.evaluate("one => one.offsetWidth") > 100  # the name of the day is read
    assert faults == []


@pytest.mark.timeout(300)
@walked_in("zh-CN")
def test_a_paper_is_reviewed_beside_its_pictures(
    chromium: Windows, address: str, chief: User, unlimited: None, locale: str
) -> None:
    doctor = make_doctor("沈一鸣")
    card = submitted(doctor, CredentialKind.ID_CARD)
    submitted(doctor, CredentialKind.PRACTICE_LICENCE)
    page, faults = open_console(chromium, address, chief, locale)

    page.goto("/admin/doctors/credential/")
    judge(page, f"credentials-{locale[:2]}")
    page.goto(f"/admin/doctors/credential/{card.pk}/change/")
    expect(page.locator(".console-pictures img")).to_have_count(2)
    for image in page.locator(".console-pictures img").all():
        assert image.evaluate("image => image.naturalWidth") > 0
    judge(page, f"credential-{locale[:2]}")
    page.locator("summary", has_text=WORDS[locale]["reject"]).click()
    judge(page, f"credential-reject-{locale[:2]}")
    page.locator("details[open] button[type=submit]").click()

    expect(page.locator(".console-pill", has_text=WORDS[locale]["rejected"])).to_be_visible()
    card.refresh_from_db()
    assert card.state == "rejected"
    assert faults == []
