"""Rows to measure with, written straight into the tables."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.contrib.auth.models import Group

from chat.enums import ConversationKind
from chat.models import Conversation, Member
from clinic.accounts.models import DeviceSession, User
from clinic.accounts.tokens import issue_access
from clinic.core.actor import Actor
from clinic.core.clock import clinic_day, now
from clinic.core.roles import Role
from clinic.demo.person_seeding import make_ready
from clinic.patients.enums import Gender, Relation
from clinic.patients.models import VisitPerson
from consultations.enums import Kind, State
from consultations.models import Consultation
from doctors.enums import Certification, Level, PresenceState
from doctors.models import Department, Doctor, DoctorPresence
from payments.models import PriceRule

BATCH = 2000
TEXT = "最近睡得不好，晚上总是醒，白天没有精神，想问问医生怎么办。"
_phones = iter(range(13_900_000_000, 13_999_999_999))


@dataclass(frozen=True, slots=True)
class Person:
    """An account that is logged in on one device."""

    user_id: int
    public_id: UUID
    session_id: int
    token: str
    role: Role

    @property
    def actor(self) -> Actor:
        """Return what services take."""
        return Actor(
            kind="user",
            user_id=self.user_id,
            public_id=self.public_id,
            session_id=self.session_id,
            roles=frozenset({self.role}),
        )


def people(count: int, role: Role) -> list[Person]:
    """Store logged-in accounts of a role."""
    users = User.objects.bulk_create(
        [User(phone=f"+86{next(_phones)}", name=f"测试{n}", password="!") for n in range(count)],
        BATCH,
    )
    group = Group.objects.get(name=role)
    seats = [User.groups.through(user_id=user.pk, group_id=group.pk) for user in users]
    User.groups.through.objects.bulk_create(seats, BATCH)
    moment = now()
    sessions = DeviceSession.objects.bulk_create(
        [
            DeviceSession(user=user, refresh_hash="0" * 64, expires_at=moment + timedelta(days=1))
            for user in users
        ],
        BATCH,
    )
    return [
        Person(
            user.pk,
            user.public_id,
            session.pk,
            issue_access(user.public_id, session.public_id, moment),
            role,
        )
        for user, session in zip(users, sessions, strict=True)
    ]


def patients(count: int) -> tuple[list[Person], list[VisitPerson]]:
    """Store logged-in patients, each with himself as visit person."""
    found = people(count, Role.PATIENT)
    persons = VisitPerson.objects.bulk_create(
        [
            VisitPerson(
                account_id=person.user_id,
                name="林小月",
                gender=Gender.FEMALE,
                birthday=date(1990, 5, 20),
                relation=Relation.SELF,
                is_default=True,
            )
            for person in found
        ],
        BATCH,
    )
    return found, persons


def doctors(count: int, *, limit: int) -> list[Person]:
    """Store doctors of one level who are online and free, all with the same limit."""
    department, _made = Department.objects.get_or_create(
        code="internal", defaults={"name": "中医内科"}
    )
    found = people(count, Role.DOCTOR)
    moment = now()
    rows = Doctor.objects.bulk_create(
        [
            Doctor(
                user_id=person.user_id,
                name=f"沈{number}",
                department=department,
                level=Level.ATTENDING,
                certification=Certification.CERTIFIED,
                licence_valid_until=clinic_day(moment) + timedelta(days=365),
                is_service_open=True,
                max_consultations=limit,
                is_on_duty=True,
            )
            for number, person in enumerate(found)
        ],
        BATCH,
    )
    DoctorPresence.objects.bulk_create(
        [DoctorPresence(doctor=row, state=PresenceState.ONLINE) for row in rows], BATCH
    )
    return found


def refresh_doctors() -> None:
    """Have every doctor free and just heard of."""
    Doctor.objects.update(current_consultation_count=0, last_assigned_at=None, is_on_duty=True)
    DoctorPresence.objects.update(state=PresenceState.ONLINE, heartbeat_at=now())


def price(amount_fen: int) -> None:
    """Let every text consultation cost this from now on."""
    PriceRule.objects.all().delete()
    PriceRule.objects.create(
        service="text_consultation",
        scope="global",
        amount_fen=amount_fen,
        valid_from=now() - timedelta(minutes=1),
    )


def drafts(count: int) -> list[tuple[Person, Consultation]]:
    """Store drafts of fast consultations, one for each new patient."""
    rows = _cases(count, state=State.DRAFT)
    make_ready([case.person for _person, case in rows], now())
    return rows


def waiting(count: int) -> list[int]:
    """Store paid cases that wait for a doctor and return their keys."""
    moment = now()
    assign_by = moment + timedelta(days=1)
    rows = _cases(count, state=State.WAITING_ASSIGNMENT, paid_at=moment, assign_by=assign_by)
    return [case.pk for _person, case in rows]


def _cases(count: int, **values: object) -> list[tuple[Person, Consultation]]:
    accounts, persons = patients(count)
    rows = [
        Consultation(
            patient_id=account.user_id,
            person=person,
            kind=Kind.TEXT_FAST,
            wanted_level=Level.ATTENDING,
            complaint=TEXT,
            **values,
        )
        for account, person in zip(accounts, persons, strict=True)
    ]
    return list(zip(accounts, Consultation.objects.bulk_create(rows, BATCH), strict=True))


def served(count: int) -> list[tuple[Person, Consultation]]:
    """Store running cases with a doctor and a conversation."""
    doctor = Doctor.objects.select_related("user").order_by("pk").first()
    assert doctor is not None
    moment = now()
    rows = _cases(
        count,
        state=State.IN_PROGRESS,
        doctor=doctor,
        paid_at=moment,
        accepted_at=moment,
        service_until=moment + timedelta(days=2),
    )
    for _person, case in rows:
        case.conversation = _conversation(case.topic)
    Consultation.objects.bulk_update([case for _person, case in rows], ["conversation"], BATCH)
    _seat([(case.conversation, case.patient_id, doctor.user_id) for _person, case in rows])
    return rows


def talks(count: int) -> list[tuple[Conversation, Person, Person]]:
    """Store conversations of two new people each."""
    ill, well = people(count, Role.PATIENT), people(count, Role.DOCTOR)
    rows = [_conversation(f"bench:{person.public_id}") for person in ill]
    found = list(zip(rows, ill, well, strict=True))
    _seat([(row, one.user_id, other.user_id) for row, one, other in found])
    return found


def _conversation(topic: str) -> Conversation:
    return Conversation.objects.create(kind=ConversationKind.CONSULTATION, topic=topic)


def _seat(pairs: list[tuple[Conversation, int, int]]) -> None:
    Member.objects.bulk_create(list(_members(pairs)), BATCH)


def _members(pairs: list[tuple[Conversation, int, int]]) -> Iterator[Member]:
    for conversation, patient_id, doctor_id in pairs:
        yield Member(conversation=conversation, user_id=patient_id, role="patient")
        yield Member(conversation=conversation, user_id=doctor_id, role="doctor")
