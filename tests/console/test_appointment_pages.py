"""Lists, the operation log and the statistics of appointments in a browser, in both languages."""

from datetime import datetime, time, timedelta

import pytest

from appointments.enums import Act, State
from appointments.models import Appointment
from clinic.accounts.models import User
from clinic.core.clock import CLINIC_ZONE, clinic_day, now
from tests.appointments.calendars import make_branch, make_type, work
from tests.appointments.past import make_patients, visit, waited
from tests.axe import breaches
from tests.browsing import Walk, needs_browser, open_console, picture, walked_in
from tests.cast import Member
from tests.doctors_cast import DoctorMember
from tests.windows import Windows

pytestmark = needs_browser
# What the theme brings and no page of ours can mend is not looked for here.
OURS = {"include": [[".board-status"], [".console-figures"], [".books"]]}


def fill(lin: Member, shen: DoctorMember, wu: DoctorMember) -> Appointment:
    """Store two weeks of visits at two branches; return one with a log."""
    east, west = make_branch("east", name="香草东店"), make_branch("west", name="香草西店")
    kinds = make_type(name_zh="中医初诊"), make_type("again", name_zh="复诊", name_en="Again")
    work(shen, east, [(540, 720), (780, 1020)], range(7))
    work(wu, west, [(540, 720)], range(7))
    people = make_patients(lin, 3)
    states = [State.COMPLETED, State.COMPLETED, State.NO_SHOW, State.COMPLETED, State.CANCELLED]
    for number in range(70):
        day = clinic_day(now()) - timedelta(days=number % 14)
        doctor, branch = ((shen, east), (wu, west))[number % 3 == 0]
        start = datetime.combine(day, time(9 + number % 8), CLINIC_ZONE)
        state = states[(number * 7 // 3) % 5]
        row = visit(doctor, branch, kinds[number % 2], people[number % 3], start, state)
        if number % 6 == 0:
            waited(row, 10 + number)
    row.steps.create(act=Act.FINISHED, before="in_progress", after="completed", actor="user:x")
    return row


@pytest.mark.timeout(300)
@walked_in("zh-CN")
def test_staff_reads_lists_logs_and_statistics(
    chromium: Windows,
    address: str,
    chief: User,
    lin: Member,
    shen: DoctorMember,
    wu: DoctorMember,
    walk: Walk,
    locale: str,
) -> None:
    row = fill(lin, shen, wu)
    page, faults = open_console(chromium, address, chief, locale)
    room, short = "/admin/appointments", locale[:2]
    for name, path in {
        "list": f"{room}/appointment/",
        "log": f"{room}/appointmentstep/",
    }.items():
        walk.reads(page, path, f"appointments-{name}-{short}")

    walk.shows(page, f"{room}/appointmenttype/add/", f"appointments-type-{short}")
    walk.shows(page, "/admin/appointment-statistics/", f"appointments-statistics-{short}")
    assert page.locator("canvas").count() == 6
    assert breaches(page, OURS) == []
    walk.shows(page, f"{room}/appointment/{row.pk}/change/", f"appointments-one-{short}")
    page.locator("a[href^='#steps']").click()
    picture(page, f"appointments-steps-{short}")
    assert faults == []
