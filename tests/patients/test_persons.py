"""Visit persons through HTTP: one default, ID numbers unique and hidden, nothing of others."""

import logging
import threading
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from pytest_django import DjangoAssertNumQueries
from rest_framework.test import APIClient

from clinic.accounts.models import User
from clinic.core.clock import now
from clinic.core.invariants import all_invariants
from clinic.core.models import AuditEntry
from clinic.core.roles import Role
from clinic.patients.enums import Gender, Relation
from clinic.patients.models import VisitPerson
from clinic.patients.selectors import default_person
from clinic.patients.services import persons
from clinic.settings import rules
from tests.cast import Member, make_member

PERSONS = "/api/v1/visit-persons"
WOMAN = "11010519491231002X"
MOTHER = {"name": "王秀英", "relation": "family", "id_number": WOMAN}
CHILD = {
    "name": "林小宝",
    "relation": "family",
    "gender": "male",
    "birthday": "2020-06-01",
    "height_cm": "112.5",
    "weight_kg": "19.20",
    "city": "杭州",
    "phone": "138 0013 8000",
}


def _add(member: Member, body: dict[str, Any], **extra: Any) -> Any:
    return member.client.post(PERSONS, body | extra, format="json")


def _id(answer: Any) -> str:
    assert answer.status_code == 201, answer.json()
    return str(answer.json()["id"])


def _defaults(member: Member) -> list[str]:
    rows = member.client.get(PERSONS).json()["results"]
    return [row["name"] for row in rows if row["is_default"]]


@pytest.mark.django_db
def test_a_person_is_stored_as_told_and_the_first_is_the_default(lin: Member) -> None:
    answer = _add(lin, CHILD)

    told = answer.json()
    assert answer.status_code == 201
    assert told["is_default"] is True
    assert (told["gender"], told["birthday"]) == ("male", "2020-06-01")
    assert (told["height_cm"], told["weight_kg"]) == ("112.5", "19.20")
    assert (told["phone"], told["city"], told["id_number_masked"]) == ("+8613800138000", "杭州", "")
    assert lin.client.get(f"{PERSONS}/{told['id']}").json() == told


@pytest.mark.django_db
def test_birthday_and_gender_come_from_the_id_number(lin: Member) -> None:
    told = _add(lin, MOTHER).json()

    assert (told["birthday"], told["gender"]) == ("1949-12-31", "female")
    assert told["id_number_masked"] == "110***********002X"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("extra", "attr"), [({"birthday": "1949-12-30"}, "birthday"), ({"gender": "male"}, "gender")]
)
def test_what_differs_from_the_id_number_is_refused_by_name(
    lin: Member, extra: dict[str, str], attr: str
) -> None:
    adding = _add(lin, MOTHER, **extra)
    stored = _id(_add(lin, MOTHER, birthday="1949-12-31", gender="female"))
    changing = lin.client.patch(f"{PERSONS}/{stored}", extra, format="json")

    for answer in (adding, changing):
        assert answer.status_code == 400
        assert [(e["attr"], e["code"]) for e in answer.json()["errors"]] == [
            (attr, "id_number_mismatch")
        ]


@pytest.mark.django_db
def test_an_id_number_is_encrypted_bound_to_its_row_and_shown_nowhere(lin: Member) -> None:
    added = _add(lin, MOTHER)

    row = VisitPerson.objects.get()
    listed = lin.client.get(PERSONS)
    with connection.cursor() as cursor:
        cursor.execute("SELECT p::text FROM patients_visitperson p")
        stored = cursor.fetchone()[0]
        cursor.execute("SELECT h::text FROM patients_visitpersonhistory h")
        history = cursor.fetchone()[0]
    for text in (added.content.decode(), listed.content.decode(), stored, history, repr(row)):
        assert WOMAN not in text
        assert WOMAN[3:14] not in text
    assert "王秀英" not in history


@pytest.mark.django_db
@pytest.mark.parametrize(
    "again", [WOMAN, WOMAN.lower(), "110105491231002", "１１０１０５１９４９１２３１００２Ｘ"]
)
def test_an_id_number_is_unique_in_one_account_and_free_in_another(
    lin: Member, ge: Member, again: str
) -> None:
    _add(lin, MOTHER)

    same = _add(lin, {"name": "妈妈", "relation": "other", "id_number": again})
    other = _add(ge, MOTHER)

    assert (same.status_code, same.json()["code"]) == (409, "id_number_taken")
    assert other.status_code == 201
    indexes = VisitPerson.objects.values_list("id_number_index", flat=True)
    assert len(set(indexes)) == 1


@pytest.mark.django_db
def test_a_removed_person_frees_the_id_number_and_stays_in_the_table(lin: Member) -> None:
    first = _id(_add(lin, MOTHER))

    removed = lin.client.delete(f"{PERSONS}/{first}")
    again = _add(lin, MOTHER)

    assert (removed.status_code, again.status_code) == (204, 201)
    assert lin.client.get(f"{PERSONS}/{first}").status_code == 404
    assert lin.client.delete(f"{PERSONS}/{first}").status_code == 404
    assert lin.client.patch(f"{PERSONS}/{first}", {"name": "x"}, format="json").status_code == 404
    assert VisitPerson.objects.filter(is_active=False).count() == 1


