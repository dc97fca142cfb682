"""A branch full of doctors, and the requests that ask for and take their times."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import product
from typing import Final
from uuid import uuid4

from appointments.enums import State
from appointments.models import Appointment, AppointmentType
from appointments.services.statements import WHOLE
from bench import seed
from bench.peers.easyappointments import MINUTES
from clinic.core.clock import CLINIC_ZONE, clinic_day, now
from clinic.core.ids import uuid7
from clinic.demo.person_seeding import make_ready
from clinic.patients.models import VisitPerson
from doctors.models import Branch, Doctor, WorkRule

DOCTORS, DAYS, READERS = 50, 7, 200
# The past of the house, as bench/peers/easyappointments_history.sql gives it to the peer.
PAST_DOCTORS, PAST_PATIENTS, PAST_DAYS, PAST_A_DAY = 150, 500, 32, 10
PLACE_DAYS: Final = 13  # dates on which places are booked
COMPUTED: Final = "bench/"  # door behind which no answer is kept
SPANS: Final = ((540, 720), (780, 1020))  # as the peer's doctors: 9-12 and 13-17
TAKEN_MINUTES: Final = (600, 900)  # of each doctor and date, before the run
API: Final = "/api/v1"


@dataclass(frozen=True, slots=True)
class House:
    """Who works where, who asks, and what is taken already."""

    kind: AppointmentType
    branch: Branch
    doctors: list[Doctor]
    readers: list[seed.Person]
    persons: list[VisitPerson]
    first: date

    def head(self, method: str, path: str, reader: int) -> str:
        """Return the beginning of a request of one of the readers."""
        token = self.readers[reader % READERS].token
        head = f"{method} {API}/{path} HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        return head + f"Authorization: Bearer {token}\r\n"

    def doctor_day(self, number: int, door: str = "") -> str:
        """Ask for a doctor's free times of one date, at a door of the bench's own or as people."""
        doctor = self.doctors[number % DOCTORS]
        path = f"{door}doctors/{doctor.public_id}/slots?start_date={self.day(number)}&days=1"
        return self.head("GET", path, number) + "\r\n"

    def house_week(self, number: int, door: str = "") -> str:
        """Ask for the free times of all doctors in a week, in the same way."""
        path = f"{door}appointment-types/{self.kind.code}/slots"
        query = f"?branch={self.branch.code}&days={DAYS}"
        return self.head("GET", path + query, number) + "\r\n"

    def one(self, appointment: Appointment) -> str:
        """Ask for an appointment as its patient."""
        number = appointment.person_id - self.persons[0].pk
        path = f"appointments/{appointment.public_id}"
        return self.head("GET", path, number) + "\r\n"

    def look_up(self, appointment: Appointment) -> str:
        """Look an appointment up by its six digits, as its patient."""
        text = json.dumps({"code": appointment.code})
        number = appointment.person_id - self.persons[0].pk
        return (
            self.head("POST", "appointments/lookup", number)
            + f"Content-Type: application/json\r\nContent-Length: {len(text)}\r\n\r\n{text}"
        )

    def book(self, place: "Place", reader: int | None = None) -> str:
        """Book a place, for the patient who is to have it or for another one."""
        who = place.reader if reader is None else reader
        told = {
            "type": self.kind.code,
            "branch": self.branch.code,
            "doctor_id": str(self.doctors[place.doctor].public_id),
            "person_id": str(self.persons[who].public_id),
            "starts_at": place.starts_at(CLINIC_ZONE).isoformat(),
        }
        text = json.dumps(told)
        return (
            self.head("POST", "appointments", who)
            + f"Idempotency-Key: {uuid4()}\r\nContent-Type: application/json\r\n"
            + f"Content-Length: {len(text)}\r\n\r\n{text}"
        )

    def day(self, number: int) -> date:
        """Return one of the dates of the run."""
        return self.first + timedelta(days=number % (DAYS - 1))


@dataclass(frozen=True, slots=True)
class Place:
    """A time of a doctor, and who is to have it: nobody twice at one time."""

    doctor: int
    day: date
    minute: int

    @property
    def reader(self) -> int:
        """Number of the patient: neighbours in turn, so that nobody meets his limit."""
        return (self.doctor + self.minute + DOCTORS * self.day.toordinal()) % READERS

    def starts_at(self, zone: object = None) -> datetime:
        """Return when it begins, on the wall clock."""
        clock = time(self.minute // 60, self.minute % 60, tzinfo=zone)  # type: ignore[arg-type]
        return datetime.combine(self.day, clock)


def build() -> House:
    """Store the house: doctors with hours, readers with visit persons."""
    readers, persons = seed.patients(READERS)
    make_ready(persons, now())
    branch = Branch.objects.create(code=f"b{uuid4().hex[:8]}", name="测试门诊")
    kind = AppointmentType.objects.create(
        code=f"t{uuid4().hex[:8]}", name_zh="面诊", name_en="Visit", position=0,
        duration_minutes=MINUTES, step_minutes=MINUTES, needs_acceptance=False,
        max_advance=timedelta(days=PLACE_DAYS + 1),
    )  # fmt: skip
    kind.branches.set([branch])
    accounts = [one.user_id for one in seed.doctors(DOCTORS, limit=100)]
    Doctor.objects.filter(user_id__in=accounts).update(branch=branch)
    doctors = list(Doctor.objects.filter(user_id__in=accounts).order_by("pk"))
    kind.doctors.set(doctors)
    today = clinic_day(now())
    WorkRule.objects.bulk_create(
        WorkRule(
            doctor=doctor, branch=branch, weekday=weekday, start_minute=start, end_minute=end,
            valid_from=today,
        )
        for doctor in doctors
        for weekday in range(7)
        for start, end in SPANS
    )  # fmt: skip
    return House(kind, branch, doctors, readers, persons, today + timedelta(days=1))


def places(house: House) -> Iterator[Place]:
    """Yield every place of the run, doctors in turn: neighbours do not wait for each other."""
    minutes = [at for start, end in SPANS for at in range(start, end, MINUTES)]
    for minute in minutes:
        for number in range(PLACE_DAYS):
            for doctor in range(DOCTORS):
                yield Place(doctor, house.first + timedelta(days=number), minute)


def taken(house: House) -> list[Place]:
    """Return the places that somebody has before the run."""
    return [place for place in places(house) if place.minute in TAKEN_MINUTES]


def free(house: House) -> Iterator[Place]:
    """Yield the other ones."""
    return (place for place in places(house) if place.minute not in TAKEN_MINUTES)


def store(house: House, wanted: list[Place]) -> list[Appointment]:
    """Store confirmed appointments straight into the table."""
    rows = [
        _appointment(
            house, house.doctors[place.doctor], house.persons[place.reader],
            place.starts_at(CLINIC_ZONE), code=f"{number:06d}", state=State.CONFIRMED,
        )
        for number, place in enumerate(wanted)
    ]  # fmt: skip
    return Appointment.objects.bulk_create(rows, seed.BATCH)


def store_past(house: House) -> int:
    """Store what other doctors and patients of the house had before; return how many."""
    accounts = [one.user_id for one in seed.doctors(PAST_DOCTORS, limit=100)]
    doctors = list(Doctor.objects.filter(user_id__in=accounts))
    _accounts, persons = seed.patients(PAST_PATIENTS)
    first = datetime.combine(house.first - timedelta(days=41), time(9, tzinfo=CLINIC_ZONE))
    numbers = product(range(PAST_DAYS), range(PAST_A_DAY), range(PAST_DOCTORS))
    rows = [
        _appointment(
            house, doctors[number % PAST_DOCTORS], persons[number % PAST_PATIENTS],
            first + timedelta(days=day, minutes=MINUTES * turn),
            code=f"{number:06d}", is_code_taken=False, state=State.COMPLETED, ended_at=first,
        )
        for number, (day, turn, _doctor) in enumerate(numbers)
    ]  # fmt: skip
    return len(Appointment.objects.bulk_create(rows, seed.BATCH))


def _appointment(
    house: House, doctor: Doctor, person: VisitPerson, starts_at: datetime, **about: object
) -> Appointment:
    ends_at = starts_at + timedelta(minutes=MINUTES)
    return Appointment(
        public_id=uuid7(), kind=house.kind, branch=house.branch, doctor=doctor,
        patient_id=person.account_id, person=person, starts_at=starts_at, ends_at=ends_at,
        busy_from=starts_at, busy_until=ends_at, seats=(0, WHOLE), **about,
    )  # fmt: skip
