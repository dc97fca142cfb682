"""People without a Chinese ID number: a document handed in, reviewed by staff, then an order."""

import json
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
import time_machine
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import Error as DatabaseError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from rest_framework.test import APIClient

from clinic.accounts.events import AccountAnonymised
from clinic.core.clock import clinic_day, now
from clinic.core.errors import ClinicError, IllegalTransitionError
from clinic.core.models import AuditEntry
from clinic.core.roles import Role
from clinic.notifications.models import Notice
from clinic.patients.enums import DocumentKind, DocumentReason
from clinic.patients.handlers import forget_persons_of_account
from clinic.patients.models import IdentityDocument, VisitPerson
from clinic.patients.rules import (
    DocumentNumberError,
    check_digit,
    mask_document_number,
    read_document_number,
)
from clinic.patients.services import documents
from clinic.patients.services.consent_texts import publish_first_texts
from clinic.patients.services.picture_removal import remove_refused_pictures
from clinic.patients.tasks import remove_pictures
from clinic.privacy.services.exports import build_exports
from clinic.settings import rules
from tests.cast import Member, make_member
from tests.console.conftest import browser
from tests.console.test_steps import page_of, take
from tests.consultations.conftest import COMPLAINT, Desk, post, set_price
from tests.doctors.rivals import together
from tests.doctors_cast import DoctorMember
from tests.files.samples import image
from tests.privacy.test_own_archive import fetched, opened

PERSONS = "/api/v1/visit-persons"
NUMBER = "E12345678"
CARD = "91101011990030726"


@pytest.fixture
def person(lin: Member) -> str:
    """A friend of Lin from abroad."""
    told = {
        "name": "John Smith",
        "relation": "friend",
        "gender": "male",
        "birthday": "1990-03-07",
    }
    return str(lin.client.post(PERSONS, told, format="json").json()["id"])


@pytest.fixture
def desk(db: None, run_events: Callable[[], int]) -> Desk:
    """A desk in a clinic that has a price."""
    set_price()
    return Desk(run_events)


def _upload(member: Member) -> str:
    form = {"file": SimpleUploadedFile("a.png", image()), "purpose": "identity_document"}
    answer = member.client.post("/api/v1/files", form, format="multipart")
    assert answer.status_code == 201, answer.json()
    return str(answer.json()["id"])


def _hand_in(member: Member, person: str, **told: Any) -> Any:
    body = {"kind": "passport", "number": NUMBER, "front": _upload(member)} | told
    return member.client.post(f"{PERSONS}/{person}/documents", body, format="json")


def _row(member: Member, person: str, **told: Any) -> IdentityDocument:
    answer = _hand_in(member, person, **told)
    assert answer.status_code == 201, answer.json()
    return IdentityDocument.objects.get(public_id=answer.json()["id"])


def _state(member: Member, person: str) -> str:
    return str(member.client.get(f"{PERSONS}/{person}").json()["real_name_state"])


def _consent(member: Member, person: str) -> None:
    publish_first_texts(now=now(), by=member.actor)
    texts = member.client.get("/api/v1/consent-texts").json()["results"]
    told = [one["id"] for one in texts if one["kind"] != "guardian"]
    answer = post(member, "consents", {"person_id": person, "texts": told})
    assert answer.status_code in {200, 201}, answer.json()


