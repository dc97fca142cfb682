"""Serializers that are used again answer like new ones."""

from typing import Any

import pytest
from django.utils import translation
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.test import APIClient

from clinic.core.api.inputs import validated
from clinic.core.errors import InvalidInputError


class Words(serializers.Serializer[Any]):
    """One short word, and who is asked."""

    word = serializers.CharField(max_length=3)
    more = serializers.ListField(child=serializers.IntegerField(), default=list)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        return attrs | {"asked": self.context["actor"]}


def read(body: object, actor: str = "lin") -> dict[str, Any]:
    return validated(Words, body, {"actor": actor}, refuses_unknown_fields=True)


def test_nothing_of_one_body_is_left_for_the_next() -> None:
    first = read({"word": "one", "more": [1, 2]})
    second = read({"word": "two"}, actor="shen")

    assert first == {"word": "one", "more": [1, 2], "asked": "lin"}
    assert second == {"word": "two", "more": [], "asked": "shen"}
    with pytest.raises(ValidationError):
        read({})
    with pytest.raises(InvalidInputError):
        read({"word": "one", "unknown": 1})
    assert read({"word": "six"})["word"] == "six"


class Stretch(serializers.Serializer[Any]):
    """A row with an object in it."""

    start = serializers.IntegerField()
    place = Words(required=False)


class Week(serializers.Serializer[Any]):
    """Rows, told in two ways, and what takes any names."""

    hours = serializers.ListField(child=Stretch(), default=list)
    days = Stretch(many=True, required=False)
    free = serializers.JSONField(required=False)


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ({"hours": [{"start": 1}, {"start": 2, "colour": 3}]}, "hours.1.colour"),
        ({"days": [{"start": 1, "color": 3}]}, "days.0.color"),
        (
            {"hours": [{"start": 1, "place": {"word": "one", "x" * 50: 1}}]},
            f"hours.0.place.{'x' * 40}",
        ),
    ],
)
def test_what_is_not_known_is_refused_in_rows_too(body: dict[str, Any], where: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        validated(Week, body, {"actor": "lin"}, refuses_unknown_fields=True)

    (fault,) = refused.value.extra["errors"]
    assert (fault["attr"], fault["code"]) == (where, "unknown")


def test_rows_that_are_no_rows_and_open_objects_are_left_to_their_fields() -> None:
    found = validated(Week, {"free": [{"any": 1}]}, {"actor": "lin"}, refuses_unknown_fields=True)
    assert found["free"] == [{"any": 1}]
    with pytest.raises(ValidationError):
        validated(Week, {"hours": ["nine"]}, {"actor": "lin"}, refuses_unknown_fields=True)


def test_each_refusal_speaks_the_language_of_its_request() -> None:
    told = []
    for language in ("en", "zh-hans", "en"):
        with translation.override(language):
            read({"word": "one"})
            with pytest.raises(ValidationError) as refused:
                read({"word": "four"})
            told.append(str(refused.value.detail))

    assert told[0] == told[2] != told[1]


@pytest.mark.django_db
def test_a_body_of_null_is_told_in_the_reader_s_language_what_is_missing() -> None:
    client = APIClient(headers={"Accept-Language": "zh-Hans"})

    answer = client.post("/api/v1/auth/login", "null", content_type="application/json")

    assert answer.status_code == 400
    told = answer.json()["errors"]
    assert {one["attr"] for one in told} >= {"phone"}
    assert all("provided" not in one["detail"] for one in told)