@pytest.mark.django_db
def test_there_is_always_exactly_one_default(lin: Member) -> None:
    first = _id(_add(lin, MOTHER))
    second = _id(_add(lin, CHILD))
    third = _id(_add(lin, CHILD, name="三", is_default=True))
    after_add = _defaults(lin)
    lin.client.patch(f"{PERSONS}/{second}", {"is_default": True}, format="json")
    after_change = _defaults(lin)
    unset = lin.client.patch(f"{PERSONS}/{second}", {"is_default": False}, format="json")
    lin.client.delete(f"{PERSONS}/{second}")
    after_removal = _defaults(lin)

    assert (after_add, after_change, after_removal) == (["三"], ["林小宝"], ["王秀英"])
    assert (unset.status_code, unset.json()["code"]) == (409, "default_needed")
    person = default_person(lin.user.pk)
    assert person is not None
    assert str(person.public_id) == first
    for gone in (first, third):
        lin.client.delete(f"{PERSONS}/{gone}")
    assert default_person(lin.user.pk) is None
    assert [i.code for i in all_invariants() if i.code == "patients.default" and i.breaches()] == []


@pytest.mark.django_db
def test_the_database_itself_refuses_two_defaults_and_a_default_that_is_off(lin: Member) -> None:
    first, second = (
        VisitPerson.objects.get(public_id=_id(_add(lin, CHILD, name=name))) for name in "一二"
    )

    with pytest.raises(IntegrityError), transaction.atomic():
        VisitPerson.objects.filter(pk=second.pk).update(is_default=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        VisitPerson.objects.filter(pk=first.pk).update(is_active=False)
    with pytest.raises(IntegrityError), transaction.atomic():
        VisitPerson.objects.filter(pk=first.pk).update(id_number_index="x")


@pytest.mark.django_db
def test_an_account_enters_its_owner_once(lin: Member) -> None:
    _add(lin, CHILD, relation="self")

    second = _add(lin, CHILD, relation="self")

    assert (second.status_code, second.json()["code"]) == (409, "self_exists")


@pytest.mark.django_db
def test_the_number_of_persons_is_bounded(lin: Member) -> None:
    for n in range(rules.MAX_VISIT_PERSONS):
        assert _add(lin, CHILD, name=str(n)).status_code == 201

    answer = _add(lin, CHILD, name="too many")

    assert (answer.status_code, answer.json()["code"]) == (409, "too_many_visit_persons")
    assert VisitPerson.objects.count() == rules.MAX_VISIT_PERSONS


@pytest.mark.django_db
def test_changes_keep_what_is_left_out_and_can_clear(lin: Member) -> None:
    stored = _id(_add(lin, MOTHER, height_cm=160, city="上海"))
    address = f"{PERSONS}/{stored}"

    renamed = lin.client.patch(address, {"name": "王秀"}, format="json").json()
    cleared = lin.client.patch(
        address, {"id_number": "", "height_cm": None, "city": "", "birthday": "1950-01-01"},
        format="json",
    ).json()  # fmt: skip

    assert (renamed["name"], renamed["height_cm"], renamed["city"]) == ("王秀", "160.0", "上海")
    assert renamed["id_number_masked"] == "110***********002X"
    assert (cleared["id_number_masked"], cleared["height_cm"], cleared["city"]) == ("", None, "")
    assert cleared["birthday"] == "1950-01-01"


@pytest.mark.django_db
def test_strangers_other_roles_and_nobody_get_nothing(lin: Member, ge: Member, an: Member) -> None:
    stored = _id(_add(lin, MOTHER))
    before = VisitPerson.objects.values().get()
    for address in (f"{PERSONS}/{stored}", f"{PERSONS}/{uuid4()}"):
        for client, status in ((ge.client, 404), (an.client, 403), (APIClient(), 401)):
            assert client.get(address).status_code == status
            assert client.patch(address, {"name": "x"}, format="json").status_code == status
            assert client.delete(address).status_code == status
    doctor = make_member("沈", Role.DOCTOR)
    for client, status in ((doctor.client, 403), (an.client, 403), (APIClient(), 401)):
        assert client.get(PERSONS).status_code == status
        assert client.post(PERSONS, CHILD, format="json").status_code == status

    assert ge.client.get(PERSONS).json()["results"] == []
    assert VisitPerson.objects.values().get() == before


@pytest.mark.django_db
def test_the_owner_of_a_person_cannot_be_chosen_by_the_body(lin: Member, ge: Member) -> None:
    extra = {"account": ge.user.pk, "account_id": ge.user.pk, "user": str(ge.public_id)}

    _add(lin, CHILD, id=str(uuid4()), public_id=str(uuid4()), is_active=False, **extra)

    person = VisitPerson.objects.get()
    assert (person.account_id, person.is_active) == (lin.user.pk, True)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "a\u0007b"),
        ("name", "x" * 61),
        ("relation", "boss"),
        ("gender", 1),
        ("birthday", "2999-01-01"),
        ("birthday", "1899-12-31"),
        ("birthday", "yesterday"),
        ("birthday", 10**18),
        ("height_cm", 10),
        ("height_cm", 261),
        ("height_cm", "NaN"),
        ("height_cm", "1e400"),
        ("height_cm", True),
        ("weight_kg", 0),
        ("weight_kg", "Infinity"),
        ("weight_kg", 501),
        ("phone", "12"),
        ("city", {"a": 1}),
        ("id_number", "110105194912310021"),
        ("id_number", ["1"]),
        ("id_number", "9" * 41),
        ("is_default", "perhaps"),
    ],
)
def test_wrong_values_are_refused_by_name(lin: Member, field: str, value: object) -> None:
    answer = _add(lin, CHILD, **{field: value})

    assert answer.status_code == 400, answer.json()
    assert [error["attr"] for error in answer.json()["errors"]] == [field]
    assert not VisitPerson.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("missing", ["name", "relation", "gender", "birthday"])
