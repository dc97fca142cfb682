"""A day at a branch for the browser: doctors with hours, who comes, and a seat at the desk."""

import os
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect

from appointments.models import Appointment, AppointmentType
from clinic.core.clock import CLINIC_ZONE, clinic_day, now
from clinic.core.roles import Role
from doctors.models import Branch, CalendarDay, Leave
from tests.appointments.calendars import make_branch, make_person, make_type, take, work
from tests.cast import Member, make_member
from tests.console.conftest import browser
from tests.doctors_cast import DoctorMember, make_doctor
from tests.live import LiveServer
from tests.windows import Windows

PICTURES = Path(__file__).resolve().parents[2] / "test-output" / "front-desk"
PATIENCE_MS = 15_000
DESK = "/admin/front-desk/"
EVERY_DAY = range(7)


@dataclass
class Clinic:
    """Tomorrow at a branch."""

    branch: Branch
    kind: AppointmentType
    doctors: list[DoctorMember]
    patient: Member
    day: date = field(default_factory=lambda: clinic_day(now()) + timedelta(days=1))

    def at(self, hour: int, minute: int = 0) -> datetime:
        """Return a time of that day on the wall clock."""
        return datetime.combine(self.day, time(hour, minute), CLINIC_ZONE)

    def visit(self, doctor: int, hour: int, name: str, minute: int = 0, **more: Any) -> Appointment:
        """Store a visit of somebody with a doctor."""
        person = make_person(self.patient, name)
        kind = more.pop("kind", self.kind)
        fields = {"branch": self.branch, **more}
        return take(self.doctors[doctor], kind, person, self.at(hour, minute), **fields)

    def waits(self, name: str) -> Appointment:
        """Store somebody who waits for a place of that day."""
        moment = now()
        row = Appointment.objects.create(
            code=f"9{Appointment.objects.count():05d}", kind=self.kind, branch=self.branch,
            patient=self.patient.user, person=make_person(self.patient, name), state="queued",
            queued_at=moment, wanted_from=self.at(9), wanted_until=self.at(17),
            expires_at=moment + timedelta(hours=2), waits_until=moment + timedelta(hours=2),
        )  # fmt: skip
        row.steps.create(act="queued", after="queued", actor="test")
        return row


def make_clinic(names: tuple[str, ...] = ("吴静", "沈一鸣")) -> Clinic:
    """Store a branch whose doctors work from nine to twelve and from one to five, every day."""
    branch = make_branch("huaihai", name="淮海路店")
    kind = make_type(
        duration_minutes=30, step_minutes=30, needs_acceptance=False, name_zh="中医初诊",
        name_en="First visit",
    )  # fmt: skip
    doctors = [make_doctor(name) for name in names]
    for doctor in doctors:
        work(doctor, branch, weekdays=EVERY_DAY)
    return Clinic(branch, kind, doctors, make_member("林小月", Role.PATIENT))


def fill(clinic: Clinic) -> None:
    """Let the day be a busy one: visits in every state, leave, a special day, another branch."""
    other = make_branch("xuhui", name="徐汇店")
    video = make_type("video", name_zh="视频复诊", name_en="Video visit", mode="video")
    clinic.visit(0, 9, "陈大文")
    clinic.visit(0, 9, "周敏", 30, checked_in_at=now())
    clinic.visit(0, 10, "赵子龙", 30, state="pending", expires_at=now() + timedelta(hours=2))
    held = {"state": "held", "expires_at": now() + timedelta(minutes=9), "price_fen": 0}
    clinic.visit(1, 9, "孙悦", 15, **held, requirements="请安排安静的诊室")
    clinic.visit(1, 11, "李慕白", state="in_progress", started_at=now())
    clinic.visit(1, 14, "王小波", state="completed", ended_at=now())
    clinic.visit(0, 14, "郑和", state="no_show", ended_at=now())
    clinic.visit(0, 15, "何求", branch=None, kind=video)
    if len(clinic.doctors) > 2:
        clinic.visit(2, 13, "钱多多", branch=other)
        clinic.visit(2, 15, "欧阳娜娜", 30)
    Leave.objects.create(
        doctor=clinic.doctors[1].doctor, starts_at=clinic.at(15), ends_at=clinic.at(17),
        entered_by="test",
    )  # fmt: skip
    CalendarDay.objects.create(
        branch=clinic.branch, date=clinic.day, kind="hours", start_minute=480, end_minute=1080,
        name="义诊日",
    )  # fmt: skip


@dataclass
class Seat:
    """A page of the front desk and what went wrong on it."""

    page: Page
    faults: list[str] = field(default_factory=list)

    def visit(self, name: str) -> Any:
        """The card of somebody in the book."""
        return self.page.locator("[data-visit]").filter(has_text=name)

    def lane(self, number: int) -> Any:
        """A column of the book."""
        return self.page.locator(".lane").nth(number)

    def point(self, lane: int, hour: int, minute: int = 0) -> tuple[float, float]:
        """Return where a time of a column lies on the screen; it is scrolled into view before."""
        box = self.lane(lane).bounding_box()
        first = self.page.locator(".hours span").first.inner_text()
        begins = int(first.partition(":")[0]) * 60
        pixels = self.page.evaluate(
            "parseFloat(getComputedStyle(document.body).getPropertyValue('--minute'))"
        )
        return box["x"] + box["width"] / 2, box["y"] + (hour * 60 + minute - begins) * pixels + 3

    def carry(self, name: str, lane: int, hour: int, minute: int = 0) -> None:
        """Drag somebody's card to a time of a column."""
        card = self.visit(name)
        card.scroll_into_view_if_needed()
        box = card.bounding_box()
        self.page.mouse.move(box["x"] + 30, box["y"] + 3)
        self.page.mouse.down()
        x, y = self.point(lane, hour, minute)
        self.page.mouse.move(x, y - 20, steps=4)
        self.page.mouse.move(x, y, steps=2)
        self.page.mouse.up()

    def picture(self, name: str) -> None:
        """Keep a picture when asked for."""
        if os.environ.get("CONSOLE_PICTURES"):
            PICTURES.mkdir(parents=True, exist_ok=True)
            self.page.wait_for_timeout(300)
            self.page.screenshot(path=PICTURES / f"{name}.png")


def sit_down(
    chromium: Windows,
    server: LiveServer,
    member: Member,
    clinic: Clinic,
    *,
    locale: str = "zh-CN",
    width: int = 1280,
    query: str = "",
    dark: bool = False,
) -> Seat:
    """Open the book of the clinic's day as a member of staff."""
    page = chromium.take(
        server.http_url, locale, width=width, height=800, color_scheme="dark" if dark else "light"
    )
    page.set_default_timeout(PATIENCE_MS)
    key = browser(member.user).cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": key, "url": server.http_url}])
    seat = Seat(page)
    chromium.listen(page, "pageerror", lambda error: seat.faults.append(str(error)))
    chromium.listen(page, "console", lambda told: _note(seat, told))
    seat.page.goto(f"{DESK}?branch={clinic.branch.code}&date={clinic.day}{query}")
    expect(seat.page.locator(".lane-head, .overview tbody tr, .nothing").first).to_be_visible()
    return seat


def _note(seat: Seat, told: Any) -> None:
    # A refusal is an answer of the server and shown on the page.
    if told.type == "error" and "Failed to load resource" not in told.text:
        seat.faults.append(told.text)
