"""Demo data of appointments: hours, services, a week behind and one ahead. Safe to run again."""

from datetime import date, datetime, timedelta

from appointments.models import AppointmentType
from clinic.accounts.models import User
from clinic.accounts.services.roles import grant_role
from clinic.core.actor import Actor
from clinic.core.clock import clinic_day
from clinic.core.roles import Role
from clinic.demo import visit_people as told
from clinic.demo.people import GIVEN_NAMES, SURNAMES
from clinic.demo.person_seeding import make_ready
from clinic.demo.visit_days import book_day, live_through_day
from clinic.demo.waiting_seeding import seed_waiting
from clinic.patients.enums import Gender, RealName, Relation
from clinic.patients.models import VisitPerson
from doctors.models import Branch, BranchHours, Doctor, WorkRule

VALID_FROM = timedelta(days=365)


def seed_visits(now: datetime, *, by: Actor) -> None:
    """Store whatever of the appointments is missing; what staff changed since stays as it is."""
    doctors = {doctor.name: doctor for doctor in Doctor.objects.select_related("branch", "user")}
    since = clinic_day(now) - VALID_FROM
    for branch in Branch.objects.filter(hours=None):
        _open(branch, since)
    for shift in told.SHIFTS:
        _employ(doctors[shift.doctor], shift, since)
    kinds = [_kind(one, doctors) for one in told.TYPES]
    people = [_visitor(number, by) for number in range(told.VISITORS)]
    make_ready([one for one in people if one.real_name_state == RealName.NONE], now)
    today = clinic_day(now)
    for number in range(-told.DAYS_BEHIND, told.DAYS_AHEAD):
        day = today + timedelta(days=number)
        if number < 0:
            live_through_day(day, kinds, people)
        else:
            book_day(day, kinds, people, now=now)
    ahead = [today + timedelta(days=number) for number in range(1, told.DAYS_AHEAD + 1)]
    seed_waiting(people, ahead, now=now)


def _open(branch: Branch, since: date) -> None:
    BranchHours.objects.bulk_create(
        BranchHours(
            branch=branch, weekday=day, start_minute=start, end_minute=end, valid_from=since
        )
        for day in told.WORKDAYS
        for start, end in told.BRANCH_HOURS
    )


def _employ(doctor: Doctor, shift: told.Shift, since: date) -> None:
    if WorkRule.objects.filter(doctor=doctor).exists():
        return
    WorkRule.objects.bulk_create(
        WorkRule(
            doctor=doctor, branch=branch, weekday=day, start_minute=start, end_minute=end,
            valid_from=since,
        )
        for branch, week in ((doctor.branch, shift.at_branch), (None, shift.online))
        for day, spans in week.items()
        for start, end in spans
    )  # fmt: skip


def _kind(one: told.DemoType, doctors: dict[str, Doctor]) -> tuple[AppointmentType, float]:
    kind, is_new = AppointmentType.objects.get_or_create(code=one.code, defaults=one.values)
    if is_new:
        kind.doctors.set([doctors[name] for name in one.doctors])
    return kind, one.share


def _visitor(number: int, by: Actor) -> VisitPerson:
    phone = f"+86{told.FIRST_VISITOR_PHONE + number}"
    name = SURNAMES[number] + GIVEN_NAMES[-number - 1]
    user = User.objects.filter(phone=phone).first()
    if user is None:
        user = User.objects.create_user(phone=phone, name=name)  # logs in by code
        grant_role(user=user, role=Role.PATIENT, by=by)
    values = {
        "name": name,
        "gender": Gender.FEMALE if number % 2 else Gender.MALE,
        "birthday": date(1952 + 3 * number, 1 + number % 12, 1 + number),
        "is_default": True,
        "phone": phone,
    }
    rows = VisitPerson.objects.select_related("account")
    return rows.get_or_create(account=user, relation=Relation.SELF, defaults=values)[0]
