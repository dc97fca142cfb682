"""Consents through HTTP: given once, counted by text and age, revoked, exported, kept."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import InternalError, connection, transaction
from django.test.utils import CaptureQueriesContext

from clinic.accounts.services.accounts import anonymise_account
from clinic.core.actor import system_actor
from clinic.core.clock import clinic_day, now
from clinic.core.roles import Role
from clinic.patients.enums import ConsentKind
from clinic.patients.models import Consent, ConsentText, ConsentUse, VisitPerson
from clinic.patients.selectors.consents import missing_texts
from clinic.patients.services.consent_texts import NewText, publish_first_texts, publish_text
from tests.cast import Member, make_member
from tests.doctors.rivals import together
from tests.doctors_cast import DoctorMember
from tests.patients.people import ready

CONSENTS = "/api/v1/consents"
TEXTS = "/api/v1/consent-texts"
BOTH = ["service", "health_data"]
MOTHER = {"guardian_name": "林小月", "guardian_relation": "mother"}


def make_person(member: Member, *, age: int = 30, **fields: Any) -> VisitPerson:
    """Return an unchecked person of the account who agreed to nothing yet."""
    publish_first_texts(now=now(), by=system_actor("test"))
    day = clinic_day(now())
    born = date(day.year - age, day.month, min(day.day, 28))
    told = {"name": "林小月", "gender": "female", "relation": "family", "birthday": born} | fields
    return VisitPerson.objects.create(account=member.user, **told)


def texts(client: Any, *kinds: str) -> list[str]:
    """Return the ids of the texts in force of these kinds."""
    return [text["id"] for text in client.get(TEXTS).json()["results"] if text["kind"] in kinds]


def give(member: Member, person: VisitPerson, *kinds: str, **told: Any) -> Any:
    """Agree to texts of these kinds."""
    body = {"person_id": str(person.public_id), "texts": texts(member.client, *kinds)} | told
    return member.client.post(CONSENTS, body, format="json")


def new_version(kind: str, **after: Any) -> ConsentText:
    """Publish the next version, in force at once or after a while."""
    told = NewText(
        kind=ConsentKind(kind), title_zh="新版", title_en="New", body_zh="新文", body_en="Words"
    )
    return publish_text(
        told=told, effective_from=now() + timedelta(**after), by=system_actor("test")
    )


def missing(person: VisitPerson) -> list[str]:
    """Return the kinds that still wait for a consent."""
    return sorted(text.kind for text in missing_texts(person, now()))


@pytest.mark.django_db
def test_everybody_reads_the_texts_in_force_in_his_language(anonymous: Any) -> None:
    new_version("service", days=1)
    in_force = new_version("guardian")

    shown = {
        language: anonymous.get(TEXTS, headers={"Accept-Language": language}).json()["results"]
        for language in ("zh-hans", "en")
    }

    kinds = [(text["kind"], text["version"]) for text in shown["en"]]
    assert kinds == [("guardian", 2), ("health_data", 1), ("service", 1)]
    assert [shown[one][0]["title"] for one in shown] == ["新版", "New"]
    assert shown["zh-hans"][0]["id"] == str(in_force.public_id)
    assert "第" not in shown["en"][2]["body"]


@pytest.mark.django_db
def test_a_consent_stands_until_it_is_revoked_or_a_new_version_is_in_force(lin: Member) -> None:
    person = make_person(lin)

    first, again = give(lin, person, *BOTH), give(lin, person, *BOTH)

    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert Consent.objects.count() == 2
    assert missing(person) == []
    new_version("service")
    assert missing(person) == ["service"]
    give(lin, person, "service")
    assert missing(person) == []
    health = Consent.objects.get(text__kind="health_data")
    revoked = [lin.client.post(f"{CONSENTS}/{health.public_id}/revoke") for _ in range(2)]
    assert [answer.status_code for answer in revoked] == [200, 200]
    assert revoked[0].json()["revoked_at"] == revoked[1].json()["revoked_at"] is not None
    assert missing(person) == ["health_data"]
    give(lin, person, "health_data")
    assert missing(person) == []
    listed = lin.client.get(CONSENTS).json()["results"]
    assert [row["revoked_at"] is None for row in listed] == [True, True, True, False]


@pytest.mark.django_db
def test_one_revocation_takes_back_every_version_of_the_kind(lin: Member) -> None:
    person = make_person(lin)
    give(lin, person, *BOTH)
    new_version("service")
    give(lin, person, "service")
    newest = Consent.objects.get(text__kind="service", text__version=2)

    lin.client.post(f"{CONSENTS}/{newest.public_id}/revoke")

    standing = Consent.objects.filter(revoked_at=None).values_list("text__kind", flat=True)
    assert list(standing) == ["health_data"]


@pytest.mark.django_db
def test_for_a_child_a_guardian_consents_and_at_fourteen_it_does_so_itself(lin: Member) -> None:
    child = make_person(lin, age=13)
    all_kinds = [*BOTH, "guardian"]

    alone = give(lin, child, *all_kinds)
    given = give(lin, child, *all_kinds, **MOTHER)

    assert (alone.status_code, alone.json()["code"]) == (409, "guardian_consent_needed")
    assert given.status_code == 201
    assert {row["guardian_relation"] for row in given.json()["results"]} == {"mother"}
    assert missing(child) == []
    VisitPerson.objects.update(birthday=make_person(lin, age=14).birthday)
    child.refresh_from_db()
    assert missing(child) == sorted(BOTH)
    own = give(lin, child, *BOTH, **MOTHER)
    assert {row["guardian_name"] for row in own.json()["results"]} == {""}
    assert missing(child) == []


@pytest.mark.django_db
def test_only_texts_in_force_and_own_persons_are_taken(lin: Member, ge: Member) -> None:
    person, foreign = make_person(lin), make_person(ge)
    old = texts(lin.client, "service")
    new_version("service")

    outdated = give(lin, person, "service", texts=old)
    unknown = give(lin, person, "service", texts=[str(uuid4())])
    theirs = give(lin, foreign, *BOTH)
    empty = give(lin, person, texts=[])

    assert {(one.status_code, one.json()["code"]) for one in (outdated, unknown)} == {
        (409, "consent_text_outdated")
    }
    assert theirs.status_code == 400
    assert theirs.json()["errors"][0]["attr"] == "person_id"
    assert empty.status_code == 400
    assert not Consent.objects.exists()


@pytest.mark.django_db
def test_stranger_other_patient_and_doctor_are_refused(
    anonymous: Any, lin: Member, ge: Member, shen: DoctorMember
) -> None:
    person = make_person(lin)
    give(lin, person, *BOTH)
    one = Consent.objects.earliest("pk")

    answers = [
        client.post(f"{CONSENTS}/{one.public_id}/revoke").status_code
        for client in (anonymous, ge.client, shen.client)
    ]

    assert answers == [401, 404, 403]
    assert not Consent.objects.exclude(revoked_at=None).exists()
    for path in (CONSENTS, f"{CONSENTS}/export"):
        assert str(one.public_id) not in ge.client.get(path).content.decode()
        assert [c.get(path).status_code for c in (anonymous, shen.client)] == [401, 403]


@pytest.mark.django_db
def test_the_export_holds_the_words_and_the_list_costs_the_same_for_many(lin: Member) -> None:
    costs = []
    for number in (1, 3):
        for _more in range(number):
            person = make_person(lin, name=f"林{'一二三四'[number]}")
            give(lin, person, *BOTH)
            for consent in Consent.objects.filter(person=person):
                ConsentUse.objects.create(consent=consent, consultation_public_id=uuid4())
        with CaptureQueriesContext(connection) as spent:
            rows = lin.client.get(CONSENTS).json()["results"]
            told = lin.client.get(f"{CONSENTS}/export")
        costs.append(len(spent))

    assert len(rows) == 8
    assert costs[0] == costs[1]
    exported = told.json()["consents"]
    assert "attachment" in told["Content-Disposition"]
    assert len(exported) == 8
    assert all(row["body"] and len(row["consultations"]) == 1 for row in exported)


@pytest.mark.django_db
def test_the_database_changes_nothing_of_what_was_agreed_to(lin: Member) -> None:
    person = ready(make_person(lin))
    consent = Consent.objects.filter(person=person).earliest("pk")
    ConsentUse.objects.create(consent=consent, consultation_public_id=uuid4())
    Consent.objects.filter(pk=consent.pk).update(revoked_at=now())
    deeds: list[Callable[[], object]] = [
        lambda: ConsentText.objects.update(body_zh="别的"),
        lambda: ConsentText.objects.all()._raw_delete("default"),
        lambda: Consent.objects.update(guardian_name="别人"),
        lambda: Consent.objects.filter(pk=consent.pk).update(revoked_at=None),
        lambda: Consent.objects.all()._raw_delete("default"),
        lambda: ConsentUse.objects.update(consultation_public_id=uuid4()),
        lambda: ConsentUse.objects.all()._raw_delete("default"),
    ]

    for deed in deeds:
        with pytest.raises(InternalError), transaction.atomic():
            deed()


@pytest.mark.django_db
def test_a_deleted_account_leaves_consents_that_count_no_longer(
    lin: Member, run_events: Callable[[], int]
) -> None:
    ready(make_person(lin))

    anonymise_account(user_id=lin.user.pk, by=lin.actor, now=now())
    run_events()

    assert Consent.objects.filter(account=lin.user).count() == 2
    assert not Consent.objects.filter(account=lin.user, revoked_at=None).exists()
    assert set(VisitPerson.objects.values_list("real_name_state", flat=True)) == {"stale"}


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_parallel_giving_makes_one_consent_of_each_kind() -> None:
    member = make_member("林小月", Role.PATIENT)
    person = make_person(member)
    body = {"person_id": str(person.public_id), "texts": texts(member.client, *BOTH)}

    answers = together(6, lambda _n: member.client.post(CONSENTS, body, format="json"))

    assert {answer.status_code for answer in answers} == {201}
    assert len({str(answer.json()) for answer in answers}) == 1
    assert Consent.objects.count() == 2


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_two_versions_at_once_are_numbered_apart_or_refused() -> None:
    publish_first_texts(now=now(), by=system_actor("test"))

    def publish(_number: int) -> str:
        try:
            return str(new_version("service").version)
        except Exception as error:  # noqa: BLE001 what the database said is looked at below
            return type(error).__name__

    told = together(4, publish)

    versions = list(ConsentText.objects.filter(kind="service").values_list("version", flat=True))
    assert sorted(versions) == list(range(1, len(versions) + 1))
    assert set(told) - {"IntegrityError"} == {str(one) for one in versions if one > 1}
