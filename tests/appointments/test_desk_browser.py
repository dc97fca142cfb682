"""The front desk in a real browser: carrying visits, refusals, keys, the counter."""

import pytest
from playwright.sync_api import expect

from appointments.models import Appointment, AppointmentStep
from appointments.services import cancelling
from appointments.services.filling import fill as fill_places
from clinic.core.clock import CLINIC_ZONE, clinic_day, now
from clinic.core.roles import Role
from clinic.patients.models import VisitPerson
from doctors.models import WorkRule
from tests.appointments.desk_page import DESK, Seat, fill, make_clinic, sit_down
from tests.axe import breaches
from tests.browsing import needs_browser, walked_in
from tests.cast import Member, make_member
from tests.live import LiveServer
from tests.windows import Windows

pytestmark = [*needs_browser, pytest.mark.timeout(180)]


@pytest.fixture
def bao(live_server_ws: LiveServer) -> Member:
    """The one at the counter."""
    return make_member("包青", Role.CUSTOMER_SERVICE, is_staff=True)


def _now(row: Appointment) -> tuple[str, str]:
    row.refresh_from_db()
    assert row.starts_at
    assert row.doctor
    return f"{row.starts_at.astimezone(CLINIC_ZONE):%H:%M}", row.doctor.name


def test_a_visit_is_carried_to_another_doctor_and_put_back(
    chromium: Windows, live_server_ws: LiveServer, bao: Member
) -> None:
    clinic = make_clinic()
    row = clinic.visit(0, 9, "陈大文")
    seat = sit_down(chromium, live_server_ws, bao, clinic)

    seat.carry("陈大文", 1, 10, 15)
    expect(seat.page.locator("#toasts")).to_contain_text("10:15")
    moved = _now(row)
    seat.page.keyboard.press("u")
    expect(seat.page.locator("#toasts")).to_contain_text("恢复")

    assert moved == ("10:15", "沈一鸣")
    assert _now(row) == ("09:00", "吴静")
    assert seat.faults == []


def test_a_refused_visit_goes_back_and_the_nearest_time_is_one_press_away(
    chromium: Windows, live_server_ws: LiveServer, bao: Member
) -> None:
    clinic = make_clinic()
    row = clinic.visit(0, 9, "陈大文")
    clinic.visit(1, 10, "周敏")
    seat = sit_down(chromium, live_server_ws, bao, clinic)

    seat.carry("陈大文", 1, 10)
    dialog = seat.page.locator("#dialog")
    expect(dialog).to_contain_text("刚刚被")
    assert _now(row) == ("09:00", "吴静")
    seat.picture("refused-zh")
    dialog.locator(".time-choice").filter(has_text="10:30").click()

    expect(seat.page.locator("#toasts")).to_contain_text("10:30")
    assert _now(row) == ("10:30", "沈一鸣")


def test_beyond_the_hours_a_reason_is_asked_for(
    chromium: Windows, live_server_ws: LiveServer, bao: Member
) -> None:
    clinic = make_clinic()
    row = clinic.visit(0, 9, "陈大文")
    seat = sit_down(chromium, live_server_ws, bao, clinic, locale="en-US")

    seat.carry("陈大文", 0, 12, 15)
    seat.page.locator("#outside-reason").select_option("emergency")
    seat.page.locator("#outside-go").click()

    expect(seat.page.locator("#toasts")).to_contain_text("12:15")
    assert _now(row) == ("12:15", "吴静")


def test_everything_goes_by_keys(
    chromium: Windows, live_server_ws: LiveServer, bao: Member
) -> None:
    clinic = make_clinic()
    row = clinic.visit(0, 9, "陈大文")
    seat = sit_down(chromium, live_server_ws, bao, clinic, locale="en-US")
    keys = seat.page.keyboard
    seat.visit("陈大文").focus()

    for key in ("m", "ArrowDown", "ArrowDown", "Shift+ArrowDown", "ArrowRight"):
        keys.press(key)
    expect(seat.page.locator("#announcer")).to_have_text("At 09:35, 沈一鸣")
    keys.press("Enter")
    expect(seat.page.locator("#toasts")).to_contain_text("09:35")
    moved = _now(row)
    seat.visit("陈大文").focus()
    keys.press("Enter")
    expect(seat.page.locator("#side h2")).to_have_text("陈大文")
    seat.page.locator("#act-move").press("Enter")
    seat.page.locator("#move-time").fill("14:00")
    keys.press("Enter")
    expect(seat.page.locator("#toasts")).to_contain_text("14:00")

    assert moved == ("09:35", "沈一鸣")
    assert _now(row) == ("14:00", "沈一鸣")
    assert seat.faults == []


