"""Papers of doctors: handed in, reviewed, renewed; who may see them."""

from datetime import timedelta
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries
from rest_framework.test import APIClient

from clinic.core.clock import clinic_day, now
from clinic.core.errors import ClinicError
from clinic.core.models import AuditEntry
from doctors.enums import (
    REQUIRED_CREDENTIALS,
    Certification,
    CredentialKind,
    CredentialReason,
    CredentialState,
)
from doctors.models import Credential, CredentialStep, Doctor
from doctors.services.credentials import approve, reject, revoke
from tests.cast import Member
from tests.doctors.papers import (
    CREDENTIALS,
    ID_NUMBER,
    REVIEWER,
    approved,
    body_of,
    hand_in,
    prove_everything,
    submitted,
    upload,
)
from tests.doctors.rivals import together
from tests.doctors_cast import DoctorMember, make_doctor

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("unlimited")]
LICENCE = CredentialKind.PRACTICE_LICENCE


@pytest.fixture
def novice(db: None) -> DoctorMember:
    """A doctor whom nobody has checked."""
    return make_doctor(
        "方平", online=False, certification=Certification.NONE, licence_valid_until=None
    )


def certification(doctor: DoctorMember) -> str:
    """What the doctor's own profile says."""
    return str(doctor.client.get("/api/v1/doctor/profile").json()["certification"])


def test_a_doctor_is_certified_when_every_required_paper_is_approved(novice: DoctorMember) -> None:
    online = {"state": "online"}
    assert hand_in(novice, LICENCE).status_code == 201
    assert certification(novice) == "pending"
    refused = novice.client.post("/api/v1/doctor/presence", online, format="json")
    assert refused.json()["code"] == "not_certified"

    licence = Credential.objects.get()
    approve(licence.pk, now=now(), by=REVIEWER)
    for kind in sorted(REQUIRED_CREDENTIALS - {LICENCE}):
        assert certification(novice) != "certified"
        approved(novice, kind)

    profile = novice.client.get("/api/v1/doctor/profile").json()
    assert (profile["certification"], profile["practising_since"]) == ("certified", "2015-07-01")
    assert profile["licence_valid_until"] == licence.valid_until.isoformat()
    allowed = novice.client.post("/api/v1/doctor/presence", online, format="json")
    assert allowed.status_code == 200


def test_a_paper_shows_its_files_and_its_history_and_hides_the_id_number(
    novice: DoctorMember,
) -> None:
    card = submitted(novice, CredentialKind.ID_CARD)
    reject(card.pk, reason=CredentialReason.UNREADABLE, now=now(), by=REVIEWER)

    shown = novice.client.get(f"{CREDENTIALS}/{card.public_id}").json()

    assert (shown["state"], shown["reason"]) == ("rejected", "unreadable")
    assert shown["number"] == "110***********2623"
    assert [(step["from_state"], step["to_state"]) for step in shown["history"]] == [
        ("", "pending"), ("pending", "rejected"),
    ]  # fmt: skip
    assert certification(novice) == "rejected"
    card.refresh_from_db()
    assert ID_NUMBER not in card.number_sealed
    notice = novice.client.get("/api/v1/notices").json()["results"][0]
    assert (notice["kind"], notice["subject_id"]) == ("credential_rejected", shown["id"])


def test_a_renewal_replaces_the_old_licence_only_when_it_is_approved(shen: DoctorMember) -> None:
    old = prove_everything(shen)[LICENCE]
    later = clinic_day(now()) + timedelta(days=900)
    new = submitted(shen, LICENCE, valid_until=later.isoformat())
    assert certification(shen) == "certified"

    approve(new.pk, now=now(), by=REVIEWER)

    old.refresh_from_db()
    shen.doctor.refresh_from_db()
    assert (old.state, old.reason) == (CredentialState.REPLACED, CredentialReason.REPLACED)
    assert shen.doctor.licence_valid_until == later


def test_filings_for_several_institutions_stand_side_by_side(shen: DoctorMember) -> None:
    for place in ("香草一店", "香草二店"):
        approved(shen, CredentialKind.MULTI_SITE, institution=place)

    assert Credential.objects.filter(state=CredentialState.APPROVED).count() == 2


def test_a_paper_under_review_is_taken_back_and_handed_in_again(novice: DoctorMember) -> None:
    first = submitted(novice, CredentialKind.PORTRAIT)
    again = hand_in(novice, CredentialKind.PORTRAIT)
    assert (again.status_code, again.json()["code"]) == (409, "credential_pending")

    path = f"{CREDENTIALS}/{first.public_id}/withdraw"
    assert novice.client.post(path).json()["state"] == "withdrawn"
    assert novice.client.post(path).json()["code"] == "illegal_transition"
    assert certification(novice) == "none"
    assert hand_in(novice, CredentialKind.PORTRAIT).status_code == 201


