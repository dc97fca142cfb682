"""Common phrases: one's own and the house's, in the order of use."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clinic.core.clock import now
from clinic.phrases.models import Phrase, PhraseUse
from clinic.phrases.services.phrases import note_use
from clinic.settings import rules
from tests.cast import Member
from tests.doctors.rivals import together
from tests.doctors_cast import DoctorMember, make_doctor

pytestmark = pytest.mark.django_db


def _add(doctor: DoctorMember, text: str, type_: str = "advice", **told: Any) -> Any:
    body = {"type": type_, "text": text} | told
    return doctor.client.post("/api/v1/phrases", body, format="json")


def _use(doctor: DoctorMember, phrase: str) -> Any:
    return doctor.client.post(f"/api/v1/phrases/{phrase}/use")


def _texts(doctor: DoctorMember, query: str = "") -> list[str]:
    answer = doctor.client.get(f"/api/v1/phrases{query}")
    return [row["text"] for row in answer.json()["results"]]


def test_what_is_used_most_stands_first(shen: DoctorMember, wu: DoctorMember) -> None:
    house = Phrase.objects.create(type="advice", text="忌辛辣")
    mine = _add(shen, "多饮温水").json()["id"]
    _add(shen, "早睡")

    counts = [_use(shen, mine).json()["use_count"] for _ in range(2)]
    _use(shen, str(house.public_id))

    assert counts == [1, 2]
    assert _texts(shen) == ["多饮温水", "忌辛辣", "早睡"]
    assert _texts(wu) == ["忌辛辣"]


def test_phrases_are_listed_by_type(shen: DoctorMember) -> None:
    _add(shen, "胃脘痛（肝胃不和）", "diagnosis")
    _add(shen, "忌辛辣")

    assert _texts(shen, "?type=diagnosis") == ["胃脘痛（肝胃不和）"]
    assert shen.client.get("/api/v1/phrases?type=poem").status_code == 400


def test_the_same_text_is_kept_once_per_type(shen: DoctorMember, wu: DoctorMember) -> None:
    _add(shen, "忌辛辣")

    assert _add(shen, " 忌辛辣 ").json()["code"] == "phrase_exists"
    assert _add(shen, "忌辛辣", "symptom").status_code == 201
    assert _add(wu, "忌辛辣").status_code == 201


def test_a_phrase_is_changed_and_keeps_its_count(shen: DoctorMember) -> None:
    phrase = _add(shen, "忌辛辣").json()["id"]
    _add(shen, "早睡")
    _use(shen, phrase)
    path = f"/api/v1/phrases/{phrase}"

    changed = shen.client.patch(path, {"text": "忌生冷\n忌辛辣", "order": 3}, format="json").json()
    twin = shen.client.patch(path, {"text": "早睡"}, format="json")

    assert (changed["text"], changed["order"], changed["use_count"]) == ("忌生冷\n忌辛辣", 3, 1)
    assert twin.json()["code"] == "phrase_exists"
    assert shen.client.delete(path).status_code == 204
    assert _texts(shen) == ["早睡"]
    assert PhraseUse.objects.count() == 0


@pytest.mark.parametrize(
    "told",
    [
        {"text": ""},
        {"text": " \n "},
        {"text": "长" * 1001},
        {"text": "a\u202eb"},
        {"type": "poem"},
        {"type": None},
        {"order": -1},
        {"order": 10_000},
    ],
)
def test_what_is_no_phrase_is_refused(shen: DoctorMember, told: dict[str, Any]) -> None:
    body = {"type": "advice", "text": "忌辛辣"} | told

    answer = shen.client.post("/api/v1/phrases", body, format="json")

    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_input")
    assert Phrase.objects.count() == 0


def test_there_is_a_limit(shen: DoctorMember) -> None:
    Phrase.objects.bulk_create(
        Phrase(doctor=shen.doctor, type="advice", text=f"{number}")
        for number in range(rules.PHRASES_MAX)
    )

    assert _add(shen, "忌辛辣").json()["code"] == "too_many_phrases"


def test_strangers_patients_and_other_doctors_are_refused(
    shen: DoctorMember, wu: DoctorMember, lin: Member, anonymous: Any
) -> None:
    path = f"/api/v1/phrases/{_add(shen, '忌辛辣').json()['id']}"

    for client, status in ((anonymous, 401), (lin.client, 403), (wu.client, 404)):
        assert client.patch(path, {"text": "x"}, format="json").status_code == status
        assert client.delete(path).status_code == status
        assert client.post(f"{path}/use").status_code == status
    assert _texts(shen) == ["忌辛辣"]


def test_a_phrase_of_the_house_is_used_and_not_changed(shen: DoctorMember) -> None:
    path = f"/api/v1/phrases/{Phrase.objects.create(type='advice', text='忌辛辣').public_id}"

    assert shen.client.patch(path, {"text": "x"}, format="json").status_code == 404
    assert shen.client.delete(path).status_code == 404
    assert shen.client.post(f"{path}/use").json()["is_of_house"] is True


def test_the_list_costs_the_same_for_one_and_for_fifteen(shen: DoctorMember) -> None:
    costs = []
    for count in (1, 14):
        for number in range(count):
            _use(shen, _add(shen, f"{count}-{number}").json()["id"])
        with CaptureQueriesContext(connection) as caught:
            _texts(shen)
        costs.append(len(caught))

    assert costs[0] == costs[1]


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_uses_at_the_same_moment_are_all_counted() -> None:
    """Reading the count and writing it back would lose some."""

    doctor = make_doctor().doctor
    phrase = Phrase.objects.create(doctor=doctor, type="advice", text="忌辛辣")

    together(12, lambda _n: note_use(doctor_id=doctor.pk, phrase_id=phrase.pk, now=now()))

    assert PhraseUse.objects.get().count == 12