def test_the_details_cancel_with_a_reason(
    chromium: Windows, live_server_ws: LiveServer, bao: Member
) -> None:
    clinic = make_clinic()
    row = clinic.visit(0, 9, "陈大文")
    seat = sit_down(chromium, live_server_ws, bao, clinic)
    seat.visit("陈大文").click()
    seat.page.locator("#act-cancel").click()
    seat.page.locator("#cancel-go").click()
    expect(seat.page.locator("#dialog .trouble")).to_be_visible()

    seat.page.locator("#cancel-reason").fill("医生生病")
    seat.page.keyboard.press("Enter")

    expect(seat.page.locator("#side .chip.cancelled")).to_be_visible()
    expect(seat.visit("陈大文")).to_have_count(0)
    row.refresh_from_db()
    assert (row.state, row.cancelled_by, row.cancel_reason) == ("cancelled", "staff", "医生生病")


def test_who_walks_in_is_written_down_and_booked(
    chromium: Windows, live_server_ws: LiveServer, bao: Member
) -> None:
    clinic = make_clinic()
    seat = sit_down(chromium, live_server_ws, bao, clinic)
    page = seat.page
    x, y = seat.point(1, 10, 30)
    page.mouse.click(x, y)
    page.locator("#book-phone").fill("13800138000")
    page.keyboard.press("Enter")
    page.locator("#new-name").fill("赵云")
    page.locator("#new-gender").select_option("male")
    page.locator("#new-birthday").fill("1980-02-29")
    expect(page.locator("[data-time]")).not_to_have_count(2)
    seat.picture("counter-zh")

    page.locator("#book-go").click()

    expect(page.locator("#side h2")).to_have_text("赵云")
    expect(seat.visit("赵云")).to_be_visible()
    row = Appointment.objects.get()
    assert _now(row) == ("10:30", "沈一鸣")
    assert (row.state, row.source) == ("confirmed", "staff")
    assert VisitPerson.objects.get().account.phone == "+8613800138000"
    assert seat.faults == []


def test_money_is_taken_at_the_counter(
    chromium: Windows, live_server_ws: LiveServer, bao: Member
) -> None:
    clinic = make_clinic()
    clinic.kind.price_fen = 8000
    clinic.kind.save()
    clinic.visit(0, 9, "陈大文")
    seat = sit_down(chromium, live_server_ws, bao, clinic, locale="en-US")
    page = seat.page
    page.mouse.click(*seat.point(1, 10, 30))
    page.locator("#book-phone").fill(clinic.patient.user.phone or "")
    page.keyboard.press("Enter")
    expect(page.locator(".person-choice[aria-pressed=true]")).to_have_text(
        "陈大文Female · 36 years"
    )
    page.locator("#book-go").click()
    page.locator("#pay-reference").fill("R-100")
    page.locator("#pay-go").click()

    expect(page.locator("#side .chip.confirmed")).to_be_visible()
    assert Appointment.objects.get(price_fen=8000).state == "confirmed"


@walked_in("en-US")
def test_the_front_desk_is_accessible_and_fits(
    chromium: Windows, live_server_ws: LiveServer, bao: Member, locale: str
) -> None:
    clinic = make_clinic(("吴静", "沈一鸣", "陆羽", "顾清如"))
    fill(clinic)
    seat = sit_down(chromium, live_server_ws, bao, clinic, locale=locale)
    name = locale[:2]
    _judge(seat, f"day-{name}")
    seat.visit("周敏").click()
    expect(seat.page.locator("#side h2")).to_have_text("周敏")
    _judge(seat, f"details-{name}")
    seat.page.keyboard.press("Escape")
    seat.page.keyboard.press("w")
    expect(seat.page.locator(".overview tbody tr")).to_have_count(4)
    _judge(seat, f"week-{name}")
    seat.page.locator(".overview tbody th button").first.click()
    expect(seat.page.locator(".lane")).to_have_count(7)
    _judge(seat, f"doctor-{name}")
    seat.page.keyboard.press("n")
    expect(seat.page.locator("[data-time]").nth(3)).to_be_visible()
    _judge(seat, f"walk-in-{name}")


def test_who_waits_is_put_forward(
    chromium: Windows, live_server_ws: LiveServer, bao: Member
) -> None:
    clinic = make_clinic()
    clinic.waits("陈大文")
    last = clinic.waits("周敏")
    seat = sit_down(chromium, live_server_ws, bao, clinic)
    page = seat.page
    expect(page.locator("#waiting-count")).to_have_text("2")
    page.locator("#waiting").click()
    expect(page.locator(".waiter").first).to_contain_text("1. 陈大文")
    _judge(seat, "waiting-zh")

    page.locator(f"[data-waiter='{last.public_id}']").get_by_role("button", name="提前").click()

    expect(page.locator(".waiter").first).to_contain_text("1. 周敏")
    last.refresh_from_db()
    assert last.priority == 1


