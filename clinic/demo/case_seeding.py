"""Cases of the demo, walked through the services of everybody. Safe to run again."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from io import BytesIO
from typing import Final
from uuid import UUID

from django.db import transaction
from PIL import Image, ImageDraw

from chat.services.messages import send_message
from clinic.accounts.models import User
from clinic.core.actor import Actor
from clinic.core.errors import ClinicError
from clinic.core.ids import uuid7
from clinic.core.roles import Role
from clinic.demo.actors import actor_of
from clinic.demo.case_people import CASES, Course, DemoCase
from clinic.files.services.storing import store_file
from clinic.patients.models import VisitPerson
from consultations.enums import HoldReason, IntakeUse, Kind, TransferReason
from consultations.models import Consultation
from consultations.selectors.intakes import PURPOSE_OF
from consultations.services.acceptance import accept
from consultations.services.assignment import assign_doctor
from consultations.services.closing import complete, refer_offline
from consultations.services.following_up import plan
from consultations.services.holds import hold
from consultations.services.initiation import Intake, initiate
from consultations.services.intake import Form, give_intake
from consultations.services.ordering import create_order_for, open_paid
from consultations.services.reviewing import review
from consultations.services.transferring import accept_transfer, offer_transfer
from doctors.enums import IdentityMethod
from doctors.models import Doctor, IdentityCheck
from payments.enums import ProofKind
from payments.models import PaymentOrder
from payments.services.attempts import pay_from_balance
from payments.services.offline import Receipt, settle_by_receipt
from payments.services.top_ups import create_top_up

TOP_UP_FEN: Final = 20_000
Doctors = Mapping[str, Doctor]


def seed_cases(now: datetime, *, cashier: User) -> None:
    """Store the cases that are missing; each is a transaction, and all of it or nothing."""
    told = {case.complaint: case for case in CASES}
    known = Consultation.objects.filter(complaint__in=told).values_list("complaint", flat=True)
    wanted = [told[words] for words in told.keys() - set(known)]
    if not wanted:
        return
    doctors = {doctor.name: doctor for doctor in Doctor.objects.select_related("user")}
    for name in {name for case in wanted for name in (case.doctor, case.colleague) if name}:
        # As after the check by password, which costs time for its hash.
        IdentityCheck.objects.create(
            doctor=doctors[name], method=IdentityMethod.PASSWORD, passed_at=now
        )
    for case in sorted(wanted, key=CASES.index):
        try:
            with transaction.atomic():
                _live(case, doctors, cashier, now)
        except ClinicError:
            continue  # staff took something away that it needs


def _live(told: DemoCase, doctors: Doctors, cashier: User, now: datetime) -> None:
    persons = VisitPerson.objects.select_related("account").order_by("pk")
    person = persons.filter(account__phone=f"+86{told.phone}", is_active=True).first()
    if person is None:
        return
    patient, doctor = actor_of(person.account, Role.PATIENT), _as_doctor(doctors[told.doctor])
    key = _draft(told, person, doctors[told.doctor])
    order = create_order_for(key, actor=patient).order
    if order is not None:
        _pay(order, patient, cashier, now)
    open_paid(key)
    assign_doctor(key)
    if told.course is Course.REFERRED:
        refer_offline(key, actor=doctor)
        return
    case = accept(key, actor=doctor, fits_revisit=True)
    _say(case, doctor, told.reply)
    GO_ON[told.course](case, told, patient, doctors)


def _draft(told: DemoCase, person: VisitPerson, doctor: Doctor) -> int:
    """Return the key of a new case with its intake."""
    patient = actor_of(person.account, Role.PATIENT)
    case, _is_new = initiate(
        actor=patient,
        intake=Intake(
            person_id=person.public_id,
            kind=Kind.TEXT_CHOSEN,
            doctor_id=doctor.public_id,
            complaint=told.complaint,
        ),
    )
    photos = tuple((use, _photo(patient, use)) for use in told.photos)
    give_intake(case.pk, actor=patient, form=Form(**told.intake, files=photos))
    return case.pk


def _pay(order: PaymentOrder, patient: Actor, cashier: User, now: datetime) -> None:
    """Fill the balance with cash at the counter, and pay from it."""
    top_up = create_top_up(actor=patient, amount_fen=TOP_UP_FEN)
    receipt = Receipt(
        kind=ProofKind.CASH,
        reference=f"DEMO-{top_up.number}",
        received_at=now,
        confirmed_by_id=cashier.pk,
    )
    settle_by_receipt(top_up.pk, receipt, actor=actor_of(cashier, Role.FINANCE), moment=now)
    pay_from_balance(order.pk, actor=patient)


def _complete(case: Consultation, told: DemoCase, patient: Actor, doctors: Doctors) -> None:
    _say(case, patient, "好的，明白了，谢谢医生！")
    done = complete(case.pk, actor=_as_doctor(doctors[told.doctor]), told=dict(told.record))
    review(done, actor=patient, stars=told.stars, tags=[], text=told.review)


def _follow_up(case: Consultation, told: DemoCase, patient: Actor, doctors: Doctors) -> None:
    _complete(case, told, patient, doctors)
    done = Consultation.objects.get(pk=case.pk)
    for days, text in ((7, "这一周血压怎么样？头晕有没有减轻？"), (30, "请告诉我这个月的情况。")):
        due_at = (done.ended_at or done.created_at) + timedelta(days=days)
        plan(case.pk, actor=_as_doctor(doctors[told.doctor]), due_at=due_at, text=text)


def _hold(case: Consultation, _told: DemoCase, patient: Actor, _doctors: Doctors) -> None:
    wanted = timedelta(hours=20)
    hold(case.pk, actor=patient, reason=HoldReason.EXAMINATION, wanted=wanted)


def _transfer(case: Consultation, told: DemoCase, _patient: Actor, doctors: Doctors) -> None:
    before, after = doctors[told.doctor], doctors[told.colleague]
    offer = offer_transfer(
        case.pk,
        to=after.public_id,
        reason=TransferReason.NOT_MY_FIELD,
        note="头晕、血压高，请协助。",
        actor=_as_doctor(before),
    )
    taken = accept_transfer(offer, actor=_as_doctor(after))
    _say(taken, _as_doctor(after), "您好，我接着为您看，先说说头晕的情况。")


GO_ON: Final[Mapping[Course, Callable[[Consultation, DemoCase, Actor, Doctors], None]]] = {
    Course.COMPLETED: _complete,
    Course.FOLLOWED_UP: _follow_up,
    Course.HELD: _hold,
    Course.TRANSFERRED: _transfer,
}


def _say(case: Consultation, who: Actor, words: str) -> None:
    if case.conversation is not None:
        send_message(
            actor=who,
            conversation_public_id=case.conversation.public_id,
            client_id=str(uuid7()),
            kind="text",
            body=words,
        )


def _as_doctor(doctor: Doctor) -> Actor:
    return actor_of(doctor.user, Role.DOCTOR)


def _photo(patient: Actor, use: IntakeUse) -> UUID:
    """Upload a drawing of what the photo of a patient would show."""
    image = Image.new("RGB", (320, 240), "#f2d5c4")
    pen = ImageDraw.Draw(image)
    if use is IntakeUse.TONGUE:
        pen.rounded_rectangle((95, 40, 225, 215), 62, fill="#d98880", outline="#b7655c", width=3)
        pen.line((160, 60, 160, 190), fill="#c0756b", width=2)
        pen.ellipse((125, 70, 195, 140), fill="#f0e2da")
    elif use is IntakeUse.FACE:
        pen.ellipse((85, 20, 235, 225), fill="#f7e0cf", outline="#c9a48c", width=3)
        pen.arc((125, 130, 195, 190), 20, 160, fill="#b7655c", width=3)
        for left in (120, 185):
            pen.ellipse((left, 95, left + 16, 107), fill="#5d4037")
    else:
        pen.rectangle((60, 20, 260, 220), fill="#ffffff", outline="#888888", width=2)
        for top in range(50, 200, 20):
            pen.line((80, top, 240, top), fill="#999999")
    out = BytesIO()
    image.save(out, "PNG")
    name = f"demo-{use.value}.png"
    return store_file(
        actor=patient, purpose=PURPOSE_OF[use], name=name, data=out.getvalue()
    ).public_id
