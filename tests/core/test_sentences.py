"""What the API says of a field is said in good Chinese, also where the framework has the words."""

from typing import Any

import pytest
from django.utils.translation import override
from rest_framework import fields, serializers
from rest_framework.test import APIClient

from clinic.core.api.inputs import validated
from clinic.core.api.sentences import SENTENCES
from tests.cast import Member

OFFICIAL = ("该字段", "合法", "请确保", "期望", "无效数据")
USED = (
    serializers.BooleanField, serializers.CharField, serializers.ChoiceField,
    serializers.DateField, serializers.DateTimeField, serializers.DecimalField,
    serializers.DictField, serializers.DurationField, serializers.EmailField,
    serializers.IntegerField, serializers.JSONField, serializers.ListField,
    serializers.MultipleChoiceField, serializers.RegexField, serializers.SlugField,
    serializers.TimeField, serializers.URLField, serializers.UUIDField, serializers.Serializer,
    serializers.ListSerializer,
)  # fmt: skip
# Of settings or Python, never of what somebody sent us.
NEVER_SAID = {
    'Invalid datetime for the timezone "{timezone}".',
    'Enter a valid "slug" consisting of Unicode letters, numbers, underscores, or hyphens.',
}


def test_the_house_has_its_own_words_for_each_fault_of_a_field() -> None:
    with override("en"):
        said = {
            str(sentence)
            for used in USED
            for base in used.__mro__
            if base.__module__.startswith("rest_framework.")
            for sentence in getattr(base, "default_error_messages", {}).values()
        }

    assert said - set(SENTENCES) - NEVER_SAID == set()
    with override("zh-hans"):
        told = {sentence: str(fields._(sentence)) for sentence in SENTENCES}
    assert [one for one in told.values() if any(word in one for word in OFFICIAL)] == []


class Form(serializers.Serializer[Any]):
    """A field of each common kind."""

    name = serializers.CharField(max_length=3)
    note = serializers.CharField()
    number = serializers.IntegerField(max_value=9)
    kind = serializers.ChoiceField(choices=["a", "b"])
    rows = serializers.ListField(child=serializers.IntegerField(), min_length=1)
    day = serializers.DateField()


def test_faults_are_told_in_plain_words() -> None:
    body = {"name": "four", "note": " ", "number": 10, "kind": "c", "rows": [], "day": "morgen"}
    told = {}
    for language in ("zh-hans", "en"):
        with override(language), pytest.raises(serializers.ValidationError) as refused:
            validated(Form, body, {}, refuses_unknown_fields=True)
        told[language] = {name: str(one[0]) for name, one in refused.value.detail.items()}

    assert told["zh-hans"] == {
        "name": "最多 3 个字符。",
        "note": "此项不能留空。",
        "number": "不能大于 9。",
        "kind": "没有“c”这个选项。可选值：a, b。",
        "rows": "至少 1 项。",
        "day": "日期格式不正确，请按 YYYY-MM-DD 填写。",
    }
    assert told["en"]["number"] == "Ensure this value is less than or equal to 9."


@pytest.mark.django_db
def test_a_missing_field_is_asked_for(lin: Member, anonymous: APIClient) -> None:
    answer = anonymous.post(
        "/api/v1/auth/login", {}, format="json", headers={"Accept-Language": "zh-hans"}
    )

    told = {one["attr"]: one["detail"] for one in answer.json()["errors"]}
    assert told["phone"] == "请填写此项。"