def test_what_is_needed_cannot_be_left_out(lin: Member, missing: str) -> None:
    body = {key: value for key, value in CHILD.items() if key != missing}

    answer = _add(lin, body)

    assert answer.status_code == 400
    assert [(e["attr"], e["code"]) for e in answer.json()["errors"]] == [(missing, "required")]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "body", [b"", b"[]", b"null", b"{", b"\xff", b'{"name":"\\u0000"}', b'{"name":"\\ud800"}']
)
def test_no_body_makes_a_500(lin: Member, body: bytes) -> None:
    stored = _id(_add(lin, CHILD))

    for send, address in (
        (lin.client.post, PERSONS),
        (lin.client.patch, f"{PERSONS}/{stored}"),
    ):
        answer = send(address, body, content_type="application/json")
        assert answer.status_code in {200, 400}
    for query in ("page=0", "page=x", "page_size=101", "page=1&page=2", "sort=name", "page=%00"):
        assert lin.client.get(f"{PERSONS}?{query}").status_code == 400


@pytest.mark.django_db
def test_the_list_costs_the_same_queries_for_one_and_for_many(
    lin: Member, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for extra in (1, 10):
        for n in range(extra):
            _add(lin, CHILD, name=f"{extra}-{n}")
        with django_assert_num_queries(2):  # who asks, rows
            rows = lin.client.get(PERSONS).json()["results"]
    assert len(rows) == 11


@pytest.mark.django_db
def test_every_write_is_audited_without_personal_data(lin: Member) -> None:
    stored = _id(_add(lin, MOTHER))
    lin.client.patch(f"{PERSONS}/{stored}", {"name": "王秀", "city": "上海"}, format="json")
    lin.client.delete(f"{PERSONS}/{stored}")

    acts = AuditEntry.objects.filter(subject=f"visit_person:{stored}").order_by("id")

    assert [(act.verb, act.note) for act in acts] == [
        ("add", {}),
        ("change", {"fields": ["city", "name"]}),
        ("remove", {}),
    ]


@pytest.mark.django_db
def test_neither_id_number_nor_name_nor_phone_reaches_the_log(
    lin: Member, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    _add(lin, MOTHER, phone="13800138000")
    _add(lin, MOTHER, phone="13800138000")
    _add(lin, MOTHER, id_number="110105194912310021")

    text = "\n".join(record.getMessage() + str(record.__dict__) for record in caplog.records)

    assert "one_visit_person_per_id_number" in text
    for secret in (WOMAN, "110105194912310021", "13800138000", "王秀英"):
        assert secret not in text


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_parallel_first_persons_leave_exactly_one_default() -> None:
    assert _add_at_once(6) == {"defaults": 1, "stored": 6, "failed": 0}


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_without_the_lock_parallel_first_persons_collide(monkeypatch: pytest.MonkeyPatch) -> None:
    barrier = threading.Barrier(4)
    make_default = persons._make_default

    def all_have_looked(person: VisitPerson) -> None:
        """Go on when every thread has seen that there is no default."""
        barrier.wait(20)
        make_default(person)

    monkeypatch.setattr(persons, "_lock_account", lambda key: User.objects.get(pk=key))
    monkeypatch.setattr(persons, "_make_default", all_have_looked)

    assert _add_at_once(4)["failed"] > 0


def _add_at_once(count: int) -> dict[str, int]:
    member = make_member("林", Role.PATIENT)
    barrier = threading.Barrier(count)
    failed: list[bool] = []

    def run(name: str) -> None:
        told = persons.NewPerson(
            name=name,
            relation=Relation.FAMILY,
            gender=Gender.MALE,
            birthday=now().date(),
        )
        try:
            barrier.wait(20)
            persons.add_person(actor=member.actor, told=told, now=now())
        except IntegrityError:
            failed.append(True)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(str(n),)) for n in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    stored = VisitPerson.objects.filter(account=member.user)
    return {
        "defaults": stored.filter(is_default=True).count(),
        "stored": stored.count(),
        "failed": len(failed),
    }
