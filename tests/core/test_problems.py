"""Every failure is a problem document with a stable code, in the client's language."""

from typing import Any

import pytest
from django.db import DataError, IntegrityError, OperationalError
from django.test import Client
from django.utils import translation
from rest_framework import serializers

from clinic.core.api.problems import as_clinic_error, flatten
from clinic.core.errors import ClinicError, IllegalTransitionError, InvalidInputError


class _Item(serializers.Serializer[Any]):
    count = serializers.IntegerField(min_value=1)


class _Order(serializers.Serializer[Any]):
    name = serializers.CharField()
    items = _Item(many=True)  # type: ignore[assignment]


def test_unknown_addresses_below_the_api_are_problem_documents(client: Client) -> None:
    answer = client.get("/api/v1/nothing-here", headers={"Accept-Language": "en"})

    assert answer.status_code == 404
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] == "not_found"
    assert answer.json()["request_id"] == answer["X-Request-ID"]


def test_the_text_follows_the_language_and_the_code_does_not(client: Client) -> None:
    english = client.get("/api/v1/nothing", headers={"Accept-Language": "en"}).json()
    chinese = client.get("/api/v1/nothing", headers={"Accept-Language": "zh-CN"}).json()

    assert english["code"] == chinese["code"]
    assert english["detail"] != chinese["detail"]
    assert (english["title"], chinese["title"]) == ("Not found", "没有找到内容")


def test_unknown_pages_are_pages_of_the_house_with_a_way_back(client: Client) -> None:
    for language, words in (("en", "There is no such page"), ("zh-CN", "没有这个页面")):
        page = client.get("/nonsense", headers={"Accept-Language": language})

        assert page.status_code == 404
        assert words in page.content.decode()
        assert 'class="button" href="/"' in page.content.decode()
        assert "/admin/" not in page.content.decode()


@pytest.mark.parametrize("query", ["?a=%00", "?a=%EF%BF%BD", "/%00"])
def test_poisoned_addresses_are_refused(client: Client, query: str) -> None:
    assert client.get(f"/api/v1/nothing{query}").status_code in {400, 404}


def test_nested_field_errors_are_flat() -> None:
    serializer = _Order(data={"items": [{"count": 1}, {"count": 0}]})
    assert not serializer.is_valid()
    with pytest.raises(serializers.ValidationError) as refused:
        serializer.is_valid(raise_exception=True)

    found = {item["attr"]: item["code"] for item in flatten(refused.value.get_full_details())}

    assert found == {"name": "required", "items.1.count": "min_value"}


@pytest.mark.parametrize(
    ("error", "status"),
    [(OperationalError(), 503), (DataError(), 400), (IntegrityError(), 409)],
)
def test_database_errors_have_a_name(error: Exception, status: int) -> None:
    named = as_clinic_error(error)

    assert named is not None
    assert named.status == status


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_no_error_is_without_a_sentence(language: str) -> None:
    with translation.override(language):
        for code in ("invalid", "required", "not_known", "min_length"):
            assert InvalidInputError("name", code=code).extra["errors"][0]["detail"]
        assert all(str(error.message).strip() for error in _below(ClinicError))


def _below(error: type[ClinicError]) -> list[type[ClinicError]]:
    return [error, *(found for kind in error.__subclasses__() for found in _below(kind))]


def test_a_forbidden_move_tells_the_allowed_ones() -> None:
    error = IllegalTransitionError(state="draft", allowed=["cancelled", "pending_payment"])

    assert error.status == 409
    assert error.extra == {"state": "draft", "allowed": ["cancelled", "pending_payment"]}