@pytest.mark.django_db
def test_who_has_a_passport_orders_once_staff_has_approved_it(
    desk: Desk, lin: Member, an: Member, person: str
) -> None:
    started = {"person_id": person, "kind": "text_fast", "complaint": COMPLAINT}
    case = post(lin, "consultations", started).json()["consultation"]["id"]
    order = f"consultations/{case}/order"
    needed = post(lin, order).json()
    assert (needed["code"], needed["real_name_state"]) == ("real_name_needed", "none")
    _consent(lin, person)

    path = needed["documents"].removeprefix(f"{PERSONS}/").removesuffix("/documents")
    document = _row(lin, path)
    assert _hand_in(lin, person).json()["code"] == "document_pending"
    assert post(lin, order).json()["real_name_state"] == "pending"

    console = browser(an.user)
    page = page_of(console, document).content.decode()
    assert NUMBER in page
    assert "John Smith" in page
    picture = reverse("admin:patients_identitydocument_picture", args=[document.pk, "front"])
    assert console.get(picture).status_code == 200
    read = AuditEntry.objects.filter(verb="identity_document.read", patient=lin.public_id)
    assert [one.note["how"] for one in read.order_by("id")] == ["console", "console.front"]
    take(console, document, "approve")
    desk.run_events()

    assert _state(lin, person) == "verified"
    assert Notice.objects.filter(user=lin.user, kind="document_approved").count() == 1
    shown = lin.client.get(f"{PERSONS}/{person}/documents").json()["results"][0]
    assert (shown["number_masked"], shown["state"]) == ("E1*****78", "approved")
    assert [step["to_state"] for step in shown["history"]] == ["pending", "approved"]
    assert NUMBER not in str(IdentityDocument.objects.values().get())
    assert post(lin, order).status_code == 200
    assert _hand_in(lin, person).json()["code"] == "document_not_needed"


@pytest.mark.django_db
def test_a_refusal_says_why_and_another_document_may_follow(
    desk: Desk, lin: Member, an: Member, person: str
) -> None:
    console, first = browser(an.user), _row(lin, person)

    take(console, first, "reject", reason="whatever")
    assert _state(lin, person) == "pending"
    take(console, first, "reject", reason="unreadable")
    late = take(console, first, "approve").content.decode()
    desk.run_events()

    assert "this step is not possible" in late
    assert _state(lin, person) == "failed"
    assert Notice.objects.filter(user=lin.user, kind="document_rejected").count() == 1
    shown = lin.client.get(f"{PERSONS}/{person}/documents").json()["results"]
    assert (shown[0]["state"], shown[0]["reason"]) == ("rejected", "unreadable")
    second = _row(lin, person)
    take(console, second, "approve")
    assert _state(lin, person) == "verified"
    take(console, second, "revoke", reason="not_genuine")
    assert _state(lin, person) == "failed"


@pytest.mark.django_db
def test_what_was_proved_ends_with_the_document_and_with_another_name(
    lin: Member, an: Member, person: str
) -> None:
    until = clinic_day(now()) + timedelta(days=30)
    console, told = browser(an.user), {"valid_until": until.isoformat()}
    take(console, _row(lin, person, **told), "approve")
    assert _state(lin, person) == "verified"
    with time_machine.travel(now() + timedelta(days=31), tick=False):
        row = VisitPerson.objects.get(public_id=person)
        assert documents.state_of(row, now()) == "stale"

    renamed = lin.client.patch(f"{PERSONS}/{person}", {"name": "Jon Smith"}, format="json")
    assert renamed.json()["real_name_state"] == "stale"
    waiting = _row(lin, person)
    lin.client.patch(f"{PERSONS}/{person}", {"birthday": "1991-03-07"}, format="json")
    waiting.refresh_from_db()
    assert (waiting.state, waiting.reason) == ("withdrawn", "person_changed")
    assert "this step is not possible" in take(console, waiting, "approve").content.decode()


@pytest.mark.django_db
def test_strangers_other_patients_and_doctors_see_no_document(
    lin: Member, ge: Member, shen: DoctorMember, anonymous: APIClient, person: str
) -> None:
    mine = _upload(lin)
    document = _row(lin, person, front=mine)
    path = f"{PERSONS}/{person}/documents"

    assert ge.client.get(path).status_code == 404
    assert _hand_in(ge, person).status_code == 404
    assert [shen.client.get(path).status_code, anonymous.get(path).status_code] == [403, 401]
    files = [one.client.get(f"/api/v1/files/{mine}").status_code for one in (lin, ge, shen)]
    assert files == [200, 404, 404]
    for role in (Role.CUSTOMER_SERVICE, Role.FINANCE, Role.AUDITOR):
        staff = browser(make_member("同事", role, is_staff=True).user)
        assert page_of(staff, document).status_code == (200 if role == Role.AUDITOR else 403)
        assert take(staff, document, "approve").status_code == 403
    document.refresh_from_db()
    assert document.state == "pending"


