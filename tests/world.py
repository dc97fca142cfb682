"""One of everything: a running clinic with the whole cast, made once per module.

The world lives in a transaction that is rolled back after the module; each test works in a
savepoint inside. Everything in it was made through HTTP, apart from accounts and money.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from unittest.mock import patch
from uuid import UUID

import jwt
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection, transaction
from django.test import override_settings
from psycopg2.extensions import TRANSACTION_STATUS_INTRANS
from rest_framework.test import APIClient

from appointments.models import Appointment
from chat.models import Message
from clinic.accounts.tokens import issue_access
from clinic.core import outbox, ratelimit
from clinic.core.clock import now
from clinic.core.models import OutboxEvent
from clinic.core.roles import Role
from clinic.customer_service.models import Agent, CannedReply, LeftMessage, Macro
from clinic.customer_service.services.opening import open_service_chat
from clinic.notifications.models import Notice
from clinic.patients.models import Consent, ConsentText, VisitPerson
from clinic.records.models import MedicalRecord
from clinic.records.services.printing import print_record
from clinic.relations.models import Relation
from clinic.reviews.models import Review
from consultations.models import Consultation, PhoneCall
from doctors.enums import CredentialKind
from payments.models import PaymentOrder
from tests.appointments.calendars import make_branch, make_type, work
from tests.appointments.front_desk import in_hours
from tests.cast import Member, make_member
from tests.consultations.conftest import Desk, post, set_price
from tests.customer_service.conftest import make_team
from tests.doctors.papers import submitted
from tests.doctors_cast import DoctorMember, make_doctor
from tests.files import samples
from tests.patients.people import ready

ID_NUMBER = "110101199003072623"


@dataclass(frozen=True)
class World:
    """The cast by name, and the public ids of Lin's things by the first word of their address.

    Branches and appointment types are named by their codes.
    """

    members: dict[str, Member]
    doctors: dict[str, DoctorMember]
    objects: dict[str, Any]
    completed_id: UUID
    cancelled_id: UUID
    draft_id: UUID
    foreign: dict[str, UUID]
    clients: dict[str, APIClient] = field(default_factory=dict)

    def member(self, name: str) -> Member:
        """Return one member of the cast."""
        return self.members[name]

    @property
    def phone_last4(self) -> str:
        """Last four digits of the phone behind Lin's appointment."""
        return str(self.members["lin"].user.phone)[-4:]

    def objects_for(self, view: Any) -> dict[str, Any]:
        """Return Lin's things, each in the state in which the view's verb has something to do."""
        stages = {
            "order": {"orders": self.objects["top-ups"]},
            "consultation": {"consultations": self.draft_id} if "Order" in view.__name__ else {},
        }
        return self.objects | stages.get(view.resource, {})

    def token(self, name: str) -> str:
        """Return an access token of the member's device that is new, as a client renews his.

        No refresh token is spent: a test is undone, and its next refresh token would be, too.
        """
        member = self.members[name]
        told = jwt.decode(member.token, options={"verify_signature": False})
        return issue_access(member.public_id, UUID(told["sid"]), now())

    def client(self, name: str) -> APIClient:
        """Return a client of the member, or one without login for "anonymous"."""
        if name not in self.clients:
            self.clients[name] = APIClient(raise_request_exception=False)
        if name != "anonymous":
            self.clients[name].credentials(HTTP_AUTHORIZATION=f"Bearer {self.token(name)}")
        return self.clients[name]


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """The world of this module; nothing of it is left afterwards."""
    with (
        django_db_blocker.unblock(),
        undone(),
        # The same record is the same paper, and a font takes seconds to read.
        patch("clinic.records.api.views.print_record", cache(print_record)),
    ):
        made = build_world()
        # What the world promised is checked here, not again in each savepoint that is undone.
        connection.check_constraints()
        yield made
    connection.close()


@pytest.fixture(scope="module")
def sandbox(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Path]:
    """The demo data in a sandbox, for the tests of this module; the folder it wrote to."""
    folder = tmp_path_factory.mktemp("sandbox")
    with (
        override_settings(IS_SANDBOX=True, DATA_DIR=folder),
        django_db_blocker.unblock(),
        undone(),
    ):
        call_command("seed_demo")
        connection.check_constraints()
        yield folder
    connection.close()


