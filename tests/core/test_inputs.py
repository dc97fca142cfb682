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