@pytest.mark.django_db
def test_nobody_reviews_a_document_of_his_own_account(an: Member) -> None:
    told = {"name": "An Ning", "relation": "self", "gender": "female", "birthday": "1990-03-07"}
    row = VisitPerson.objects.create(account=an.user, is_default=True, **told)
    document = documents.submit(
        actor=an.actor, person_id=row.pk, now=now(),
        told=documents.ToldDocument(
            kind=DocumentKind.PASSPORT, number=NUMBER, front=UUID(_upload(an)),
        ),
    )  # fmt: skip

    answer = take(browser(an.user), document, "approve").content.decode()

    assert "A colleague reviews" in answer


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("told", "attr", "code"),
    [
        ({"number": "护照"}, "number", "invalid"),
        ({"kind": "taiwan_permit"}, "number", "invalid"),
        ({"kind": "id_card"}, "kind", "invalid_choice"),
        ({"kind": "birth_certificate", "number": "T330123456"}, "kind", "too_old"),
        ({"valid_until": "2020-01-01"}, "valid_until", "ended"),
        ({"front": "00000000-0000-4000-8000-000000000000"}, "front", "invalid"),
    ],
)
def test_nonsense_is_refused_and_nothing_is_stored(
    told: dict[str, str], attr: str, code: str, lin: Member, person: str
) -> None:
    refused = _hand_in(lin, person, **told)

    assert refused.status_code == 400, refused.json()
    fault = refused.json()["errors"][0]
    assert (fault["attr"], fault["code"]) == (attr, code)
    assert (IdentityDocument.objects.count(), _state(lin, person)) == (0, "none")


@pytest.mark.parametrize(
    ("kind", "text", "number"),
    [
        ("passport", "ｅ1234 5678", "E12345678"),
        ("hk_macau_permit", "h01234567", "H01234567"),
        ("hk_macau_permit", "M0123456702", "M0123456702"),
        ("taiwan_permit", "01234567", "01234567"),
        ("taiwan_permit", "0123456789(B)", "0123456789B"),
        ("residence_card", "USA110001010112", "USA110001010112"),
        ("residence_card", CARD + check_digit(CARD), CARD + check_digit(CARD)),
        ("birth_certificate", "t330123456", "T330123456"),
    ],
)
def test_numbers_are_read_as_documents_bear_them(kind: str, text: str, number: str) -> None:
    assert read_document_number(kind, text) == number
    masked = mask_document_number(number)
    assert (len(masked), masked[2:-2].strip("*")) == (len(number), "")


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("passport", "E1"),
        ("hk_macau_permit", "A01234567"),
        ("taiwan_permit", "H01234567"),
        ("residence_card", CARD + ("0" if check_digit(CARD) != "0" else "1")),
        ("birth_certificate", "3301234567"),
    ],
)
def test_other_numbers_are_of_no_such_document(kind: str, text: str) -> None:
    with pytest.raises(DocumentNumberError):
        read_document_number(kind, text)


@pytest.mark.django_db
def test_a_newborn_is_proved_by_the_birth_certificate(lin: Member, an: Member) -> None:
    born = clinic_day(now()) - timedelta(days=20)
    told = {
        "name": "林小宝",
        "relation": "family",
        "gender": "male",
        "birthday": born.isoformat(),
    }
    baby = str(lin.client.post(PERSONS, told, format="json").json()["id"])

    document = _row(lin, baby, kind="birth_certificate", number="T330123456")
    take(browser(an.user), document, "approve")

    assert _state(lin, baby) == "verified"


@pytest.mark.django_db
def test_the_list_costs_the_same_with_more_documents(lin: Member, an: Member, person: str) -> None:
    path = f"{PERSONS}/{person}/documents"

    def cost() -> int:
        with CaptureQueriesContext(connection) as sent:
            assert lin.client.get(path).status_code == 200
        return len(sent)

    _row(lin, person)
    before = cost()
    for _number in range(2):
        row = IdentityDocument.objects.get(state="pending")
        documents.reject(row.pk, reason=DocumentReason.UNREADABLE, now=now(), by=an.actor)
        _row(lin, person)

    assert cost() == before