@walked_in("zh-CN")
def test_who_finds_nothing_free_waits_and_takes_what_is_offered(
    chromium: Windows, live_server_ws: LiveServer, bao: Member, locale: str
) -> None:
    clinic = make_clinic(("吴静",))
    WorkRule.objects.exclude(weekday=clinic.day.weekday(), start_minute=540).delete()
    WorkRule.objects.update(end_minute=600)
    first = clinic.visit(0, 9, "陈大文")
    AppointmentStep.objects.create(appointment=first, act="booked", after="confirmed", actor="test")
    seat = sit_down(chromium, live_server_ws, bao, clinic, locale=locale)
    page = seat.page
    page.keyboard.press("n")
    page.locator("#book-from").fill(f"{clinic.day}")
    page.locator("#book-phone").fill(make_member("赵云", Role.PATIENT).user.phone or "")
    page.locator("#book-phone").press("Enter")
    page.locator("#new-name").fill("赵云")
    page.locator("#new-birthday").fill("1980-02-29")
    page.locator("#wait-go").click()
    expect(page.locator("#dialog [data-time$='09:30']")).to_be_visible()
    expect(page.locator("#dialog .trouble")).not_to_be_empty()
    clinic.visit(0, 9, "周敏", 30)
    _judge(seat, f"let-wait-{locale[:2]}")

    page.locator("#wait-go").click()

    expect(page.locator("#side h2")).to_have_text("赵云")
    expect(page.locator("#side .chip.queued")).to_be_visible()
    expect(page.locator("#waiting-count")).to_have_text("1")
    cancelling.cancel(first.pk, actor=bao.actor, reason="医生有事")
    fill_places(clinic.doctors[0].doctor.pk)
    page.reload()
    page.locator("#waiting").click()
    expect(page.locator(".waiter .chip.offered")).to_be_visible()
    _judge(seat, f"offered-{locale[:2]}")
    page.locator(".waiter .doing button").first.click()
    expect(page.locator(".waiter")).to_have_count(0)
    seat.visit("赵云").click()
    expect(page.locator("#side .chip.confirmed")).to_be_visible()
    assert Appointment.objects.get(source="walk_in").state == "confirmed"
    assert seat.faults == []


def test_a_date_that_no_calendar_has_is_named_and_today_is_shown(
    chromium: Windows, live_server_ws: LiveServer, bao: Member
) -> None:
    clinic = make_clinic()
    seat = sit_down(chromium, live_server_ws, bao, clinic, locale="en-US")

    for wrong in ("2026-02-29", "1066-10-14"):
        seat.page.goto(f"{DESK}?branch={clinic.branch.code}&date={wrong}")

        expect(seat.page.locator("#toasts")).to_contain_text(wrong)
        expect(seat.page.locator(".lane")).to_have_count(2)
        expect(seat.page.locator("#date")).to_have_value(f"{clinic_day(now())}")
        expect(seat.page.locator("#updated")).to_contain_text("Updated")


def test_outside_of_the_hours_the_next_free_time_is_chosen(
    chromium: Windows, live_server_ws: LiveServer, bao: Member
) -> None:
    clinic = make_clinic()
    WorkRule.objects.filter(weekday=clinic_day(now()).weekday()).delete()
    seat = sit_down(chromium, live_server_ws, bao, clinic)

    seat.page.keyboard.press("n")

    expect(seat.page.locator("[data-time][aria-pressed=true]")).to_have_attribute(
        "data-time", f"{clinic.day} 09:00"
    )


def test_beyond_the_hours_the_counter_asks_why(
    chromium: Windows, live_server_ws: LiveServer, bao: Member
) -> None:
    clinic = make_clinic()
    clinic.visit(0, 9, "陈大文")
    seat = sit_down(chromium, live_server_ws, bao, clinic)
    page = seat.page
    page.mouse.click(*seat.point(1, 12, 30))
    page.locator("#book-phone").fill(clinic.patient.user.phone or "")
    page.keyboard.press("Enter")
    expect(page.locator(".person-choice[aria-pressed=true]")).to_be_visible()
    page.locator("#book-go").click()
    page.locator("#outside-reason").select_option("agreed")
    seat.picture("outside-zh")
    page.locator("#book-go").click()

    expect(page.locator("#side h2")).to_have_text("陈大文")
    row = Appointment.objects.exclude(code="000000").get()
    assert _now(row) == ("12:30", "沈一鸣")
    assert row.steps.filter(note={"outside_hours": "agreed"}).count() == 1


def test_the_dark_desk_can_be_read(
    chromium: Windows, live_server_ws: LiveServer, bao: Member
) -> None:
    clinic = make_clinic(("吴静", "沈一鸣", "陆羽"))
    fill(clinic)
    seat = sit_down(chromium, live_server_ws, bao, clinic, dark=True)
    seat.visit("赵子龙").click()
    expect(seat.page.locator("#side h2")).to_have_text("赵子龙")

    _judge(seat, "dark")


def _judge(seat: Seat, name: str) -> None:
    assert breaches(seat.page) == [], name
    for width in (1600, 1280, 1000, 390):
        seat.page.set_viewport_size({"width": width, "height": 800})
        seat.picture(f"{name}-{width}")
        assert seat.page.evaluate("document.documentElement.scrollWidth") <= width, name
        for part in (".languages", "#updated"):
            box = seat.page.locator(part).bounding_box()
            assert box, (name, part)
            assert box["x"] + box["width"] <= width, (name, part)
    assert seat.faults == []