@pytest.mark.parametrize(
    ("kind", "told", "field"),
    [
        (LICENCE, {"scope": ""}, "scope"),
        (LICENCE, {"valid_until": None}, "valid_until"),
        (LICENCE, {"practising_since": "2999-01-01"}, "practising_since"),
        (LICENCE, {"valid_from": "9999-01-01"}, "valid_until"),
        (LICENCE, {"institution": "香草"}, "institution"),
        (CredentialKind.ID_CARD, {"number": "110101199003072624"}, "number"),
        (CredentialKind.ID_CARD, {"back": None}, "back"),
        (CredentialKind.MULTI_SITE, {"institution": ""}, "institution"),
        (CredentialKind.PORTRAIT, {"front": "00000000-0000-0000-0000-000000000000"}, "front"),
        (CredentialKind.PORTRAIT, {"kind": "passport"}, "kind"),
        (CredentialKind.PORTRAIT, {"state": "approved"}, "state"),
    ],
)
def test_what_cannot_be_right_is_refused_by_its_field(
    novice: DoctorMember, kind: CredentialKind, told: dict[str, Any], field: str
) -> None:
    answer = novice.client.post(CREDENTIALS, body_of(novice, kind) | told, format="json")

    assert answer.status_code == 400
    assert field in {error["attr"] for error in answer.json()["errors"]}
    assert not Credential.objects.exists()


def test_a_licence_that_is_over_is_refused(novice: DoctorMember) -> None:
    assert hand_in(novice, LICENCE, valid_until="2020-01-01").json()["code"] == "licence_expired"


def test_a_picture_serves_one_paper_of_its_owner_alone(
    novice: DoctorMember, shen: DoctorMember
) -> None:
    body = body_of(novice, CredentialKind.PORTRAIT)
    stolen = shen.client.post(CREDENTIALS, body, format="json")
    assert novice.client.post(CREDENTIALS, body, format="json").status_code == 201
    twice = novice.client.post(CREDENTIALS, body | {"kind": "title", "number": "1"}, format="json")
    other_use = body_of(novice, CredentialKind.TITLE, front=upload(novice, purpose="chat"))
    strange = novice.client.post(CREDENTIALS, other_use, format="json")

    assert [one.status_code for one in (stolen, twice, strange)] == [400, 400, 400]


def test_only_the_doctor_himself_sees_and_moves_his_papers(
    shen: DoctorMember, wu: DoctorMember, lin: Member, bao: Member, anonymous: APIClient
) -> None:
    paper = submitted(shen, CredentialKind.PORTRAIT)
    one = f"{CREDENTIALS}/{paper.public_id}"
    file = f"/api/v1/files/{paper.front.public_id}"
    clients = (shen.client, wu.client, lin.client, bao.client, anonymous)

    assert [client.get(one).status_code for client in clients] == [200, 404, 403, 403, 401]
    assert [client.get(file).status_code for client in clients] == [200, 404, 404, 404, 401]
    others = clients[1:]
    refused = [client.post(f"{one}/withdraw").status_code for client in others]
    assert refused == [404, 403, 403, 401]
    listed = [client.get(CREDENTIALS).status_code for client in others]
    assert listed == [200, 403, 403, 401]
    assert wu.client.get(CREDENTIALS).json()["count"] == 0
    paper.refresh_from_db()
    assert paper.state == CredentialState.PENDING


def test_the_list_costs_the_same_for_one_paper_and_for_many(
    shen: DoctorMember, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    approved(shen, CredentialKind.TITLE)
    with django_assert_num_queries(4):
        shen.client.get(CREDENTIALS)
    prove_everything(shen)

    with django_assert_num_queries(4):
        assert shen.client.get(CREDENTIALS).json()["count"] == 5


def test_nobody_approves_his_own_paper_and_no_beginner_is_approved(shen: DoctorMember) -> None:
    own = submitted(shen, CredentialKind.TITLE)
    young = submitted(
        shen, LICENCE, practising_since=(clinic_day(now()) - timedelta(days=1000)).isoformat()
    )

    for paper, by, code in (
        (own, shen.actor, "own_credential"), (young, REVIEWER, "practice_too_short"),
    ):  # fmt: skip
        with pytest.raises(ClinicError) as refused:
            approve(paper.pk, now=now(), by=by)
        assert refused.value.code == code
        paper.refresh_from_db()
        assert paper.state == CredentialState.PENDING


def test_a_required_paper_that_is_refused_later_stops_the_work(shen: DoctorMember) -> None:
    papers = prove_everything(shen)

    revoke(papers[LICENCE].pk, reason=CredentialReason.NOT_REGISTERED, now=now(), by=REVIEWER)

    shen.doctor.refresh_from_db()
    assert shen.doctor.certification == Certification.REJECTED
    assert not Doctor.objects.assignable(now()).exists()
    assert shen.doctor.presence.state == "offline"


def test_every_step_is_in_the_audit_log_without_names_and_numbers(shen: DoctorMember) -> None:
    paper = approved(shen, CredentialKind.ID_CARD)

    entries = AuditEntry.objects.filter(subject=f"credential:{paper.public_id}")

    assert set(entries.values_list("verb", flat=True)) == {
        "credential.submit", "credential.approved",
    }  # fmt: skip
    assert ID_NUMBER not in str(list(entries.values()))


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_of_two_reviewers_at_once_one_decides_and_the_other_is_told(shen: DoctorMember) -> None:
    paper = submitted(shen, CredentialKind.TITLE)

    def review(number: int) -> str:
        try:
            if number % 2:
                reject(paper.pk, reason=CredentialReason.MISMATCH, now=now(), by=REVIEWER)
            else:
                approve(paper.pk, now=now(), by=REVIEWER)
        except ClinicError as error:
            return error.code
        return "done"

    told = together(8, review)

    assert sorted(told) == ["done"] + ["illegal_transition"] * 7
    assert CredentialStep.objects.filter(credential=paper, from_state="pending").count() == 1