@pytest.mark.django_db
def test_a_deleted_account_leaves_no_number_and_no_picture(lin: Member, person: str) -> None:
    document = _row(lin, person)

    forget_persons_of_account(AccountAnonymised(user_id=lin.user.pk))

    document.refresh_from_db()
    assert (document.state, document.reason) == ("withdrawn", "person_removed")
    assert (document.number_sealed, document.number_index, document.front.name) == ("", "", "")


@pytest.mark.django_db
@pytest.mark.parametrize("verb", ["reject", "approve"])
def test_pictures_of_a_refused_document_go_in_time_and_the_archive_lists_it(
    lin: Member, an: Member, person: str, verb: str
) -> None:
    document = _row(lin, person, back=_upload(lin))
    console = browser(an.user)
    take(console, document, verb, **({"reason": "mismatch"} if verb == "reject" else {}))
    document.refresh_from_db()
    refused_at = document.reviewed_at
    assert refused_at is not None

    with time_machine.travel(refused_at + rules.REFUSED_PICTURES_KEPT, tick=False):
        early = remove_refused_pictures(now() - timedelta(seconds=1))
        remove_pictures()
        again = remove_refused_pictures(now())
    document.refresh_from_db()

    is_gone = verb == "reject"
    assert (early, again) == (0, 0)
    for side in (document.front, document.back):
        assert side is not None
        assert (side.name == "") is is_gone
        assert storages["files"].exists(side.stored_as) is not is_gone
    assert AuditEntry.objects.filter(verb="identity_document.forget").count() == is_gone
    page = page_of(console, document).content.decode()
    assert ("The pictures were removed" in page) is is_gone
    post(lin, "privacy/exports")
    build_exports()
    shown = lin.client.get("/api/v1/privacy/exports").json()["results"][0]
    (row,) = json.loads(opened(fetched(lin, shown["id"])).read("data/identity_documents.json"))
    assert (row["kind"], row["state"], row["visit_person"]) == ("passport", document.state, person)
    assert NUMBER not in str(row)


def _reviewed_at_once(lin: Member, an: Member) -> list[Any]:
    """Let one approve and one refuse at once; return what came of both."""
    row = VisitPerson.objects.create(
        account=lin.user, name="John Smith", gender="male", birthday=date(1990, 3, 7),
        relation="friend", is_default=True,
    )  # fmt: skip
    document = _row(lin, str(row.public_id))

    def work(number: int) -> Any:
        try:
            if number:
                return documents.approve(document.pk, now=now(), by=an.actor).state
            reason = DocumentReason.MISMATCH
            return documents.reject(document.pk, reason=reason, now=now(), by=an.actor).state
        except (ClinicError, DatabaseError) as error:
            return error

    return together(2, work)


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_of_two_reviews_at_once_the_second_is_told(lin: Member, an: Member) -> None:
    outcomes = _reviewed_at_once(lin, an)

    # An approval that comes first may be taken back by the refusal, which then is a revocation.
    refused = [one for one in outcomes if isinstance(one, IllegalTransitionError)]
    assert not any(isinstance(one, DatabaseError) for one in outcomes)
    assert len(refused) == 1 or sorted(outcomes) == ["approved", "rejected"]


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_without_the_lock_reviews_fall_over_each_other(
    lin: Member, an: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    def read_only(_account_id: int, person_id: int) -> VisitPerson:
        return VisitPerson.objects.get(pk=person_id)

    def slow_move(document: IdentityDocument, *args: Any, **told: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(0.2)")
        move(document, *args, **told)

    move = documents._move
    monkeypatch.setattr(documents, "locked_person", read_only)
    monkeypatch.setattr(documents, "_move", slow_move)

    outcomes = _reviewed_at_once(lin, an)

    assert any(isinstance(one, DatabaseError) for one in outcomes)
