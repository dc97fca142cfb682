"""An identity document of a demo person that waits for a review. Safe to run again."""

from datetime import date, datetime, timedelta
from typing import Final

from clinic.accounts.models import User
from clinic.core.clock import clinic_day
from clinic.core.roles import Role
from clinic.demo.actors import actor_of
from clinic.demo.drawing import draw_card
from clinic.files.services.storing import store_file
from clinic.patients.enums import DocumentKind, Gender, Relation
from clinic.patients.models import IdentityDocument, VisitPerson
from clinic.patients.selectors.documents import PURPOSE
from clinic.patients.services.documents import ToldDocument, submit
from clinic.patients.services.persons import NewPerson, add_person

OWNER: Final = "+8613700000001"
NAME, NUMBER, BORN = "MARTIN CLAIRE", "P00DEM0012", date(1988, 9, 12)
ENDS_IN: Final = timedelta(days=4 * 365)
COLOUR: Final = "#e0d3c9"


def seed_documents(now: datetime) -> None:
    """Let a friend from abroad of the first demo patient hand in a passport."""
    owner = User.objects.filter(phone=OWNER).first()
    if owner is None or IdentityDocument.objects.filter(person__account=owner).exists():
        return
    actor = actor_of(owner, Role.PATIENT)
    person = VisitPerson.objects.filter(account=owner, name=NAME, is_active=True).first()
    if person is None:
        told = NewPerson(name=NAME, relation=Relation.FRIEND, gender=Gender.FEMALE, birthday=BORN)
        person = add_person(actor=actor, told=told, now=now)
    data = draw_card(COLOUR, f"DEMO PASSPORT {NAME} {BORN.isoformat()} {NUMBER}")
    picture = store_file(actor=actor, purpose=PURPOSE, name="passport.png", data=data)
    passport = ToldDocument(
        kind=DocumentKind.PASSPORT,
        number=NUMBER,
        front=picture.public_id,
        valid_until=clinic_day(now) + ENDS_IN,
    )
    submit(actor=actor, person_id=person.pk, told=passport, now=now)