@pytest.fixture
def unlimited(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody is too fast: tests that ask thousands of times want real answers."""
    monkeypatch.setattr(ratelimit, "_read", lambda _rate: (10**9, 60))


@contextmanager
def undone() -> Iterator[None]:
    """Undo every change of the block, also those of services that want the outermost transaction.

    Promises that are checked at commit are checked at the end of a block that went well.
    """
    block = transaction.atomic()
    block._from_testcase = True  # type: ignore[attr-defined]  # durable blocks may open inside
    with block:
        yield
        if connection.connection.get_transaction_status() == TRANSACTION_STATUS_INTRANS:
            connection.check_constraints()
        transaction.set_rollback(True)


def prepared(name: str, question: Callable[[], str], **values: int) -> list[tuple[Any, ...]]:
    """Return the sorted rows of a long statement, planned once per connection."""
    told = f"({', '.join('%s' for _ in values)})" if values else ""
    with connection.cursor() as cursor:
        cursor.execute("SELECT FROM pg_prepared_statements WHERE name = %s", [name])
        if cursor.fetchone() is None:
            kinds = f"({', '.join('bigint' for _ in values)})" if values else ""
            cursor.execute(f"PREPARE {name}{kinds} AS {question()}")
        cursor.execute(f"EXECUTE {name}{told}", list(values.values()) or None)
        return sorted(cursor.fetchall())


def run_due_events() -> int:
    """Run every waiting handler, as relay and worker would; one that fails fails the test."""
    done = 0
    with patch.object(outbox, "_postpone", _fail):
        while keys := list(_waiting_events().values_list("pk", flat=True)):
            for key in keys:
                outbox.deliver(key)
            done += len(keys)
    return done


def _fail(_row: OutboxEvent, name: str, error: Exception) -> None:
    raise AssertionError(f"handler {name} failed") from error


def _waiting_events() -> Any:
    return OutboxEvent.objects.exclude(pending=[]).filter(attempts=0).order_by("id")


def build_world(run: Callable[[], int] = run_due_events) -> World:
    """Make the cast and walk Lin through everything a patient can have."""
    set_price()
    desk = Desk(run)
    lin, ge = make_member("林小月", Role.PATIENT), make_member("葛明", Role.PATIENT)
    luo = make_doctor("罗成")
    person_id = _person(lin, "林小月", ID_NUMBER)
    foreign_person_id = _person(ge, "葛明", "")

    completed = desk.completed(lin, luo, person_id=person_id)
    _ok(post(lin, f"consultations/{completed}/review", {"stars": 5, "text": "很有耐心"}))
    cancelled = desk.paid(lin, person_id=person_id)
    _ok(post(lin, f"consultations/{cancelled}/cancel"))
    run()
    running = desk.accepted(lin, luo, person_id=person_id)
    talk_id = _talk(desk, running, lin, luo.member)
    picture_id = _picture(lin, talk_id)
    shen = make_doctor("沈一鸣")
    _ok(post(luo.member, f"consultations/{running}/return", {"reason": "other"}))
    run()
    photo_id = _intake(lin, running)
    _ok(post(shen.member, f"consultations/{running}/accept", {"fits_revisit": True}))
    _talk(desk, running, shen.member, lin)
    seen = desk.completed(ge, _only(shen, luo), person_id=foreign_person_id)
    wu, zhou = make_doctor("吴静"), make_doctor("周正")
    draft = desk.draft(
        lin, person_id=person_id, kind="text_chosen", doctor_id=str(zhou.doctor.public_id)
    )
    top_up = _ok(post(lin, "balance/top-ups", {"amount_fen": 5000}))["id"]
    run()

    members = _members(lin, ge, {"shen": shen, "luo": luo, "wu": wu})
    case = desk.row(running)
    assert case.order is not None
    doctors = {"shen": shen, "luo": luo, "wu": wu}
    _calendar(shen)
    visit = _visit(lin, person_id)
    leave = _leave(shen.member)
    session = _ok(lin.client.get("/api/v1/auth/sessions"))["results"][0]["id"]
    objects = {
        "visit-persons": UUID(person_id),
        "sessions": UUID(session),
        "notices": Notice.objects.filter(user=lin.user)[0].public_id,
        "reviews": Review.objects.get(author=lin.user).public_id,
        "records": MedicalRecord.objects.get(patient=lin.user).public_id,
        "consents": Consent.objects.filter(account=lin.user)[0].public_id,
        "consent-texts": ConsentText.objects.get(kind="service").public_id,
        "doctors": shen.doctor.public_id,
        "orders": case.order.public_id,
        "top-ups": UUID(top_up),
        "conversations": UUID(talk_id),
        "files": UUID(picture_id),
        "intake-files": UUID(photo_id),
        "messages": Message.objects.filter(sender=lin.user).earliest("pk").public_id,
        "consultations": case.public_id,
        "credentials": submitted(shen, CredentialKind.PORTRAIT).public_id,
        "branches": "dongcheng",
        "stores": "dongcheng",
        "appointment-types": "visit",
        "appointments": UUID(visit),
        "calendars": _feed(shen),
        "codes/appointments": Appointment.objects.get(public_id=visit).code,
        "leaves": UUID(leave),
        "transfers": _transfer(shen.member, running, luo),
        "follow-ups": _follow_up(shen.member, running),
        "calls": _call(case, shen),
        **_service(members),
        **_privacy(members),
        **_relations(lin, shen),
        "complaints": UUID(_complaint(lin, visit)),
    }
    foreign_order = PaymentOrder.objects.filter(payer=ge.user, subject_kind="consultation").get()
    foreign = {
        "visit-persons": UUID(foreign_person_id),
        "consultations": UUID(seen),
        "orders": foreign_order.public_id,
    }
    return World(
        members=members,
        doctors=doctors,
        objects=objects,
        completed_id=UUID(completed),
        cancelled_id=UUID(cancelled),
        draft_id=UUID(draft),
        foreign=foreign,
    )


def _calendar(doctor: DoctorMember) -> None:
    branch = make_branch("dongcheng", name="香草一店", address="东城区一号", phone="01000000000")
    make_type("visit")
    work(doctor, branch, [(0, 1440)], range(7))


def _visit(member: Member, person_id: str) -> str:
    """Book the doctor of the calendar for tomorrow; he has not accepted yet."""
    told = {
        "type": "visit",
        "branch": "dongcheng",
        "person_id": person_id,
        "starts_at": in_hours().isoformat(),
    }
    return str(_ok(post(member, "appointments", told))["id"])


def _feed(doctor: DoctorMember) -> str:
    """Open the doctor's private calendar; return the secret in its address."""
    address = str(_ok(post(doctor.member, "doctor/calendar-feed"))["address"])
    return address.rpartition("/")[2].removesuffix(".ics")


def _leave(member: Member) -> str:
    """Let a doctor be away when nobody is booked."""
    told = {"starts_at": in_hours(1000).isoformat(), "ends_at": in_hours(1024).isoformat()}
    return str(_ok(post(member, "doctor/leaves", told))["id"])


def _members(lin: Member, ge: Member, doctors: dict[str, DoctorMember]) -> dict[str, Member]:
    return {
        "lin": lin,
        "ge": ge,
        **{name: doctor.member for name, doctor in doctors.items()},
        "bao": make_member("包青", Role.CUSTOMER_SERVICE, is_staff=True),
        "yao": make_member("姚芳", Role.PHARMACIST, is_staff=True),
        "qian": make_member("钱多", Role.FINANCE, is_staff=True),
        "wen": make_member("文心", Role.CONTENT_OPERATOR, is_staff=True),
        "jian": make_member("简察", Role.AUDITOR, is_staff=True),
        "an": make_member("安宁", Role.ADMIN, is_staff=True),
    }


def _service(members: dict[str, Member]) -> dict[str, UUID]:
    """Let Lin talk to agent Bao, who leads the desk together with the administrator."""
    team, lin = make_team(), members["lin"]
    agents = {
        name: Agent.objects.create(
            user=members[name].user,
            nickname=nickname,
            is_supervisor=name == "bao",
            status="online" if name == "bao" else "offline",
            heartbeat_at=now(),
        )
        for name, nickname in (("bao", "小包"), ("an", "小安"))
    }
    for agent in agents.values():
        agent.teams.add(team)
    chat = open_service_chat(actor=lin.actor).chat
    assert chat is not None
    said = members["bao"].client.post(
        f"/api/customer-service/chats/{chat.public_id}/messages", {"content": "您好"}, format="json"
    )
    reply = CannedReply.objects.create(
        shortcut="hi", title="问候", text_zh="您好{customer}", owner=agents["bao"]
    )
    left = LeftMessage.objects.create(
        customer=lin.user, side="patient", team=team, language="zh-hans", body="请回电"
    )
    return {
        "chats": chat.public_id,
        "chats/messages": UUID(_ok(said)["message_id"]),
        "agents": agents["bao"].public_id,
        "chats/attachments": UUID(_picture(lin, str(chat.conversation.public_id))),
        "teams": team.public_id,
        "canned": reply.public_id,
        "macros": Macro.objects.create(title="退款", reply=reply).public_id,
        "left-messages": left.public_id,
    }


def _follow_up(member: Member, case_id: str) -> UUID:
    """Let the doctor plan to ask the patient tomorrow."""
    told = {"due_at": in_hours(24).isoformat(), "text": "如何？"}
    return UUID(_ok(post(member, f"consultations/{case_id}/follow-ups", told))["id"])


def _call(case: Consultation, doctor: DoctorMember) -> UUID:
    """Return a call that is appointed with the patient."""
    made = PhoneCall.objects.create(
        consultation=case, doctor=doctor.doctor, try_number=1, due_at=in_hours(1)
    )
    return made.public_id


def _transfer(member: Member, case_id: str, to: DoctorMember) -> UUID:
    """Let the doctor offer his case to a colleague, who has not answered yet."""
    told = {"doctor_id": str(to.doctor.public_id), "reason": "not_my_field"}
    return UUID(_ok(post(member, f"consultations/{case_id}/transfer", told))["id"])


def _privacy(members: dict[str, Member]) -> dict[str, UUID]:
    """Let Lin ask for her data, and staff look at her account and, in an emergency, at her."""
    lin, an, bao = members["lin"], members["an"], members["bao"]
    told = {"act": "deactivate", "users": [str(lin.public_id)], "reason": "security"}
    emergency = {"patient": str(lin.public_id), "reason": "danger", "words": "电话里昏迷，要过敏史"}
    _ok(post(lin, "privacy/deletion", {"understood": True}))
    return {
        "users": lin.public_id,
        "user-batches": UUID(_ok(post(an, "user-batches", told))["id"]),
        "exports": UUID(_ok(post(lin, "privacy/exports"))["id"]),
        "emergency-accesses": UUID(_ok(post(bao, "emergency-accesses", emergency))["id"]),
        "emergency-accesses/records": MedicalRecord.objects.get(patient=lin.user).public_id,
    }


def _relations(patient: Member, doctor: DoctorMember) -> dict[str, Any]:
    """Let the doctor know the patient and keep him in a group."""
    _ok(patient.client.put(f"/api/v1/doctors/{doctor.doctor.public_id}/follow"))
    relation = Relation.objects.get(doctor=doctor.doctor, patient=patient.user)
    group = _ok(post(doctor.member, "doctor/groups", {"name": "失眠"}))["id"]
    told = {"patients": [str(relation.public_id)]}
    _ok(post(doctor.member, f"doctor/groups/{group}/patients", told))
    broadcast = _ok(post(doctor.member, "doctor/broadcasts", {"text": "您好", "audience": "all"}))
    phrase = _ok(post(doctor.member, "phrases", {"type": "advice", "text": "忌辛辣"}))
    return {
        "patients": relation.public_id,
        "groups": UUID(group),
        "invites": _ok(post(doctor.member, "doctor/invites", {}))["scene"],
        "broadcasts": UUID(broadcast["id"]),
        "phrases": UUID(phrase["id"]),
    }


def _complaint(member: Member, visit: str) -> str:
    """Complain about a visit."""
    told = {"subject": "appointment", "subject_id": visit, "kind": "fee", "text": "收费有误"}
    return str(_ok(post(member, "complaints", told))["id"])


def _person(member: Member, name: str, id_number: str) -> str:
    body = {"name": name, "relation": "self", "gender": "female", "birthday": "1990-03-07"}
    if id_number:
        body["id_number"] = id_number
    public_id = str(_ok(post(member, "visit-persons", body))["id"])
    ready(VisitPerson.objects.get(public_id=public_id))
    return public_id


def _talk(desk: Desk, case_id: str, first: Member, second: Member) -> str:
    talk = Consultation.objects.select_related("conversation").get(public_id=case_id).conversation
    assert talk is not None
    for number, speaker in enumerate((first, second)):
        body = {"cid": f"{case_id[-8:]}-{speaker.public_id}-{number}", "body": "您好"}
        _ok(post(speaker, f"conversations/{talk.public_id}/messages", body))
    return str(talk.public_id)


def _intake(member: Member, case: str) -> str:
    """Fill in the intake of a case that nobody has accepted, with a photo; return its id."""
    form = {"file": SimpleUploadedFile("t.png", samples.image()), "purpose": "intake_photo"}
    photo = str(_ok(member.client.post("/api/v1/files", form, format="multipart"))["id"])
    told = {"earlier_diagnosis": "慢性胃炎", "files": [{"use": "tongue", "id": photo}]}
    path = f"/api/v1/consultations/{case}/intake"
    _ok(member.client.put(path, told, format="json"))
    return photo


def _picture(member: Member, talk_id: str) -> str:
    form = {"file": SimpleUploadedFile("a.png", samples.image())}
    file_id = str(_ok(member.client.post("/api/v1/files", form, format="multipart"))["id"])
    body = {"cid": "picture", "kind": "image", "attachment": file_id}
    _ok(post(member, f"conversations/{talk_id}/messages", body))
    return file_id


def _only(doctor: DoctorMember, other: DoctorMember) -> DoctorMember:
    """Send the other doctor home, so that the next case is the doctor's."""
    _ok(post(other.member, "doctor/presence", {"state": "offline"}))
    return doctor


def _ok(answer: Any) -> Any:
    assert answer.status_code < 300, (answer.status_code, answer.content)
    return answer.json() if answer.content else None
